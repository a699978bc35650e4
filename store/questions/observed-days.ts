// The account by sensor and day, and the files that are not whole.
import type { Connection } from '../database.ts';
import { OBSERVED_HOURS } from './observed.ts';
import type { RangeScope } from './range.ts';

export interface AccountDay {
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
export function accountDays(db: Connection, scope: RangeScope & { sensor: string }): Promise<AccountDay[]> {
  const { sensor, ...rest } = scope;
  return db.query(
    `-- What became of a sensor's frames on each day, and how much of the day was observed?
     SELECT toString(read.day) AS day, read.frames AS frames, read.counted AS counted, read.fates AS fates,
       heard.observedSeconds AS observedSeconds, heard.addresses AS monitoredAddresses, toString(made.rulesVersion) AS rulesVersion
     FROM (
       SELECT day, sum(f) AS frames, sumIf(f, fate = 'counted') AS counted,
         mapFromArrays(groupArrayIf(fate, fate != 'counted'), groupArrayIf(f, fate != 'counted')) AS fates
       FROM (
         SELECT toDate(hour, {timeZone:String}) AS day, toString(fate) AS fate, sum(frames) AS f
         FROM fateHours WHERE sensor = {sensor:String} GROUP BY day, fate ORDER BY day, fate
       )
       WHERE day BETWEEN {from:Date} AND {to:Date}
       GROUP BY day
     ) AS read
     LEFT JOIN (
       SELECT toDate(hour, {timeZone:String}) AS day, sum(seconds) AS observedSeconds, max(addresses) AS addresses
       FROM (${OBSERVED_HOURS}) AS observed
       LEFT JOIN (
         SELECT hour, max(monitoredAddresses) AS addresses FROM coverage WHERE sensor = {sensor:String} GROUP BY hour
       ) AS monitored USING (hour)
       GROUP BY day
     ) AS heard ON heard.day = read.day
     LEFT JOIN (SELECT day, rulesVersion FROM days FINAL WHERE sensor = {sensor:String}) AS made ON made.day = read.day
     ORDER BY day`,
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
