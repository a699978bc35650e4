// What retention would free: whole months (UTC) of a sensor in a table, the oldest first.
import { clusterOf } from '../cluster.ts';
import type { Connection } from '../database.ts';
import { localName } from '../ddl.ts';
import { packetsOf, RETAINED, RETAINED_TABLES, type RetainedTable, type RetentionRule } from './rules.ts';

/** A sensor's rows of a month in a table. */
export interface SensorMonth {
  table: RetainedTable;
  sensor: string;
  /** 202001. */
  month: number;
  rows: number;
  packets: number;
  /** Its share of the partition's room on disk. */
  bytes: number;
}

/** All that could be dropped. */
export async function heldMonths(db: Connection): Promise<SensorMonth[]> {
  const held = [];
  for (const table of RETAINED_TABLES) held.push(...(await monthsOf(db, table)));
  return held;
}

async function monthsOf(db: Connection, table: RetainedTable): Promise<SensorMonth[]> {
  const cluster = await clusterOf(db);
  const parts = cluster ? `cluster('${cluster.name}', system.parts)` : 'system.parts';
  return db.query(
    `-- How much is there of each sensor and month, and how much room does it take?
     SELECT '${table}' AS table, held.sensor AS sensor, held.month AS month, rows, packets,
       toUInt64(round(bytes * rows / sum(rows) OVER (PARTITION BY month))) AS bytes
     FROM (
       SELECT sensor, toYYYYMM(${RETAINED[table]}) AS month, count() AS rows, ${packetsOf(table)} AS packets FROM ${table} GROUP BY sensor, month
     ) AS held
     LEFT JOIN (
       SELECT toUInt32OrZero(partition) AS month, sum(bytes_on_disk) AS bytes
       FROM ${parts} WHERE active AND database = currentDatabase() AND table = '${localName(table, cluster)}' GROUP BY month
     ) AS disk ON disk.month = held.month
     ORDER BY month, sensor`,
  );
}

/** @param now milliseconds since 1970 */
export function droppable(held: readonly SensorMonth[], rules: readonly RetentionRule[], now: number): SensorMonth[] {
  return RETAINED_TABLES.flatMap((table) => {
    const months = held.filter((month) => month.table === table);
    const rulesOf = rules.filter(({ tableName }) => tableName === table);
    const aged = months.filter((month) => {
      const rule = rulesOf.find(({ sensor }) => sensor === month.sensor) ?? rulesOf.find(({ sensor }) => sensor === '');
      return rule !== undefined && rule.days > 0 && monthEnd(month.month) <= now - rule.days * DAY_MS;
    });
    const most = rulesOf.find(({ sensor, bytes }) => sensor === '' && bytes > 0)?.bytes;
    return most === undefined ? aged : overSize(months, aged, most);
  });
}

/** Oldest months first until the rest has room; the newest month stays, since it is written to. */
function overSize(months: readonly SensorMonth[], aged: readonly SensorMonth[], most: number): SensorMonth[] {
  const newest = Math.max(...months.map(({ month }) => month));
  const dropped = new Set(aged);
  let left = months.reduce((sum, month) => sum + (dropped.has(month) ? 0 : month.bytes), 0);
  for (const month of months) {
    if (left <= most || month.month === newest) break;
    if (dropped.has(month)) continue;
    dropped.add(month);
    left -= month.bytes;
  }
  return months.filter((month) => dropped.has(month));
}

const DAY_MS = 86_400_000;

/** The first instant after a month. */
function monthEnd(month: number): number {
  return Date.UTC(Math.floor(month / 100), month % 100, 1);
}
