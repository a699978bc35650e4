// A span of days and the sensors asked about: the scope of every question that is not about whole years.
import type { Connection } from '../database.ts';
import { DAYS, SENSORS } from './conditions.ts';

export interface RangeScope {
  sensors: string[];
  /** First and last day, YYYY-MM-DD, in the sensors' time zone. */
  from: string;
  to: string;
  /** Cuts days and months: the sensors' own, or UTC where they differ. */
  timeZone: string;
}

export interface DaySpan {
  first: string;
  last: string;
}

export async function daySpan(db: Connection, sensors: readonly string[]): Promise<DaySpan | undefined> {
  const [row] = await db.query<DaySpan & { days: number }>(
    `-- From which to which day are there packets?
     SELECT toString(min(day)) AS first, toString(max(day)) AS last, count() AS days
     FROM days WHERE ${SENSORS} AND packets > 0`,
    { sensors },
  );
  return row !== undefined && row.days > 0 ? { first: row.first, last: row.last } : undefined;
}

export interface RangeInstants {
  /** Seconds since 1970 at which the first day begins and the last one ends. */
  start: number;
  end: number;
}

export async function rangeInstants(db: Connection, { from, to, timeZone }: RangeScope): Promise<RangeInstants> {
  const [row] = await db.query<RangeInstants>(
    `-- When do these days begin and end?
     SELECT toUnixTimestamp(toDateTime({from:Date}, {timeZone:String})) AS start,
       toUnixTimestamp(toDateTime({to:Date} + 1, {timeZone:String})) AS end`,
    { from, to, timeZone },
  );
  return row as RangeInstants;
}

/** When each of these days begins, and the one after the last: seconds since 1970. */
export async function beginningsOfDays(db: Connection, { first, last }: DaySpan, timeZone: string): Promise<number[]> {
  const [row] = await db.query<{ beginnings: number[] }>(
    `-- When does each of these days begin?
     SELECT arrayMap(day -> toUnixTimestamp(toDateTime(toDate(day), {timeZone:String})),
       range(toUInt32({first:Date}), toUInt32({last:Date}) + 2)) AS beginnings`,
    { first, last, timeZone },
  );
  return row?.beginnings ?? [];
}

export async function rulesOfRange(db: Connection, { sensors, from, to }: RangeScope): Promise<string[]> {
  const [row] = await db.query<{ rulesVersions: string[] }>(
    `-- By which rules were these days classified?
     SELECT arraySort(groupUniqArray(rulesVersion)) AS rulesVersions
     FROM days FINAL WHERE ${DAYS}`,
    { sensors, from, to },
  );
  return row?.rulesVersions ?? [];
}

/** Days are counted from 1970. */
export function rulesByDay(db: Connection, sensors: readonly string[]): Promise<{ version: string; days: number[] }[]> {
  return db.query(
    `-- By which rules was each day classified?
     SELECT toString(rulesVersion) AS version, groupUniqArray(toUInt16(day)) AS days
     FROM days FINAL WHERE ${SENSORS} GROUP BY version ORDER BY version`,
    { sensors },
  );
}

/**
 * What can change an answer: days, months and years made anew, units counted, files read, rules of sensors, notes, old rows dropped, a sensor
 * that listens, groups.
 */
const STATES: readonly (readonly [state: string, table: string])[] = [
  ['max(version)', 'days'],
  ['max(version)', 'months'],
  ['max(version)', 'years'],
  ['count()', 'ledger'],
  ['sum(ingested)', 'files'],
  ['max(changed)', 'sensors'],
  ['max(changed)', 'annotations'],
  ['(max(started), sum(state))', 'dropped'],
  ['sum(observedSeconds)', 'coverage'],
  ['max(changed)', 'sensorGroups'],
];

/** Changes with everything that can change an answer. */
export async function dataVersion(db: Connection): Promise<string> {
  const rows = await db.query<{ place: number; state: string }>(
    `-- In which state are the data?
     ${STATES.map(([state, table], place) => `SELECT ${place} AS place, toString(${state}) AS state FROM ${table}`).join(' UNION ALL ')}`,
  );
  return rows
    .sort((a, b) => a.place - b.place)
    .map(({ state }) => state)
    .join('.');
}
