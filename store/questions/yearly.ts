// The questions of the year-on-year report. All but the per-address one read tables of months, days or coverage only.
import type { Connection } from '../database.ts';
import { OBSERVED_HOURS } from './observed.ts';

export interface YearlyScope {
  years: number[];
  /** First and last month, 1–12. */
  months: [number, number];
  sensors: string[];
  survey: 'exclude' | 'include' | 'only';
}

const SURVEY = `({survey:String} = 'include' OR (scanClass != 'other') = ({survey:String} = 'only'))`;
const MONTHS =
  'sensor IN {sensors:Array(String)} AND toYear(month) IN {years:Array(UInt16)} AND toMonth(month) BETWEEN {firstMonth:UInt8} AND {lastMonth:UInt8}';
const DAYS =
  'sensor IN {sensors:Array(String)} AND toYear(day) IN {years:Array(UInt16)} AND toMonth(day) BETWEEN {firstMonth:UInt8} AND {lastMonth:UInt8}';

function parameters({ months, ...scope }: YearlyScope): Record<string, unknown> {
  return { ...scope, firstMonth: months[0], lastMonth: months[1] };
}

export interface YearTotal {
  year: number;
  scanPackets: number;
  surveyPackets: number;
  backscatterPackets: number;
  otherPackets: number;
}

export function yearTotals(db: Connection, scope: YearlyScope): Promise<YearTotal[]> {
  return db.query(
    `-- How many packets of each kind came in each year, and how many from survey scanners?
     SELECT toYear(month) AS year,
       sumIf(packets, kind = 'scan') AS scanPackets,
       sumIf(packets, kind = 'scan' AND scanClass != 'other') AS surveyPackets,
       sumIf(packets, kind = 'backscatter') AS backscatterPackets,
       sumIf(packets, kind = 'other') AS otherPackets
     FROM portMonthsCurrent WHERE ${MONTHS} GROUP BY year ORDER BY year`,
    parameters(scope),
  );
}

export interface YearPort {
  year: number;
  proto: number;
  dstPort: number;
  category: string;
  packets: number;
  rank: number;
  sources: number;
}

/** Ports with a rank up to `top` in any of the years, in all of the years where they were hit. */
export function yearPorts(db: Connection, scope: YearlyScope, top: number): Promise<YearPort[]> {
  return db.query(
    `-- Which TCP and UDP ports were scanned most in each year, and which rank had they in the others?
     WITH ranked AS (
       SELECT toYear(month) AS year, proto, dstPort, any(category) AS category, sum(packets) AS packets,
         row_number() OVER (PARTITION BY year ORDER BY packets DESC, proto, dstPort) AS rank
       FROM portMonthsCurrent
       WHERE ${MONTHS} AND kind = 'scan' AND proto IN (6, 17) AND ${SURVEY}
       GROUP BY year, proto, dstPort
     ),
     chosen AS (SELECT proto, dstPort FROM ranked WHERE rank <= {top:UInt32} GROUP BY proto, dstPort),
     counted AS (
       SELECT toYear(month) AS year, proto, dstPort, uniqCombinedMerge(14)(sourceSketch) AS sources
       FROM portMonthsCurrent
       WHERE ${MONTHS} AND kind = 'scan' AND ${SURVEY} AND (proto, dstPort) IN chosen
       GROUP BY year, proto, dstPort
     )
     SELECT ranked.year AS year, ranked.proto AS proto, ranked.dstPort AS dstPort, category, packets, rank, sources
     FROM ranked INNER JOIN counted USING (year, proto, dstPort)
     ORDER BY year, rank`,
    { ...parameters(scope), top },
  );
}

export interface YearPortMonth {
  year: number;
  proto: number;
  dstPort: number;
  monthOfYear: number;
  packets: number;
}

/** Of the ports given; months without a packet have no row. */
export function yearPortMonths(
  db: Connection,
  scope: YearlyScope,
  ports: readonly { proto: number; dstPort: number }[],
): Promise<YearPortMonth[]> {
  return db.query(
    `-- How many scans came to each of these ports in each month?
     SELECT toYear(month) AS year, proto, dstPort, toMonth(month) AS monthOfYear, sum(packets) AS packets
     FROM portMonthsCurrent
     WHERE ${MONTHS} AND kind = 'scan' AND ${SURVEY} AND (proto, dstPort) IN arrayZip({protos:Array(UInt8)}, {ports:Array(UInt16)})
     GROUP BY year, proto, dstPort, monthOfYear ORDER BY year, proto, dstPort, monthOfYear`,
    { ...parameters(scope), protos: ports.map(({ proto }) => proto), ports: ports.map(({ dstPort }) => dstPort) },
  );
}

