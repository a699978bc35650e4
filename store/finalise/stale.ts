// Which sensor-days must be finalised: those whose counted packets, monitored addresses or rules are not what they were made from.
// Nothing marks a day as touched, so nothing can be lost between a crash and a mark.
import type { Connection } from '../database.ts';
import { LONG_QUESTION } from '../limits.ts';
import type { Sensor } from '../sensors.ts';
import { IN_SPAN } from './chosen.ts';

export interface StaleDay {
  /** YYYY-MM-DD in the sensor's time zone. */
  day: string;
  counted: number;
  /** 1 when it was finalised before, so that older rows of it are there. */
  again: 0 | 1;
}

/**
 * Days whose flows are gone keep what was made from them: what is left of the flows would make less of them. So does a day that was
 * never made, of which flows were dropped.
 */
export async function staleDays(db: Connection, sensor: Sensor): Promise<StaleDay[]> {
  const differing = await differingDays(db, sensor);
  // Behind it: what is dropped meanwhile is seen.
  const dropped = differing.length > 0 ? await daysDropped(db, sensor) : new Set();
  const isDoubtful = (day: StaleDay) => day.again === 1 || dropped.has(day.day);
  const doubtful = differing.filter(isDoubtful).map(({ day }) => day);
  if (doubtful.length === 0) return differing;
  const held = await heldPackets(db, sensor, doubtful);
  return differing.filter((day) => !isDoubtful(day) || (held.get(day.day) ?? 0) >= day.counted);
}

async function daysDropped(db: Connection, { sensor }: Sensor): Promise<Set<string>> {
  const rows = await db.query<{ day: string }>(
    `-- Of which days were flows dropped?
     SELECT DISTINCT toString(day) AS day FROM dropped FINAL WHERE sensor = {sensor:String} AND tableName = 'flows' AND state < 2`,
    { sensor },
  );
  return new Set(rows.map(({ day }) => day));
}

/** Blocks of flows go in before those of the account, so flows that are all there never hold less than was counted. */
async function heldPackets(db: Connection, sensor: Sensor, days: readonly string[]): Promise<Map<string, number>> {
  const rows = await db.query<{ day: string; packets: number }>(
    `-- How many packets do flows hold of these days?
     SELECT toString(toDate(hour, {timeZone:String})) AS day, sum(packets) AS packets
     FROM flows WHERE ${IN_SPAN}
       AND toDate(hour, {timeZone:String}) IN {days:Array(Date)}
     GROUP BY day`,
    { ...sensor, days, first: days[0], last: days.at(-1) },
    LONG_QUESTION,
  );
  return new Map(rows.map(({ day, packets }) => [day, packets]));
}

function differingDays(db: Connection, sensor: Sensor): Promise<StaleDay[]> {
  return db.query<StaleDay>(
    `-- Which days differ from what they were finalised from?
     SELECT toString(now.day) AS day, now.counted AS counted, made.version > 0 AS again
     FROM (
       SELECT day, sum(packets) AS counted
       FROM (
         SELECT toDate(hour, {timeZone:String}) AS day, sum(frames) AS packets
         FROM fateHours WHERE sensor = {sensor:String} AND fate = 'counted' GROUP BY day
         UNION ALL
         -- days on which the sensor listened and counted nothing: packets per address divide by its addresses too
         SELECT DISTINCT toDate(hour, {timeZone:String}) AS day, 0 AS packets
         FROM coverage WHERE sensor = {sensor:String} AND (heardMinutes > 0 OR observedSeconds > 0)
       )
       GROUP BY day
     ) AS now
     LEFT JOIN (
       SELECT toDate(hour, {timeZone:String}) AS day, max(monitoredAddresses) AS addresses
       FROM coverage WHERE sensor = {sensor:String} GROUP BY day
     ) AS monitored ON monitored.day = now.day
     LEFT JOIN (SELECT * FROM days FINAL WHERE sensor = {sensor:String}) AS made ON made.day = now.day
     WHERE made.version = 0
       OR made.packets != now.counted
       OR made.monitoredAddresses != monitored.addresses
       OR made.rulesVersion != {rulesVersion:String}
       OR made.minPorts != {minPorts:UInt32}
       OR made.minPacketsPerAddress != {minPacketsPerAddress:Float64}
     ORDER BY day`,
    { ...sensor },
  );
}

export interface StaleMonth {
  /** Its first day, YYYY-MM-DD. */
  month: string;
  again: 0 | 1;
  /** The versions of its days, as one number of 64 bits. */
  seen: string;
}

/** Months of which a day was finalised anew since they were made. */
export async function staleMonths(db: Connection, sensor: string): Promise<StaleMonth[]> {
  return db.query<StaleMonth>(
    `-- Which months were made from other versions of their days?
     SELECT toString(now.month) AS month, made.version > 0 AS again, toString(now.dayVersions) AS seen
     FROM (
       SELECT toStartOfMonth(day) AS month, groupBitXor(cityHash64(day, version)) AS dayVersions
       FROM days FINAL WHERE sensor = {sensor:String} GROUP BY month
     ) AS now
     LEFT JOIN (SELECT * FROM months FINAL WHERE sensor = {sensor:String}) AS made ON made.month = now.month
     WHERE made.version = 0 OR made.dayVersions != now.dayVersions
     ORDER BY month`,
    { sensor },
  );
}

export interface StaleYear {
  year: number;
  again: 0 | 1;
  /** The versions of its months, as one number of 64 bits. */
  seen: string;
}

/** Years of which a month was made anew since they were made. */
export async function staleYears(db: Connection, sensor: string): Promise<StaleYear[]> {
  return db.query(
    `-- Which years were made from other versions of their months?
     SELECT now.year AS year, made.version > 0 AS again, toString(now.monthVersions) AS seen
     FROM (
       SELECT toYear(month) AS year, groupBitXor(cityHash64(month, version)) AS monthVersions
       FROM months FINAL WHERE sensor = {sensor:String} GROUP BY year
     ) AS now
     LEFT JOIN (SELECT * FROM years FINAL WHERE sensor = {sensor:String}) AS made ON made.year = now.year
     WHERE made.version = 0 OR made.monthVersions != now.monthVersions
     ORDER BY year`,
    { sensor },
  );
}
