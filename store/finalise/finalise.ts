// Finalising: from flows to the tables that charts read. Idempotent, atomic for each sensor-day, and run again when late packets arrive.

import { type Connection, NotAllowed } from '../database.ts';
import { deleteRows, dropPartition } from '../delete-rows.ts';
import { MOST_PARTITIONS } from '../partitions.ts';
import { readSensors, type Sensor } from '../sensors.ts';
import { together } from '../together.ts';
import { chosenDays, HAS_IPV6 } from './chosen.ts';
import { CATEGORY_DAYS, DAYS, MADE_FROM, type MadeFrom, PORT_DAYS } from './days.ts';
import { makePortHits } from './hits.ts';
import { CATEGORY_MONTHS, MONTHS, PORT_MONTHS, PORT_YEARS, YEARS } from './months.ts';
import { CATEGORY_SKETCHES, makePortSketches } from './sketches.ts';
import { makeSourceDays, partsOfSources } from './sources.ts';
import { type StaleDay, staleDays, staleMonths, staleYears } from './stale.ts';

/** Days made by one set of statements: bounded in packets, so that memory is, and in months, which are partitions. */
const MOST_PACKETS = 50_000_000;
const MOST_DAYS = 400;
/** Parts of the sources that are made beside each other, each by one thread. */
const PARTS_AT_ONCE = 2;

/**
 * Finalises every stale day and month of every sensor; returns the number of sensor-days made. Who may only read reads the days as they
 * were made last.
 */
export async function finaliseStale(db: Connection): Promise<number> {
  let made = 0;
  try {
    for (const sensor of await readSensors(db)) made += await finaliseSensor(db, sensor);
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
  }
  return made;
}

/** The same of one sensor. */
export async function finaliseSensor(db: Connection, sensor: Sensor): Promise<number> {
  const stale = await staleDays(db, sensor);
  for (const portion of portions(stale)) await finaliseDays(db, sensor, portion);
  await finaliseMonths(db, sensor.sensor);
  await finaliseYears(db, sensor.sensor);
  return stale.length;
}

const DAY_TABLES = ['sourceDays', 'portDays', 'portSketches', 'categoryDays', 'categorySketches'];

async function finaliseDays(db: Connection, sensor: Sensor, stale: StaleDay[]): Promise<void> {
  const days = stale.map(({ day }) => day);
  const span = { ...sensor, days, first: days[0], last: days.at(-1) };
  const packets = stale.reduce((sum, { counted }) => sum + counted, 0);
  const [version, parts, ofIpv6] = await together([
    newVersion(db, sensor.sensor),
    partsOfSources(db, chosenDays(days.length), span, packets),
    db.query(HAS_IPV6, span),
  ]);
  const chosen = chosenDays(days.length, ofIpv6.length > 0);
  const parameters = { ...span, version };
  const make = (statement: string) => db.command(statement, parameters);
  for (let part = 0; part < parts.length; part += PARTS_AT_ONCE)
    await together(parts.slice(part, part + PARTS_AT_ONCE).map((one) => make(makeSourceDays(chosen, one))));
  await make(makePortHits(chosen));
  await make(PORT_DAYS);
  await together([make(makePortSketches(chosen)), make(CATEGORY_DAYS)]);
  const switchDays = async () => {
    const [made] = await together([db.query<MadeFrom>(MADE_FROM, parameters), make(CATEGORY_SKETCHES)]);
    await db.command(DAYS, {
      ...parameters,
      packets: made.map((day) => day.packets),
      addresses: made.map((day) => day.addresses),
    });
  };
  await together([switchDays(), dropPartition(db, 'portHits', version)]);
  const again = stale.filter((day) => day.again).map(({ day }) => day);
  await forget(db, DAY_TABLES, 'day', sensor.sensor, again, version);
}

async function finaliseMonths(db: Connection, sensor: string): Promise<void> {
  const [stale, version] = await together([staleMonths(db, sensor), newVersion(db, sensor)]);
  if (stale.length === 0) return;
  const months = stale.map(({ month }) => month);
  const seen = stale.map((month) => month.seen);
  const make = (statement: string) => db.command(statement, { sensor, version, months, seen });
  await together([make(PORT_MONTHS), make(CATEGORY_MONTHS)]);
  await make(MONTHS);
  const again = stale.filter((month) => month.again).map(({ month }) => month);
  await forget(db, ['portMonths', 'categoryMonths'], 'month', sensor, again, version);
}

/** One after the other: a year of a large telescope is merged from millions of rows. */
async function finaliseYears(db: Connection, sensor: string): Promise<void> {
  const [stale, version] = await together([staleYears(db, sensor), newVersion(db, sensor)]);
  for (const { year, again, seen } of stale) {
    for (const statement of [PORT_YEARS, YEARS]) await db.command(statement, { sensor, version, year, seen });
    if (again) await forget(db, ['portYears'], 'year', sensor, [year], version);
  }
}

/** Deletes rows of older versions; they count no more, so losing this step loses nothing but room. */
async function forget(
  db: Connection,
  tables: string[],
  period: 'day' | 'month' | 'year',
  sensor: string,
  periods: (string | number)[],
  version: number,
): Promise<void> {
  const older = `sensor = {sensor:String} AND ${period} IN {periods:Array(${period === 'year' ? 'UInt16' : 'Date'})} AND version < {version:UInt64}`;
  if (periods.length === 0) return;
  for (const table of tables) await deleteRows(db, table, older, { sensor, periods, version }, 'later');
}

/** Larger than every version before it, whatever clock gave that one, and not the same for two processes in the same millisecond. */
async function newVersion(db: Connection, sensor: string): Promise<number> {
  const [row] = await db.query<{ version: number }>(
    `-- Which version is later than all there are? By the clock of the server, which all machines share.
     SELECT greatest(toUInt64(toUnixTimestamp64Milli(now64(3)) * 1000),
       (SELECT max(version) FROM days WHERE sensor = {sensor:String}), (SELECT max(version) FROM months WHERE sensor = {sensor:String}),
       (SELECT max(version) FROM years WHERE sensor = {sensor:String})) AS version`,
    { sensor },
  );
  return (row?.version ?? 0) + 1 + Math.floor(Math.random() * 1000);
}

function* portions(stale: readonly StaleDay[]): Generator<StaleDay[]> {
  let days: StaleDay[] = [];
  const months = new Set<string>();
  let packets = 0;
  for (const day of stale) {
    const more = new Set(months).add(day.day.slice(0, 7));
    const full = packets + day.counted > MOST_PACKETS || days.length === MOST_DAYS || more.size > MOST_PARTITIONS;
    if (days.length > 0 && full) {
      yield days;
      days = [];
      months.clear();
      packets = 0;
    }
    days.push(day);
    months.add(day.day.slice(0, 7));
    packets += day.counted;
  }
  if (days.length > 0) yield days;
}
