import type { Connection } from '../database.ts';
import { DAYS, SURVEY } from './conditions.ts';
import type { TopScope } from './top-ports.ts';

export interface TopTool {
  tool: string;
  packets: number;
  /** Distinct sources that used it. */
  sources: number;
  sourceDays: number;
}

/** Mirai by packets that bear its mark; masscan and ZMap by source-days whose every SYN bears it. */
export function topTools(db: Connection, scope: TopScope): Promise<TopTool[]> {
  return db.query(
    `-- Which tools sent the packets?
     SELECT tool, sum(used) AS packets, uniqExact(srcAddr) AS sources, count() AS sourceDays
     FROM (
       SELECT srcAddr, tupleElement(mark, 1) AS tool, tupleElement(mark, 2) AS used
       FROM sourceDaysCurrent
       ARRAY JOIN [('mirai', mirai), ('masscan', masscan), ('zmap', zmap)] AS mark
       WHERE ${DAYS}
         AND ${SURVEY}
     )
     WHERE used > 0
     GROUP BY tool ORDER BY packets DESC, tool LIMIT {limit:UInt32}`,
    { ...scope },
  );
}
