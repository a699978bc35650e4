// What retention has dropped. Its record counts in the account as if it were still there; that of a drop which was cut off counts only
// where it is gone.
import type { Connection } from '../database.ts';

export interface DroppedSums {
  sensor: string;
  tableName: string;
  packets: number;
  /** Of a drop that was begun and not ended. */
  pending: number;
}

export function droppedBySensor(db: Connection): Promise<DroppedSums[]> {
  return db.query(
    `-- How many packets of each table were dropped?
     SELECT sensor, tableName, sumIf(dropped.packets, state = 1) AS packets, sumIf(dropped.packets, state = 0) AS pending
     FROM dropped FINAL WHERE state < 2 GROUP BY sensor, tableName ORDER BY sensor, tableName`,
  );
}

/** Packets that a table holds or held until they were dropped. */
export function everHeld(
  held: number,
  counted: number,
  dropped: Pick<DroppedSums, 'packets' | 'pending'> | undefined,
): number {
  const { packets = 0, pending = 0 } = dropped ?? {};
  return held + packets + pending === counted ? counted : held + packets;
}

export interface LateDay {
  day: string;
  /** Counted since the day's flows were dropped: not in its finalised figures. */
  packets: number;
}

export function lateDays(
  db: Connection,
  { sensor, timeZone }: { sensor: string; timeZone: string },
): Promise<LateDay[]> {
  return db.query(
    `-- Of which days did packets come after their flows were dropped?
     SELECT toString(came.day) AS day, came.counted - made.packets AS packets
     FROM (
       SELECT toDate(hour, {timeZone:String}) AS day, sum(frames) AS counted
       FROM fateHours WHERE sensor = {sensor:String} AND fate = 'counted' GROUP BY day
     ) AS came
     INNER JOIN (SELECT day, packets FROM days FINAL WHERE sensor = {sensor:String}) AS made ON made.day = came.day
     WHERE came.counted > made.packets AND came.day IN (
       SELECT day FROM dropped FINAL WHERE sensor = {sensor:String} AND tableName = 'flows' AND state = 1
     )
     ORDER BY day`,
    { sensor, timeZone },
  );
}

/** Months (202001) that were dropped of each table. */
export function droppedMonths(db: Connection, sensor: string): Promise<{ tableName: string; month: number }[]> {
  return db.query(
    `-- Which months were dropped?
     SELECT DISTINCT tableName, month FROM dropped FINAL WHERE sensor = {sensor:String} AND state = 1 ORDER BY tableName, month`,
    { sensor },
  );
}
