// The questions of the year-on-year report. Whole years are read from portYears, some months of them from portMonths.
import type { Connection } from '../database.ts';
import { type PortList, portParameters, SCANNED, THESE_PORTS } from './year-ports.ts';
import { DAYS, MONTHS, parameters, type YearlyScope } from './year-scope.ts';

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
     FROM categoryMonthsCurrent WHERE ${MONTHS} GROUP BY year ORDER BY year`,
    parameters(scope),
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
export function yearPortMonths(db: Connection, scope: YearlyScope, ports: PortList): Promise<YearPortMonth[]> {
  return db.query(
    `-- How many scans came to each of these ports in each month?
     SELECT toYear(month) AS year, proto, dstPort, toMonth(month) AS monthOfYear, sum(packets) AS packets
     FROM portMonthsCurrent
     WHERE ${MONTHS} AND ${SCANNED} AND ${THESE_PORTS}
     GROUP BY year, proto, dstPort, monthOfYear ORDER BY year, proto, dstPort, monthOfYear`,
    { ...parameters(scope), ...portParameters(ports) },
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

export interface YearPortPerAddress {
  year: number;
  proto: number;
  dstPort: number;
  perAddress: number;
}

/** Stands as proto for all scans together. */
export const ALL_PORTS = 0;

/** Packets per monitored address of the ports given, and of all scans: the report divides day by day, so it reads days. */
export function yearPortsPerAddress(
  db: Connection,
  scope: YearlyScope,
  ports: PortList,
): Promise<YearPortPerAddress[]> {
  return db.query(
    `-- How many scans came to each monitored address in each year, by port, divided day by day?
     SELECT toYear(day) AS year, tupleElement(port, 1) AS proto, tupleElement(port, 2) AS dstPort, sum(packets / addresses) AS perAddress
     FROM (
       SELECT day, (proto, dstPort) AS port, sum(packets) AS packets
       FROM portDaysCurrent WHERE ${DAYS} AND ${SCANNED} AND ${THESE_PORTS} GROUP BY day, port
       UNION ALL
       SELECT day, (toUInt8(${ALL_PORTS}), toUInt16(0)) AS port, sum(packets) AS packets
       FROM categoryDaysCurrent WHERE ${DAYS} AND ${SCANNED} GROUP BY day
     ) AS hit
     INNER JOIN (
       SELECT day, sum(monitoredAddresses) AS addresses FROM days FINAL WHERE ${DAYS} GROUP BY day HAVING addresses > 0
     ) AS monitored USING (day)
     GROUP BY year, proto, dstPort`,
    { ...parameters(scope), ...portParameters(ports) },
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
