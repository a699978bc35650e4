import type { Connection } from '../database.ts';
import { readSensors } from '../sensors.ts';

/** What became of every frame a sensor's captures held, and what the tables hold of them. */
export interface SensorFrames {
  sensor: string;
  frames: number;
  counted: number;
  fates: Record<string, number>;
  /** Packets of days that were made from all that was counted, and in flows of all other days. */
  stored: number;
  /** Bytes of counted packets on the wire. */
  bytes: number;
  /** First and last second of counted packets, ISO 8601; null before any. */
  first: string | null;
  last: string | null;
  files: number;
  damagedFiles: number;
  /** The same two sums as the ledger has them. */
  framesOfUnits: number;
  countedOfUnits: number;
}

/** Flows are only read where days are not made yet, and of the first and last hour: a large telescope has billions of them. */
export async function accountBySensor(db: Connection): Promise<SensorFrames[]> {
  const sensors = await readSensors(db);
  const rows = await Promise.all(
    sensors.map(({ sensor, timeZone }) => db.query<SensorFrames>(OF_SENSOR, { sensor, timeZone })),
  );
  return rows.flat();
}

const SENSOR = 'sensor = {sensor:String}';
/** The instant is that of a packet while its flows are there, else that of its hour. */
const INSTANT = (second: string) => `formatDateTime(${second}, '%Y-%m-%dT%H:%i:%SZ', 'UTC')`;

const OF_SENSOR = `-- What became of every frame of a sensor?
  WITH counted AS (
    SELECT hour, toDate(hour, {timeZone:String}) AS day, sum(frames) AS packets FROM fateHours
    WHERE ${SENSOR} AND fate = 'counted' GROUP BY hour
  ),
  (SELECT groupArray(day) FROM (SELECT day, sum(packets) AS packets FROM counted GROUP BY day) AS now
   LEFT JOIN (SELECT day, packets FROM days FINAL WHERE ${SENSOR}) AS made ON made.day = now.day
   WHERE made.packets != now.packets) AS open,
  (SELECT (min(hour), max(hour)) FROM counted) AS ends
  SELECT {sensor:String} AS sensor, frames, counted, fates, stored, bytes,
    if(stored > 0, ${INSTANT('if(firstSecond > 0, firstSecond, ends.1)')}, NULL) AS first,
    if(stored > 0, ${INSTANT('if(lastSecond > 0, lastSecond, ends.2 + 3599)')}, NULL) AS last,
    files, damagedFiles, framesOfUnits, countedOfUnits
  FROM (
    SELECT sum(f) AS frames, sumIf(f, fate = 'counted') AS counted,
      mapFromArrays(groupArrayIf(fate, fate != 'counted'), groupArrayIf(f, fate != 'counted')) AS fates
    FROM (SELECT toString(fate) AS fate, sum(frames) AS f FROM fateHours WHERE ${SENSOR} GROUP BY fate ORDER BY fate)
  ) AS read
  CROSS JOIN (
    SELECT sum(packets) AS stored, sum(bytes) AS bytes FROM (
      SELECT packets, bytes FROM categoryDaysCurrent WHERE ${SENSOR} AND NOT has(open, day)
      UNION ALL
      SELECT packets, bytes FROM flows WHERE ${SENSOR} AND has(open, toDate(hour, {timeZone:String}))
        AND hour >= toDateTime(arrayMin(open), {timeZone:String}) AND hour < toDateTime(arrayMax(open) + 1, {timeZone:String})
    )
  ) AS held
  CROSS JOIN (
    SELECT min(first) AS firstSecond, max(last) AS lastSecond FROM flows
    WHERE ${SENSOR} AND (hour = ends.1 OR hour = ends.2)
  ) AS seen
  CROSS JOIN (SELECT count() AS files, countIf(damage != '') AS damagedFiles FROM files FINAL WHERE ${SENSOR}) AS came
  CROSS JOIN (
    SELECT sum(frames) AS framesOfUnits, sum(counted) AS countedOfUnits FROM ledger FINAL WHERE ${SENSOR}
  ) AS noted`;
