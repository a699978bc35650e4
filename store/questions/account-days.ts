// The account by sensor and day: against what the tables hold, for who checks; with what was observed, for who reads the figures. And the
// files that are not whole.
import type { Connection } from '../database.ts';
import type { FrameCounts } from '../ledger.ts';
import { LONG_QUESTION } from '../limits.ts';
import type { Sensor } from '../sensors.ts';
import { HOURS_ABOUT } from './conditions.ts';
import { observedHours } from './observed.ts';
import type { RangeScope } from './range.ts';

/** Rows of (day, timed, frames, counted, fates) of a sensor; frames without a usable time are not `timed`. */
const READ_DAYS = `
  SELECT day, timed, sum(f) AS frames, sumIf(f, fate = 'counted') AS counted,
    mapFromArrays(groupArrayIf(fate, fate != 'counted'), groupArrayIf(f, fate != 'counted')) AS fates
  FROM (
    SELECT toDate(hour, {timeZone:String}) AS day, hour > 0 OR fate = 'counted' AS timed, toString(fate) AS fate, sum(frames) AS f
    FROM fateHours WHERE sensor = {sensor:String} GROUP BY day, timed, fate ORDER BY fate
  ) GROUP BY day, timed`;

/** What became of the frames of a sensor-day, and what three tables hold of it. */
export interface DayAccount extends FrameCounts {
  sensor: string;
  /** YYYY-MM-DD in the sensor's time zone; null for frames without a usable time. */
  day: string | null;
  /** Counted packets in flows, dropped from there, and in the finalised day. */
  flows: number;
  dropped: number;
  finalised: number;
  /**
   * 1 when frames = counted + the sum of the fates, and each table holds just what was counted; a finalised day whose flows were dropped
   * may lack what came later.
   */
  balanced: 0 | 1;
}

export function dayAccounts(db: Connection, { sensor, timeZone }: Sensor): Promise<DayAccount[]> {
  return db.query(
    `-- What became of the frames of each day?
     SELECT {sensor:String} AS sensor, if(read.timed, toString(read.day), NULL) AS day, frames, counted, fates,
       if(read.timed, held.packets, 0) AS flows, if(read.timed, made.packets, 0) AS finalised,
       -- a drop that was cut off counts where its packets are gone
       if(NOT read.timed, 0, gone.packets + if(counted = flows + gone.packets + gone.pending, gone.pending, 0)) AS dropped,
       frames = counted + arraySum(mapValues(fates)) AND counted = flows + dropped
         AND (counted = finalised OR dropped > 0 AND finalised > 0 AND finalised < counted) AS balanced
     FROM (${READ_DAYS}) AS read
     LEFT JOIN (
       SELECT toDate(hour, {timeZone:String}) AS day, sum(packets) AS packets
       FROM flows WHERE sensor = {sensor:String} GROUP BY day
     ) AS held ON held.day = read.day
     LEFT JOIN (
       SELECT day, sum(packets) AS packets FROM categoryDaysCurrent WHERE sensor = {sensor:String} GROUP BY day
     ) AS made ON made.day = read.day
     LEFT JOIN (
       SELECT day, sumIf(dropped.packets, state = 1) AS packets, sumIf(dropped.packets, state = 0) AS pending
       FROM dropped FINAL WHERE sensor = {sensor:String} AND tableName = 'flows' GROUP BY day
     ) AS gone ON gone.day = read.day
     ORDER BY read.timed, read.day`,
    { sensor, timeZone },
    LONG_QUESTION,
  );
}

/** What became of the frames of a sensor-day, and how much of it was observed. */
export interface ObservedDay {
  day: string;
  frames: number;
  counted: number;
  /** Frames that were not counted, by the reason why. */
  fates: Record<string, number>;
  observedSeconds: number;
  /** 0 when not known. */
  monitoredAddresses: number;
  /** Empty until the day is finalised. */
  rulesVersion: string;
}

/** Of one sensor: its own time zone cuts the days. Days on which it read nothing have no row. */
export function observedDays(db: Connection, scope: RangeScope & { sensor: string }): Promise<ObservedDay[]> {
  const { sensor, ...rest } = scope;
  return db.query(
    `-- What became of a sensor's frames on each day, and how much of the day was observed?
     SELECT toString(read.day) AS day, read.frames AS frames, read.counted AS counted, read.fates AS fates,
       heard.observedSeconds AS observedSeconds, heard.addresses AS monitoredAddresses, toString(made.rulesVersion) AS rulesVersion
     FROM (${READ_DAYS}) AS read
     LEFT JOIN (
       SELECT toDate(hour, {timeZone:String}) AS day, sum(seconds) AS observedSeconds, max(addresses) AS addresses
       FROM (${observedHours(HOURS_ABOUT)}) AS observed
       LEFT JOIN (
         SELECT hour, max(monitoredAddresses) AS addresses FROM coverage WHERE sensor = {sensor:String} GROUP BY hour
       ) AS monitored USING (hour)
       GROUP BY day
     ) AS heard ON heard.day = read.day
     LEFT JOIN (SELECT day, rulesVersion FROM days FINAL WHERE sensor = {sensor:String}) AS made ON made.day = read.day
     WHERE read.day BETWEEN {from:Date} AND {to:Date}
     ORDER BY read.day`,
    { ...rest, sensor, sensors: [sensor] },
  );
}

export interface DamagedFile {
  sensor: string;
  path: string;
  frames: number;
  counted: number;
  damage: string;
}

export function damagedFiles(db: Connection, sensors: readonly string[], limit: number): Promise<DamagedFile[]> {
  return db.query(
    `-- Which files are damaged, and where?
     SELECT sensor, path, frames, counted, damage FROM files FINAL
     WHERE sensor IN {sensors:Array(String)} AND damage != '' ORDER BY sensor, path LIMIT {limit:UInt32}`,
    { sensors, limit },
  );
}
