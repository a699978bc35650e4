// Everything about one TCP or UDP port that is scanned: its years, its category and why, the tools, the ports that move with it.
import type { Connection } from '../database.ts';
import { KNOWN_SOURCES } from '../sketches.ts';
import { DAYS, HOURS, SENSORS } from './conditions.ts';
import type { RangeScope } from './range.ts';
import { PORT_NAME } from './trend-scope.ts';
import { portsOfDays, wholeParts } from './whole-parts.ts';
import { type PortList, portParameters, THESE_PORTS } from './year-ports.ts';

export interface PortScope extends RangeScope {
  proto: number;
  dstPort: number;
}

const THIS = `kind = 'scan' AND proto = {proto:UInt8} AND dstPort = {dstPort:UInt16}`;
const RANKED = `kind = 'scan' AND proto IN (6, 17) AND scanClass = 'other'`;

export interface PortYear {
  year: number;
  packets: number;
  /** Of survey scanners. */
  surveyPackets: number;
  /** Distinct in the year, within about 1 %; null where they are not known so well. */
  sources: number | null;
  /** Among the TCP and UDP ports, survey scans left out; 0 when only they came. */
  rank: number;
}

/** The years of one sensor have ranks and sources with them. */
export function portYears(db: Connection, scope: PortScope): Promise<PortYear[]> {
  return db.query(scope.sensors.length === 1 ? RANKED_YEARS : COUNTED_YEARS, { ...scope });
}

const RANKED_YEARS = `-- How many packets and sources had this port in each year, and which rank?
  SELECT year, sum(packets) AS packets, sumIf(portYearsCurrent.packets, scanClass != 'other') AS surveyPackets,
    any(sourcesInclude) AS sources, any(rankExclude) AS rank
  FROM portYearsCurrent WHERE ${SENSORS} AND ${THIS} GROUP BY year ORDER BY year`;

const COUNTED_YEARS = `-- How many packets and sources had this port in each year, and which rank?
  WITH port AS (
    SELECT year, sum(packets) AS sent, sumIf(packets, scanClass != 'other') AS surveySent, sumIf(packets, scanClass = 'other') AS own,
      ${KNOWN_SOURCES} AS seen
    FROM portYearsCurrent WHERE ${SENSORS} AND ${THIS} GROUP BY year
  )
  SELECT port.year AS year, any(port.sent) AS packets, any(port.surveySent) AS surveyPackets, any(port.seen) AS sources,
    if(any(port.own) = 0, 0, 1 + countIf(others.sent > port.own
      OR (others.sent = port.own AND (others.proto, others.dstPort) < ({proto:UInt8}, {dstPort:UInt16})))) AS rank
  FROM port LEFT JOIN (
    SELECT year, proto, dstPort, sum(packets) AS sent
    FROM portYearsCurrent WHERE ${SENSORS} AND ${RANKED} GROUP BY year, proto, dstPort
  ) AS others ON others.year = port.year
  GROUP BY year ORDER BY year`;

export interface PortCategory {
  version: string;
  category: string;
  why: string;
}

/** By each version of the rules that classified a day; no row for a version that does not name the port. */
export function portCategories(db: Connection, scope: PortScope): Promise<PortCategory[]> {
  return db.query(
    `-- Which category has this port, and why?
     SELECT version, toString(category) AS category, why FROM rules FINAL
     WHERE proto = {proto:UInt8} AND port = {dstPort:UInt16}
       AND version IN (SELECT rulesVersion FROM days WHERE ${SENSORS})
     ORDER BY version`,
    { ...scope },
  );
}

export interface PortTool {
  tool: string;
  packets: number;
  sources: number;
}

const FLOWS_OF_PORT = `
       SELECT sensor, toDate(hour, {timeZone:String}) AS day, srcAddr, toolMarks, packets FROM flows
       WHERE ${HOURS} AND ${THIS}`;

/** Mirai by packets that bear its mark; masscan and ZMap by source-days whose every SYN bears it. */
export function portTools(db: Connection, scope: PortScope): Promise<PortTool[]> {
  return db.query(
    `-- With which tools was this port scanned in these days?
     SELECT multiIf(bitAnd(toolMarks, 1) != 0, 'mirai', source.masscan > 0, 'masscan', source.zmap > 0, 'zmap', 'none') AS tool,
       sum(flow.packets) AS packets, uniqExact(toUInt128(flow.srcAddr)) AS sources
     FROM (${FLOWS_OF_PORT}) AS flow
     LEFT JOIN (
       SELECT sensor, day, srcAddr, masscan, zmap FROM sourceDaysCurrent
       WHERE ${DAYS} AND (masscan > 0 OR zmap > 0) AND day IN (SELECT DISTINCT day FROM (${FLOWS_OF_PORT}))
     ) AS source
       ON source.sensor = flow.sensor AND source.day = flow.day AND source.srcAddr = flow.srcAddr
     GROUP BY tool ORDER BY packets DESC, tool`,
    { ...scope },
  );
}

/** The TCP and UDP ports that were scanned most in these days, survey scans left out. */
export function mostScanned(
  db: Connection,
  scope: RangeScope,
  limit: number,
): Promise<{ proto: number; dstPort: number }[]> {
  return db.query(
    `-- Which TCP and UDP ports were scanned most in these days?
     SELECT proto, dstPort FROM ${portsOfDays(RANKED)}
     GROUP BY proto, dstPort ORDER BY sum(packets) DESC LIMIT {limit:UInt32}`,
    { ...scope, limit, ...wholeParts(scope.from, scope.to) },
  );
}

export interface DailyPackets {
  port: string;
  category: string;
  /** Counted from 1970: those on which it was scanned, in any order, and its packets on each of them. */
  days: number[];
  packets: number[];
}

/** Survey scans left out. */
export function dailyPackets(db: Connection, scope: RangeScope, ports: PortList): Promise<DailyPackets[]> {
  return db.query(
    `-- How often were these ports scanned on each day?
     SELECT ${PORT_NAME} AS port, any(category) AS category, groupArray(toUInt16(day)) AS days, groupArray(sent) AS packets
     FROM (
       SELECT day, proto, dstPort, any(category) AS category, sum(packets) AS sent FROM portDaysCurrent
       WHERE ${DAYS} AND ${RANKED} AND ${THESE_PORTS} GROUP BY day, proto, dstPort
     )
     GROUP BY proto, dstPort`,
    { ...scope, ...portParameters(ports) },
  );
}

/** Days of which something is known, whether anything was scanned on them or not: counted from 1970. */
export async function daysKnown(db: Connection, scope: RangeScope): Promise<number[]> {
  const [row] = await db.query<{ days: number[] }>(
    `-- Of which of these days are there figures?
     SELECT arraySort(groupUniqArray(toUInt16(day))) AS days FROM days WHERE ${DAYS}`,
    { ...scope },
  );
  return row?.days ?? [];
}
