import type { Connection } from '../database.ts';
import { SENSORS, SURVEY } from './conditions.ts';

export interface RiserScope {
  sensors: string[];
  /** First day of the month, YYYY-MM-DD. */
  month: string;
  survey: 'exclude' | 'include' | 'only';
  limit: number;
}

export interface Riser {
  proto: number;
  dstPort: number;
  category: string;
  packets: number;
  /** In the month before. */
  packetsBefore: number;
  rank: number;
  /** 0 when nothing came in the month before. */
  rankBefore: number;
}

/** Of all TCP and UDP ports, so that ranks are right; by how many packets more came. */
export function portRisers(db: Connection, scope: RiserScope): Promise<Riser[]> {
  return db.query(
    `-- Which TCP and UDP ports were scanned more than in the month before, and by how much?
     SELECT proto, dstPort, category, now AS packets, before AS packetsBefore, rank, if(before = 0, 0, placeBefore) AS rankBefore
     FROM (
       SELECT proto, dstPort, any(category) AS category, sumIf(packets, month = {month:Date}) AS now,
         sumIf(packets, month < {month:Date}) AS before,
         row_number() OVER (ORDER BY now DESC, proto, dstPort) AS rank,
         row_number() OVER (ORDER BY before DESC, proto, dstPort) AS placeBefore
       FROM portMonthsCurrent
       WHERE ${SENSORS} AND month BETWEEN {month:Date} - toIntervalMonth(1) AND {month:Date}
         AND kind = 'scan' AND proto IN (6, 17)
         AND ${SURVEY}
       GROUP BY proto, dstPort
     )
     WHERE now > before
     ORDER BY now - before DESC, proto, dstPort LIMIT {limit:UInt32}`,
    { ...scope },
  );
}
