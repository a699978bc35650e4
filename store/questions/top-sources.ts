import type { Connection } from '../database.ts';
import { DAYS, PACKETS_OF_KIND, SURVEY } from './conditions.ts';
import type { TopScope } from './top-ports.ts';

export interface TopSource {
  srcAddr: string;
  packets: number;
  bytes: number;
  days: number;
  /** Most distinct (proto, dstPort) scanned in a day. */
  ports: number;
  scanClass: string;
}

/** Packets are those of the kind asked for; bytes are those of all the source's packets on the days in question. */
export async function topSources(db: Connection, scope: TopScope): Promise<TopSource[]> {
  const rows = await db.query<
    Omit<TopSource, 'srcAddr' | 'packets' | 'scanClass'> & { source: string; sent: number; class: string }
  >(
    `-- Which sources sent most packets?
     SELECT replaceRegexpOne(toString(srcAddr), '^::ffff:', '') AS source,
       sum(${PACKETS_OF_KIND[scope.kind]}) AS sent,
       sum(bytes) AS bytes, count() AS days, max(ports) AS ports,
       toString(max(scanClass)) AS class
     FROM sourceDaysCurrent
     WHERE ${DAYS}
       AND ${SURVEY}
     GROUP BY srcAddr HAVING sent > 0
     ORDER BY sent DESC, source LIMIT {limit:UInt32}`,
    { ...scope },
  );
  return rows.map(({ source, sent, class: scanClass, ...row }) => ({
    srcAddr: source,
    packets: sent,
    ...row,
    scanClass,
  }));
}
