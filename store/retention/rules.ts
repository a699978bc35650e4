// How long tables are kept: nothing is dropped that has no rule, and what figures are made from has none.
import type { Connection } from '../database.ts';
import { UsageError } from '../usage-error.ts';

/** Tables that may be dropped month by month, and the column that says of which month a row is. No finalised figure is read from them. */
export const RETAINED = {
  flows: 'hour',
  minutes: 'minute',
  darkDays: 'day',
  sourceDays: 'day',
  portSketches: 'day',
  categorySketches: 'day',
} as const;
export type RetainedTable = keyof typeof RETAINED;
export const RETAINED_TABLES = Object.keys(RETAINED) as RetainedTable[];

/** For a sensor that runs for years on one machine: flows and sketches of days for 90 days, minutes for a year, sources and dark addresses for two. */
export const LIVE_RULES: readonly Limits[] = [
  { tableName: 'flows', days: 90, bytes: 0 },
  { tableName: 'minutes', days: 365, bytes: 0 },
  { tableName: 'darkDays', days: 730, bytes: 0 },
  { tableName: 'sourceDays', days: 730, bytes: 0 },
  { tableName: 'portSketches', days: 90, bytes: 0 },
  { tableName: 'categorySketches', days: 90, bytes: 0 },
];

/** What a table holds of the packets, as the account sums it. */
export function packetsOf(table: RetainedTable): string {
  return holdsSketches(table) ? 'toUInt64(0)' : 'sum(packets)';
}

/** Sources and no packets; months are made of them. */
export function holdsSketches(table: RetainedTable): boolean {
  return table === 'portSketches' || table === 'categorySketches';
}

export interface RetentionRule extends Limits {
  /** Empty for all sensors that have no rule of their own. */
  sensor: string;
}

export interface Limits {
  tableName: RetainedTable;
  /** 0 = for ever. */
  days: number;
  /** Most room on disk, all sensors together; 0 = no limit. */
  bytes: number;
}

/** @throws UsageError for a table that is kept for ever */
export function checkedTable(name: string): RetainedTable {
  if (Object.hasOwn(RETAINED, name)) return name as RetainedTable;
  throw new UsageError(`${name} is kept for ever: ${RETAINED_TABLES.join(', ')} may be dropped`);
}

export function readRetention(db: Connection): Promise<RetentionRule[]> {
  return db.query(
    `-- How long is each table kept?
     SELECT tableName, sensor, days, bytes FROM retention FINAL WHERE days > 0 OR bytes > 0 ORDER BY tableName, sensor`,
  );
}

export async function writeRetention(db: Connection, rules: readonly RetentionRule[]): Promise<void> {
  for (const rule of rules) {
    await db.command(
      `INSERT INTO retention (tableName, sensor, days, bytes, changed)
       SELECT {tableName:String}, {sensor:String}, {days:UInt32}, {bytes:UInt64}, {changed:UInt64}`,
      { ...rule, changed: Date.now() },
    );
  }
}

/** Those given take the place of stored ones for the same table and sensor. */
export function mergedRules(stored: readonly RetentionRule[], given: readonly RetentionRule[]): RetentionRule[] {
  const same = (a: RetentionRule, b: RetentionRule) => a.tableName === b.tableName && a.sensor === b.sensor;
  return [...stored.filter((rule) => !given.some((other) => same(rule, other))), ...given];
}
