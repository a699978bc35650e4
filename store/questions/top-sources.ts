import type { Connection } from '../database.ts';
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
       sum(multiIf({kind:String} = 'scan', scanPackets, {kind:String} = 'backscatter', backscatterPackets,
                   {kind:String} = 'other', toUInt64(packets - scanPackets - backscatterPackets), packets)) AS sent,
       sum(bytes) AS bytes, count() AS days, max(ports) AS ports,
       toString(max(scanClass)) AS class
     FROM sourceDaysCurrent
     WHERE sensor IN {sensors:Array(String)} AND day BETWEEN {from:Date} AND {to:Date}
       AND ({survey:String} = 'include' OR (scanClass != 'other') = ({survey:String} = 'only'))
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