export interface YearAddresses {
  year: number;
  /** Σ over days of packets / monitored addresses, everything counted. */
  perAddress: number;
  meanAddresses: number;
  /** Days with packets, and those of them on which the monitored addresses are not known. */
  days: number;
  unknownDays: number;
}

export function yearAddresses(db: Connection, scope: YearlyScope): Promise<YearAddresses[]> {
  return db.query(
    `-- How many packets came to each monitored address in each year, divided day by day?
     SELECT toYear(day) AS year, sum(if(addresses > 0, packets / addresses, 0)) AS perAddress,
       avgIf(addresses, addresses > 0) AS meanAddresses, count() AS days, countIf(unknown > 0) AS unknownDays
     FROM (
       SELECT day, sum(packets) AS packets, sum(monitoredAddresses) AS addresses, countIf(monitoredAddresses = 0) AS unknown
       FROM days FINAL WHERE ${DAYS} GROUP BY day
     )
     GROUP BY year ORDER BY year`,
    parameters(scope),
  );
}

export interface YearCoverage {
  year: number;
  observedSeconds: number;
}

/** @param timeZone cuts the years: the sensors' own, or UTC where they differ */
export function yearCoverage(db: Connection, scope: YearlyScope, timeZone: string): Promise<YearCoverage[]> {
  return db.query(
    `-- How much of each year was observed?
     SELECT toYear(hour, {timeZone:String}) AS year, sum(seconds) AS observedSeconds
     FROM (${OBSERVED_HOURS})
     WHERE year IN {years:Array(UInt16)} AND toMonth(hour, {timeZone:String}) BETWEEN {firstMonth:UInt8} AND {lastMonth:UInt8}
     GROUP BY year ORDER BY year`,
    { ...parameters(scope), timeZone },
  );
}

export interface YearPortPerAddress {
  year: number;
  proto: number;
  dstPort: number;
  perAddress: number;
}

/** Packets per monitored address of the ports given, and of all scans as proto 0: the report divides day by day, so it reads days. */
export function yearPortsPerAddress(
  db: Connection,
  scope: YearlyScope,
  ports: readonly { proto: number; dstPort: number }[],
): Promise<YearPortPerAddress[]> {
  return db.query(
    `-- How many scans came to each monitored address in each year, by port, divided day by day?
     SELECT toYear(day) AS year, tupleElement(port, 1) AS proto, tupleElement(port, 2) AS dstPort, sum(packets / addresses) AS perAddress
     FROM (
       SELECT day, if((proto, dstPort) IN arrayZip({protos:Array(UInt8)}, {ports:Array(UInt16)}), (proto, dstPort), (0, 0)) AS port,
         sum(packets) AS packets
       FROM portDaysCurrent WHERE ${DAYS} AND kind = 'scan' AND ${SURVEY} GROUP BY day, port
     ) AS hit
     INNER JOIN (
       SELECT day, sum(monitoredAddresses) AS addresses FROM days FINAL WHERE ${DAYS} GROUP BY day HAVING addresses > 0
     ) AS monitored USING (day)
     GROUP BY year, proto, dstPort`,
    { ...parameters(scope), protos: ports.map(({ proto }) => proto), ports: ports.map(({ dstPort }) => dstPort) },
  );
}

/** Years in which something was counted. */
export async function yearsWithData(db: Connection, sensors: readonly string[]): Promise<number[]> {
  const rows = await db.query<{ year: number }>(
    `-- Which years have packets?
     SELECT DISTINCT toYear(day) AS year FROM days WHERE sensor IN {sensors:Array(String)} AND packets > 0 ORDER BY year`,
    { sensors },
  );
  return rows.map(({ year }) => year);
}

export interface MadeBy {
  rulesVersions: string[];
  minPorts: number;
  minPacketsPerAddress: number;
}

export async function madeBy(db: Connection, scope: YearlyScope): Promise<MadeBy> {
  const [row] = await db.query<MadeBy>(
    `-- By which rules were the days of these years made?
     SELECT arraySort(groupUniqArray(rulesVersion)) AS rulesVersions, max(minPorts) AS minPorts, max(minPacketsPerAddress) AS minPacketsPerAddress
     FROM days FINAL WHERE ${DAYS}`,
    parameters(scope),
  );
  return row as MadeBy;
}
