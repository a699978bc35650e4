import type { Connection } from '../database.ts';
import { LONG_QUESTION } from '../limits.ts';
import { droppedBySensor, everHeld } from './dropped.ts';

/** What a sensor's tables hold, or held until it was dropped, each counted by itself: in a sound store all counted sums are the same. */
export interface StoredCounts {
  frames: number;
  counted: number;
  framesOfUnits: number;
  countedOfUnits: number;
  flows: number;
  portHours: number;
  minutes: number;
  dark: number;
}

export async function storedCounts(db: Connection, sensor: string): Promise<StoredCounts> {
  const held = await heldCounts(db, sensor);
  const dropped = (await droppedBySensor(db)).filter((row) => row.sensor === sensor);
  const ever = (packets: number, table: string) =>
    everHeld(
      packets,
      held.counted,
      dropped.find(({ tableName }) => tableName === table),
    );
  return {
    ...held,
    flows: ever(held.flows, 'flows'),
    minutes: ever(held.minutes, 'minutes'),
    dark: ever(held.dark, 'darkDays'),
  };
}

/** Only what is still there. */
export async function heldCounts(db: Connection, sensor: string): Promise<StoredCounts> {
  const [row] = await db.query<StoredCounts>(
    `-- How many frames and packets does each table hold of a sensor?
     SELECT
       (SELECT sum(frames) FROM fateHours WHERE sensor = {sensor:String}) AS frames,
       (SELECT sum(frames) FROM fateHours WHERE sensor = {sensor:String} AND fate = 'counted') AS counted,
       (SELECT sum(frames) FROM ledger FINAL WHERE sensor = {sensor:String}) AS framesOfUnits,
       (SELECT sum(counted) FROM ledger FINAL WHERE sensor = {sensor:String}) AS countedOfUnits,
       (SELECT sum(packets) FROM flows WHERE sensor = {sensor:String}) AS flows,
       (SELECT sum(packets) FROM portHours WHERE sensor = {sensor:String}) AS portHours,
       (SELECT sum(packets) FROM minutes WHERE sensor = {sensor:String}) AS minutes,
       (SELECT sum(packets) FROM darkDays WHERE sensor = {sensor:String}) AS dark`,
    { sensor },
    LONG_QUESTION,
  );
  return row as StoredCounts;
}
