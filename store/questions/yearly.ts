// The questions of the year-on-year report. All but the per-address one read tables of months, days or coverage only.
import type { Connection } from '../database.ts';

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

/** The highest bit of 60. Logarithms are of 30 bits each: one of all 60 would be rounded up where all are set. */
const LAST_MINUTE = 'if(heard < 1073741824, toInt32(log2(heard)), 30 + toInt32(log2(bitShiftRight(heard, 30))))';

/**
 * Seconds observed: an hour counts whole when something was heard in it and in the hours beside it; at the edge of a gap it counts from
 * (up to) the minute in which something was heard. A live sensor has counted the seconds itself, frames or not. What one sensor missed
 * and another heard is observed.
 * @param timeZone cuts the years: the sensors' own, or UTC where they differ
 */
export function yearCoverage(db: Connection, scope: YearlyScope, timeZone: string): Promise<YearCoverage[]> {
  return db.query(
    `-- How much of each year was observed?
     SELECT toYear(hour, {timeZone:String}) AS year, sum(seconds) AS observedSeconds
     FROM (
       SELECT hour, max(if(observed > 0, toInt64(least(observed, 3600)), toInt64(60 * (lastMinute - firstMinute + 1)))) AS seconds
       FROM (
         SELECT hour, observed,
           if(lagInFrame(hour) OVER before = hour - 3600, 0, bitCount(bitAnd(bitNot(heard), heard - 1))) AS firstMinute,
           if(leadInFrame(hour) OVER after = hour + 3600, 59, if(heard = 0, 0, ${LAST_MINUTE})) AS lastMinute
         FROM (
           SELECT sensor, hour, groupBitOr(heardMinutes) AS heard, sum(observedSeconds) AS observed
           FROM coverage WHERE sensor IN {sensors:Array(String)} GROUP BY sensor, hour
           HAVING heard > 0 OR observed > 0
         )
         WINDOW before AS (PARTITION BY sensor ORDER BY hour),
                after AS (PARTITION BY sensor ORDER BY hour ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING)
       )
       GROUP BY hour
     )
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
