// What was observed of days and months. Nearly every answer says it, and working it out takes as long as the rest of many: a server does so
// for all days at once, as long as the data stay as they are.
import type { Connection } from '../../store/database.ts';
import { type ObservedBucket, observedBuckets } from '../../store/questions/observed.ts';
import type { RangeScope } from '../../store/questions/range.ts';
import { isRemembering } from './remembered.ts';

/** As far as the two days about it are times, too. */
const EVER = { from: '1970-01-03', to: '2106-01-01' };

/** Days by their date, months by their first day; those in which nothing was heard are left out. */
export async function observedOf(db: Connection, scope: RangeScope, scale: 'day' | 'month'): Promise<ObservedBucket[]> {
  if (!isRemembering(db)) return observedBuckets(db, scope, scale);
  const { sensors, timeZone } = scope;
  const days = await observedBuckets(db, { sensors, timeZone, ...EVER }, 'day');
  const between = days.filter(({ bucket }) => bucket >= scope.from && bucket <= scope.to);
  if (scale === 'day') return between;
  const months = new Map<string, number>();
  for (const { bucket, observedSeconds } of between) {
    const month = `${bucket.slice(0, 7)}-01`;
    months.set(month, (months.get(month) ?? 0) + observedSeconds);
  }
  return [...months].map(([bucket, observedSeconds]) => ({ bucket, observedSeconds }));
}
