import type { Connection } from '../database.ts';
import { LONG_QUESTION } from '../limits.ts';
import { droppedBySensor, everHeld } from './dropped.ts';

/** What became of every frame a sensor's captures held, and what the tables hold of them. */
export interface SensorFrames {
  sensor: string;
  frames: number;
  counted: number;
  fates: Record<string, number>;
  /** Counted packets in flows, and those that retention has dropped from there. */
  stored: number;
  dropped: number;
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

export async function accountBySensor(db: Connection): Promise<SensorFrames[]> {
  const [accounts, dropped] = await Promise.all([framesBySensor(db), droppedBySensor(db)]);
  return accounts.map((account) => {
    const { stored, counted } = account;
    const ofFlows = dropped.find(({ sensor, tableName }) => sensor === account.sensor && tableName === 'flows');
    return { ...account, dropped: everHeld(stored, counted, ofFlows) - stored };
  });
}

function framesBySensor(db: Connection): Promise<Omit<SensorFrames, 'dropped'>[]> {
  return db.query(
    `-- What became of every frame, by sensor? The seconds are read in the first and the last hour only: they are most of what flows take.
     SELECT known.sensor AS sensor, frames, counted, fates, stored, bytes,
       if(stored > 0, formatDateTime(firstSecond, '%Y-%m-%dT%H:%i:%SZ', 'UTC'), NULL) AS first,
       if(stored > 0, formatDateTime(lastSecond, '%Y-%m-%dT%H:%i:%SZ', 'UTC'), NULL) AS last,
       files, damagedFiles, framesOfUnits, countedOfUnits
     FROM (SELECT sensor FROM sensors GROUP BY sensor) AS known
     LEFT JOIN (
       SELECT sensor, sum(f) AS frames, sumIf(f, fate = 'counted') AS counted,
         mapFromArrays(groupArrayIf(fate, fate != 'counted'), groupArrayIf(f, fate != 'counted')) AS fates
       FROM (SELECT sensor, toString(fate) AS fate, sum(frames) AS f FROM fateHours GROUP BY sensor, fate ORDER BY sensor, fate)
       GROUP BY sensor
     ) AS read ON read.sensor = known.sensor
     LEFT JOIN (
       SELECT sensor, sum(packets) AS stored, sum(bytes) AS bytes FROM flows GROUP BY sensor
     ) AS held ON held.sensor = known.sensor
     LEFT JOIN (
       SELECT sensor, min(first) AS firstSecond, max(last) AS lastSecond FROM flows
       WHERE (sensor, hour) IN (SELECT sensor, arrayJoin([min(hour), max(hour)]) FROM flows GROUP BY sensor)
       GROUP BY sensor
     ) AS ends ON ends.sensor = known.sensor
     LEFT JOIN (
       SELECT sensor, count() AS files, countIf(damage != '') AS damagedFiles FROM files FINAL GROUP BY sensor
     ) AS came ON came.sensor = known.sensor
     LEFT JOIN (
       SELECT sensor, sum(frames) AS framesOfUnits, sum(counted) AS countedOfUnits FROM ledger FINAL GROUP BY sensor
     ) AS noted ON noted.sensor = known.sensor
     ORDER BY sensor`,
    {},
    LONG_QUESTION,
  );
}
