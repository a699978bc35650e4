// Small facts of days that nearly every answer says: what was observed of them, by which rules they were classified, when they begin, which
// notes they have. Each costs as much as a small chart: a server asks for all days at once, as long as the data stay as they are.
import { type Annotation, MOST_NOTES, readAnnotations } from '../../store/annotations.ts';
import type { Connection } from '../../store/database.ts';
import { type ObservedBucket, observedBuckets } from '../../store/questions/observed.ts';
import {
  beginningsOfDays,
  daySpan,
  type RangeInstants,
  type RangeScope,
  rangeInstants,
  rulesByDay,
  rulesOfRange,
} from '../../store/questions/range.ts';
import { dayNumber } from './days.ts';
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

export async function rulesOf(db: Connection, scope: RangeScope): Promise<string[]> {
  if (!isRemembering(db)) return rulesOfRange(db, scope);
  const [from, to] = [dayNumber(scope.from), dayNumber(scope.to)];
  const rules = await rulesByDay(db, scope.sensors);
  return rules.filter(({ days }) => days.some((day) => day >= from && day <= to)).map(({ version }) => version);
}

/** For days with packets and those between them all beginnings are known; about others the database is asked. */
export async function instantsOf(db: Connection, scope: RangeScope): Promise<RangeInstants> {
  const span = isRemembering(db) ? await daySpan(db, scope.sensors) : undefined;
  if (span === undefined || scope.from < span.first || scope.to > span.last) return rangeInstants(db, scope);
  const beginnings = await beginningsOfDays(db, span, scope.timeZone);
  const beginning = (day: number) => beginnings[day - dayNumber(span.first)] as number;
  return { start: beginning(dayNumber(scope.from)), end: beginning(dayNumber(scope.to) + 1) };
}

export async function notesOf(db: Connection, from: string, to: string): Promise<Annotation[]> {
  const notes = isRemembering(db) ? await readAnnotations(db, EVER.from, EVER.to) : [];
  if (!isRemembering(db) || notes.length === MOST_NOTES) return readAnnotations(db, from, to);
  return notes.filter(({ day }) => day >= from && day <= to);
}
