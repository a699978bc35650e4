// Which sensors and days a question is about: checked once, with the span that is meant where none is given.
import type { Connection } from '../../store/database.ts';
import { sensorsNamed } from '../../store/groups.ts';
import type { ObservedBucket } from '../../store/questions/observed.ts';
import { daySpan, type RangeScope } from '../../store/questions/range.ts';
import type { Sensor } from '../../store/sensors.ts';
import { UsageError } from '../../store/usage-error.ts';
import { addDays, daysBetween } from './days.ts';
import { instantsOf, observedOf, rulesOf } from './every-day.ts';
import type { RangeFacts } from './shape-range.ts';

export interface RangeQuery {
  /** Without it: so many days up to `to` as the question's `days` says. */
  from?: string;
  /** Without it the last day with packets. */
  to?: string;
  /** Empty for all sensors. */
  sensors: string[];
}

export const MOST_DAYS = 40 * 366;
const NO_DATA = 'there is no data yet: run umbrascope ingest first';

/**
 * @param days of the span when no `from` is given
 * @throws UsageError for unknown sensors, and spans that are none
 */
export async function checkedRange(db: Connection, query: RangeQuery, days: number): Promise<RangeScope> {
  const { sensors, timeZone } = await checkedSensors(db, query.sensors);
  if (sensors.length === 0) throw new UsageError(NO_DATA);
  const { from, to } =
    query.from && query.to ? { from: query.from, to: query.to } : await usualSpan(db, query, sensors, days);
  if (from > to) throw new UsageError(`from=${from}&to=${to}: the first day comes after the last`);
  if (daysBetween(from, to) > MOST_DAYS) throw new UsageError(`from=${from}&to=${to}: at most 40 years at once`);
  return { sensors, timeZone, from, to };
}

async function usualSpan(db: Connection, query: RangeQuery, sensors: string[], days: number) {
  const span = await daySpan(db, sensors);
  if (span === undefined) throw new UsageError(NO_DATA);
  const to = query.to ?? span.last;
  const earliest = addDays(to, -(days - 1));
  const latestOf = [earliest, span.first].sort()[1] ?? to;
  return { from: query.from ?? [latestOf, to].sort()[0] ?? to, to };
}

/** @throws UsageError for a name that is neither a sensor's nor a group's */
export async function checkedSensors(
  db: Connection,
  names: readonly string[],
): Promise<{ sensors: string[]; timeZone: string; known: Sensor[] }> {
  const known = await sensorsNamed(db, names);
  const zones = new Set(known.map(({ timeZone }) => timeZone));
  return {
    sensors: known.map(({ sensor }) => sensor),
    timeZone: zones.size === 1 ? ([...zones][0] as string) : 'UTC',
    known,
  };
}

/** @param buckets of the whole span, where the report asks for them anyway */
export async function rangeFacts(
  db: Connection,
  scope: RangeScope,
  buckets: Promise<ObservedBucket[]> = observedOf(db, scope, 'month'),
): Promise<RangeFacts> {
  const [rulesVersions, observed, instants] = await Promise.all([rulesOf(db, scope), buckets, instantsOf(db, scope)]);
  const seconds = observed.reduce((sum, { observedSeconds }) => sum + observedSeconds, 0);
  const { from, to, timeZone, sensors } = scope;
  const coverage = (100 * seconds) / (instants.end - instants.start);
  return { from, to, timeZone, sensors, rulesVersions, coverage };
}
