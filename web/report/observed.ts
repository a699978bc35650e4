// What was observed of days and months. Nearly every answer says it, and it takes as long as the rest of many: a server works it out once
// for each state of the data.
import type { Connection } from '../../store/database.ts';
import { type ObservedBucket, observedBuckets } from '../../store/questions/observed.ts';
import type { RangeScope } from '../../store/questions/range.ts';

/** All days of some sensors, by what tells the sensors and the state of the data. */
type Known = Map<string, Promise<ObservedBucket[]>>;

interface Memory {
  known: Known;
  /** The state the data were last seen in; empty until somebody has looked. */
  version(): string;
}

/** Different choices of sensors that are kept. */
const MOST = 20;
/** As far as the two days about it are times, too. */
const EVER = { from: '1970-01-03', to: '2106-01-01' };
const memories = new WeakMap<Connection, Memory>();

/** From now on what was observed is worked out once for each version. */
export function rememberObserved(db: Connection, version: () => string): void {
  memories.set(db, { known: new Map(), version });
}

/** Days by their date, months by their first day; those in which nothing was heard are left out. */
export async function observedOf(db: Connection, scope: RangeScope, scale: 'day' | 'month'): Promise<ObservedBucket[]> {
  const memory = memories.get(db);
  const version = memory?.version();
  if (!memory || !version) return observedBuckets(db, scope, scale);
  const days = await daysOf(db, memory, version, scope);
  const between = days.filter(({ bucket }) => bucket >= scope.from && bucket <= scope.to);
  if (scale === 'day') return between;
  const months = new Map<string, number>();
  for (const { bucket, observedSeconds } of between) {
    const month = `${bucket.slice(0, 7)}-01`;
    months.set(month, (months.get(month) ?? 0) + observedSeconds);
  }
  return [...months].map(([bucket, observedSeconds]) => ({ bucket, observedSeconds }));
}

function daysOf(db: Connection, { known }: Memory, version: string, { sensors, timeZone }: RangeScope) {
  const key = JSON.stringify([version, timeZone, sensors]);
  const found = known.get(key);
  if (found) return found;
  if (known.size >= MOST) known.clear();
  const days = observedBuckets(db, { sensors, timeZone, ...EVER }, 'day');
  known.set(key, days);
  days.catch(() => known.delete(key));
  return days;
}
