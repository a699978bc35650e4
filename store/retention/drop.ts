// Drops months, and writes down by sensor and day how many packets went: the account counts them on, and days made from them stay.
// First the record (state 0), then the drop, then the record again (state 1). Cut off in between, the account shows which it was.
import { clusterOf } from '../cluster.ts';
import type { Connection } from '../database.ts';
import { type Cluster, localName, onCluster } from '../ddl.ts';
import { dropText } from '../delete-rows.ts';
import { staleDays, staleMonths } from '../finalise/stale.ts';
import { droppedBySensor } from '../questions/dropped.ts';
import { heldCounts } from '../questions/stored.ts';
import { readSensors, type Sensor } from '../sensors.ts';
import type { SensorMonth } from './plan.ts';
import { holdsSketches, packetsOf, RETAINED, type RetainedTable } from './rules.ts';

/** @returns what was left, since days of it are not finalised yet */
export async function dropMonths(db: Connection, months: readonly SensorMonth[], held: readonly SensorMonth[]) {
  await settlePending(db);
  const sensors = await readSensors(db);
  const left: SensorMonth[] = [];
  for (const portion of byPartition(months)) {
    const ready: SensorMonth[] = [];
    for (const month of portion) (await isReady(db, month, sensors)) ? ready.push(month) : left.push(month);
    const [one] = ready;
    if (one === undefined) continue;
    const others = held.some(
      (row) => row.table === one.table && row.month === one.month && !ready.some(({ sensor }) => sensor === row.sensor),
    );
    await dropPortion(db, ready, sensors, others);
  }
  return left;
}

function byPartition(months: readonly SensorMonth[]): SensorMonth[][] {
  const portions = new Map<string, SensorMonth[]>();
  for (const month of months) {
    const key = `${month.table} ${month.month}`;
    portions.set(key, [...(portions.get(key) ?? []), month]);
  }
  return [...portions.values()];
}

/** Flows go only when all days that are made from them are made, sketches when their month is. */
async function isReady(db: Connection, { table, sensor, month }: SensorMonth, sensors: readonly Sensor[]) {
  const known = sensors.find((one) => one.sensor === sensor);
  if (known === undefined) return false;
  if (holdsSketches(table)) {
    const stale = await staleMonths(db, sensor);
    return !stale.some((one) => one.month.startsWith(monthText(month)));
  }
  if (table !== 'flows') return true;
  const [first, last] = [monthText(month - 1), monthText(month + 1)];
  const stale = await staleDays(db, known);
  // days in the sensor's time zone reach a day beyond the month: its neighbours' days are looked at too
  return !stale.some(({ day }) => day.slice(0, 7) >= first && day.slice(0, 7) <= last);
}

function monthText(month: number): string {
  const [year, number] = [Math.floor(month / 100), month % 100];
  return new Date(Date.UTC(year, number - 1, 1)).toISOString().slice(0, 7);
}

async function dropPortion(
  db: Connection,
  months: readonly SensorMonth[],
  sensors: readonly Sensor[],
  others: boolean,
) {
  const { table, month } = months[0] as SensorMonth;
  const started = Date.now();
  const names = months.map(({ sensor }) => sensor);
  for (const sensor of sensors.filter((one) => names.includes(one.sensor)))
    await record(db, table, month, sensor, started);
  await db.command(dropStatement(table, month, others, await clusterOf(db)), { names });
  await settle(db, { tableName: table, month, started }, DROPPED);
}

/** @param others whether the month has rows of other sensors, which stay */
export function dropStatement(table: string, month: number, others: boolean, cluster: Cluster | undefined): string {
  if (!others) return dropText(table, month, cluster);
  const rows = `${localName(table, cluster)}${onCluster(cluster)}`;
  return `ALTER TABLE ${rows} DELETE IN PARTITION ${month} WHERE sensor IN {names:Array(String)} SETTINGS mutations_sync = 2`;
}

const DROPPED = 1;
const STILL_THERE = 2;

/** Flows and minutes by the days of the sensor. */
function dayIn(table: RetainedTable): string {
  const column = RETAINED[table];
  return column === 'day' ? 'day' : `toDate(${column}, {timeZone:String})`;
}

async function record(db: Connection, table: RetainedTable, month: number, sensor: Sensor, started: number) {
  await db.command(
    `INSERT INTO dropped (sensor, tableName, day, month, started, packets, state)
     SELECT {sensor:String}, '${table}', ${dayIn(table)} AS ofDay, {month:UInt32}, {started:UInt64}, ${packetsOf(table)}, 0
     FROM ${table} WHERE sensor = {sensor:String} AND toYYYYMM(${RETAINED[table]}) = {month:UInt32} GROUP BY ofDay`,
    { sensor: sensor.sensor, timeZone: sensor.timeZone, month, started },
  );
}

interface Pending {
  tableName: string;
  month: number;
  started: number;
}

async function settle(db: Connection, pending: Pending, state: number): Promise<void> {
  await db.command(
    `INSERT INTO dropped (sensor, tableName, day, month, started, packets, state)
     SELECT sensor, tableName, day, month, started, packets, {state:UInt8} FROM dropped FINAL
     WHERE tableName = {tableName:String} AND month = {month:UInt32} AND started = {started:UInt64} AND state = 0`,
    { ...pending, state },
  );
}

/** What a run that was cut off was about to drop: the account of a sensor balances with it where it is gone, and without it where not. */
async function settlePending(db: Connection): Promise<void> {
  const all = await db.query<Pending & { sensors: string[] }>(
    `-- Which drops were begun and not ended?
     SELECT tableName, month, started, groupUniqArray(sensor) AS sensors
     FROM dropped FINAL WHERE state = 0 GROUP BY tableName, month, started`,
  );
  for (const pending of all) {
    let gone = true;
    for (const sensor of pending.sensors) if (!(await isGone(db, pending, sensor))) gone = false;
    await settle(db, pending, gone ? DROPPED : STILL_THERE);
  }
}

const HELD = { flows: 'flows', minutes: 'minutes', darkDays: 'dark' } as const;

/** Nothing was dropped where the table's packets are all that were counted, but those dropped before. */
async function isGone(db: Connection, { tableName, month }: Pending, sensor: string): Promise<boolean> {
  if (!Object.hasOwn(HELD, tableName)) {
    const [row] = await db.query<{ left: number }>(
      `-- Are its rows still there?
       SELECT count() AS left FROM ${tableName} WHERE sensor = {sensor:String} AND toYYYYMM(day) = {month:UInt32}`,
      { sensor, month },
    );
    return row?.left === 0;
  }
  const held = await heldCounts(db, sensor);
  const dropped = (await droppedBySensor(db)).find((row) => row.sensor === sensor && row.tableName === tableName);
  return held[HELD[tableName as keyof typeof HELD]] + (dropped?.packets ?? 0) !== held.counted;
}
