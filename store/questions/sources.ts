// Sources of a span of days: how many, which sent most, which are new, what one of them did.
import type { Connection } from '../database.ts';
import { DAYS, OF_KIND, SURVEY } from './conditions.ts';
import type { RangeScope } from './range.ts';
import { PORT_NAME } from './trend-scope.ts';

export interface SourcesScope extends RangeScope {
  kind: 'scan' | 'backscatter' | 'other' | 'all';
  survey: 'exclude' | 'include' | 'only';
  /** Only those that no earlier day has. */
  fresh: boolean;
  limit: number;
}

export interface SourceRow {
  srcAddr: string;
  packets: number;
  days: number;
  firstDay: string;
  lastDay: string;
  /** Most distinct ports scanned in a day. */
  ports: number;
  scanClass: string;
  organisation: string;
  tools: string[];
}

const ADDRESS = `replaceRegexpOne(toString(srcAddr), '^::ffff:', '')`;
const FRESH = `(NOT {fresh:Bool} OR srcAddr NOT IN (
  SELECT srcAddr FROM sourceDaysCurrent WHERE sensor IN {sensors:Array(String)} AND day < {from:Date}))`;

export async function sourceRows(db: Connection, scope: SourcesScope): Promise<SourceRow[]> {
  const rows = await db.query<Omit<SourceRow, 'srcAddr'> & { address: string }>(
    `-- Which sources sent most packets in these days, and what are they? They are found by their packets alone.
     WITH top AS (
       SELECT srcAddr FROM sourceDaysCurrent WHERE ${DAYS} AND ${SURVEY} AND ${FRESH}
       GROUP BY srcAddr HAVING sum(${OF_KIND}) > 0
       ORDER BY sum(${OF_KIND}) DESC, srcAddr LIMIT {limit:UInt32}
     )
     SELECT ${ADDRESS} AS address, sent AS packets, days, firstDay, lastDay, portsOfDay AS ports, class AS scanClass,
       owner AS organisation, tools
     FROM (
       SELECT srcAddr, sum(${OF_KIND}) AS sent, uniqExact(day) AS days, toString(min(day)) AS firstDay, toString(max(day)) AS lastDay,
         max(ports) AS portsOfDay, toString(max(scanClass)) AS class, toString(max(organisation)) AS owner,
         arrayFilter(tool -> tool != '',
           [if(sum(mirai) > 0, 'mirai', ''), if(sum(masscan) > 0, 'masscan', ''), if(sum(zmap) > 0, 'zmap', '')]) AS tools
       FROM sourceDaysCurrent WHERE ${DAYS} AND ${SURVEY} AND srcAddr IN (SELECT srcAddr FROM top) GROUP BY srcAddr
     )
     ORDER BY sent DESC, srcAddr`,
    { ...scope },
  );
  return rows.map(({ address, ...row }) => ({ srcAddr: address, ...row }));
}

export interface SourceCounts {
  sources: number;
  /** Of them, those that no earlier day has. */
  freshSources: number;
  surveyScanners: number;
  surveyPackets: number;
  packets: number;
}

/** Exact. */
export async function sourceCounts(db: Connection, scope: SourcesScope): Promise<SourceCounts> {
  const [row] = await db.query<SourceCounts>(
    `-- How many sources were there in these days, how many of them new, how many of survey scanners?
     SELECT count() AS sources,
       countIf(srcAddr NOT IN (
         SELECT srcAddr FROM sourceDaysCurrent WHERE sensor IN {sensors:Array(String)} AND day < {from:Date})) AS freshSources,
       countIf(survey > 0) AS surveyScanners, sum(survey) AS surveyPackets, sum(own) + surveyPackets AS packets
     FROM (
       SELECT srcAddr, sumIf(sent, scanClass != 'other') AS survey, sumIf(sent, scanClass = 'other') AS own
       FROM (SELECT srcAddr, scanClass, ${OF_KIND} AS sent FROM sourceDaysCurrent WHERE ${DAYS})
       WHERE sent > 0 GROUP BY srcAddr
     )`,
    { ...scope },
  );
  return row as SourceCounts;
}

export interface SourceScope extends RangeScope {
  /** IPv6, IPv4 as ::ffff:a.b.c.d. */
  srcAddr: string;
}

export interface SourceDay {
  day: string;
  packets: number;
  scanPackets: number;
  backscatterPackets: number;
  ports: number;
  scanClass: string;
  organisation: string;
  mirai: number;
  masscan: number;
  zmap: number;
}

export function sourceDays(db: Connection, scope: SourceScope): Promise<SourceDay[]> {
  return db.query(
    `-- What did this source do on each of these days?
     SELECT toString(made.day) AS day, sum(packets) AS packets, sum(scanPackets) AS scanPackets,
       sum(backscatterPackets) AS backscatterPackets, max(ports) AS ports, toString(max(made.scanClass)) AS scanClass,
       toString(max(made.organisation)) AS organisation, sum(mirai) AS mirai, sum(masscan) AS masscan, sum(zmap) AS zmap
     FROM (SELECT * FROM sourceDaysCurrent WHERE ${DAYS} AND srcAddr = toIPv6({srcAddr:String})) AS made
     GROUP BY made.day ORDER BY made.day`,
    { ...scope },
  );
}

const FLOWS = `sensor IN {sensors:Array(String)} AND srcAddr = toIPv6({srcAddr:String})
  AND hour >= toDateTime({from:Date}, {timeZone:String}) AND hour < toDateTime({to:Date} + 1, {timeZone:String})`;

export interface SourcePort {
  port: string;
  kind: string;
  packets: number;
  days: number;
}

/** Of backscatter the port under attack. */
export function sourcePorts(db: Connection, scope: SourceScope, limit: number): Promise<SourcePort[]> {
  return db.query(
    `-- Which ports did this source send to in these days?
     SELECT ${PORT_NAME} AS port, toString(kind) AS kind, sum(packets) AS packets, uniqExact(day) AS days
     FROM (
       SELECT proto, if(kind = 'backscatter', srcPort, flows.dstPort) AS dstPort, kind, packets, toDate(hour, {timeZone:String}) AS day
       FROM flows WHERE ${FLOWS}
     )
     GROUP BY port, kind ORDER BY packets DESC, port LIMIT {limit:UInt32}`,
    { ...scope, limit },
  );
}

export interface PortMoment {
  /** When the port was first sent to in an hour, seconds since 1970. */
  time: number;
  proto: number;
  dstPort: number;
  packets: number;
}

/** Destination ports by the second in which each was first sent to in an hour: ports tried one after the other lie on a line. */
export function portMoments(db: Connection, scope: SourceScope, limit: number): Promise<PortMoment[]> {
  return db.query(
    `-- In which order did this source try ports?
     SELECT toUnixTimestamp(min(first)) AS time, proto, dstPort, sum(packets) AS packets
     FROM flows WHERE ${FLOWS} AND proto IN (6, 17)
     GROUP BY hour, proto, dstPort ORDER BY time, proto, dstPort LIMIT {limit:UInt32}`,
    { ...scope, limit },
  );
}
