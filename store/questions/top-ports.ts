// The ports with most packets of a span of days.
import type { Connection } from '../database.ts';
import { KNOWN_SOURCES } from '../sketches.ts';
import { DAYS, HOURS_ABOUT, SURVEY } from './conditions.ts';
import { portsOfDays, wholeParts } from './whole-parts.ts';

export interface TopScope {
  from: string;
  to: string;
  sensors: string[];
  kind: 'scan' | 'backscatter' | 'other' | 'all';
  survey: 'exclude' | 'include' | 'only';
  limit: number;
}

export interface TopPort {
  proto: string;
  dstPort: number;
  category: string;
  packets: number;
  bytes: number;
  /** Null where they are not known within about 1 %. */
  sources: number | null;
}

const SCANNED = `kind = {kind:String} AND proto IN (6, 17) AND ${SURVEY}`;
const PROTO = `if(hit.proto = 6, 'tcp', 'udp')`;

/**
 * Of one kind, from the tables of years, months and days: `dstPort` is then backscatter's SOURCE port, and sources are distinct within about 1 %.
 * Of all kinds together, from flows: `dstPort` is every packet's destination port, and sources are exact.
 */
export function topPorts(db: Connection, scope: TopScope): Promise<TopPort[]> {
  if (scope.kind === 'all') return db.query(ALL_KINDS, { ...scope });
  const ofOneDay = scope.sensors.length === 1 && scope.from === scope.to;
  return db.query(ofOneDay ? ONE_DAY : ONE_KIND, { ...scope, ...wholeParts(scope.from, scope.to) });
}

const ONE_KIND = `-- Which TCP and UDP ports got most packets of a kind?
  SELECT ${PROTO} AS proto, dstPort, any(category) AS category, sum(packets) AS packets, sum(bytes) AS bytes,
    ${KNOWN_SOURCES} AS sources
  FROM ${portsOfDays(SCANNED, true)} AS hit
  GROUP BY hit.proto, dstPort
  ORDER BY packets DESC, hit.proto, dstPort LIMIT {limit:UInt32}`;

/** A source of a sensor's day has one scan class: the numbers of its rows add up. */
const ONE_DAY = `-- Which TCP and UDP ports got most packets of a kind on this day?
  SELECT ${PROTO} AS proto, dstPort, any(category) AS category, sum(packets) AS packets, sum(bytes) AS bytes, sum(hit.sources) AS sources
  FROM (SELECT * FROM portDaysCurrent WHERE ${DAYS} AND ${SCANNED}) AS hit
  GROUP BY hit.proto, dstPort
  ORDER BY packets DESC, hit.proto, dstPort LIMIT {limit:UInt32}`;

const ALL_KINDS = `-- Which TCP and UDP destination ports got most packets of any kind?
  SELECT ${PROTO} AS proto, dstPort, if(named.category = '', 'other', named.category) AS category, packets, bytes, sources
  FROM (
    SELECT flow.proto AS proto, flow.dstPort AS dstPort, sum(flow.packets) AS packets, sum(flow.bytes) AS bytes,
      uniqExact(flow.srcAddr) AS sources
    FROM flows AS flow
    INNER JOIN (SELECT DISTINCT sensor, day, hour FROM portHours WHERE ${DAYS} AND ${HOURS_ABOUT}) AS cut
      ON cut.sensor = flow.sensor AND cut.hour = flow.hour
    LEFT JOIN (
      SELECT sensor, day, srcAddr, scanClass FROM sourceDaysCurrent WHERE ${DAYS} AND scanClass != 'other'
    ) AS survey ON survey.sensor = flow.sensor AND survey.srcAddr = flow.srcAddr AND survey.day = cut.day
    WHERE flow.sensor IN {sensors:Array(String)} AND flow.proto IN (6, 17)
      AND ${SURVEY}
    GROUP BY proto, dstPort
    ORDER BY packets DESC, proto, dstPort LIMIT {limit:UInt32}
  ) AS hit
  LEFT JOIN (
    SELECT proto, port, category FROM rules FINAL WHERE version = (SELECT argMax(rulesVersion, changed) FROM sensors WHERE sensor IN {sensors:Array(String)})
  ) AS named ON named.proto = hit.proto AND named.port = hit.dstPort
  ORDER BY packets DESC, hit.proto, dstPort`;
