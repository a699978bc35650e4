// The ports of the year-on-year report: which were scanned most in each year, which rank they had in the others, and their sources. The
// years of one sensor have ranks and sources with them; of several sensors, or some months, the ports are put in order here.
import type { Connection } from '../database.ts';
import { RANKS_WITH_MONTHS } from '../finalise/months.ts';
import { KNOWN_SOURCES } from '../sketches.ts';
import { SENSORS, SURVEY } from './conditions.ts';
import { MONTHS, parameters, type YearlyScope } from './year-scope.ts';

export interface YearPort {
  year: number;
  proto: number;
  dstPort: number;
  category: string;
  packets: number;
  rank: number;
  /** Distinct in the year, within about 1 %; null where they are not known so well. */
  sources: number | null;
  /** Packets of its twelve months, where the years hold them. */
  months?: number[];
}

export type PortList = readonly { proto: number; dstPort: number }[];

const YEARS = 'year IN {years:Array(UInt16)}';
export const SCANNED = `${SENSORS} AND kind = 'scan' AND ${SURVEY}`;
export const THESE_PORTS = '(proto, dstPort) IN arrayZip({protos:Array(UInt8)}, {ports:Array(UInt16)})';
const RANKS = { exclude: 'rankExclude', include: 'rankInclude', only: 'rankOnly' };
const SOURCES = { exclude: 'sourcesExclude', include: 'sourcesInclude', only: 'sourcesOnly' };

export function portParameters(ports: PortList): { protos: number[]; ports: number[] } {
  const each = [...new Map(ports.map((port) => [`${port.proto}/${port.dstPort}`, port])).values()];
  return { protos: each.map(({ proto }) => proto), ports: each.map(({ dstPort }) => dstPort) };
}

const isWhole = ({ months: [first, last] }: YearlyScope) => first === 1 && last === 12;

/** Ports of the chosen months, by year. */
function portRows(scope: YearlyScope, where: string): string {
  if (isWhole(scope)) return `portYearsCurrent WHERE ${YEARS} AND ${SCANNED} AND ${where}`;
  return `(SELECT toYear(month) AS year, proto, dstPort, category, packets, sourceSketch, unsketched FROM portMonthsCurrent
    WHERE ${MONTHS} AND ${SCANNED} AND ${where})`;
}

/** Ports with a rank up to `top` in any of the years, in all of the years where they were hit. */
export async function yearPorts(db: Connection, scope: YearlyScope, top: number): Promise<YearPort[]> {
  if (isWhole(scope) && scope.sensors.length === 1 && top <= RANKS_WITH_MONTHS) return rankedPorts(db, scope, top);
  const ports = await portsInOrder(db, scope, top);
  if (ports.length === 0) return [];
  const sources = new Map(
    (await portSources(db, scope, ports)).map((row) => [`${row.year} ${row.proto}/${row.dstPort}`, row.sources]),
  );
  return ports.map((port) => ({ ...port, sources: sources.get(`${port.year} ${port.proto}/${port.dstPort}`) ?? null }));
}

function rankedPorts(db: Connection, scope: YearlyScope, top: number): Promise<YearPort[]> {
  const rank = RANKS[scope.survey];
  return db.query(
    `-- Which TCP and UDP ports were scanned most in any year, which rank had they in each, and how many sources?
     SELECT year, proto, dstPort, any(category) AS category, sum(packets) AS packets, any(${rank}) AS rank,
       any(${SOURCES[scope.survey]}) AS sources, sumForEach(portYearsCurrent.months) AS months
     FROM ${portRows(scope, 'proto IN (6, 17)')}
       AND (proto, dstPort) IN (SELECT proto, dstPort FROM ${portRows(scope, `${rank} BETWEEN 1 AND {top:UInt32}`)})
     GROUP BY year, proto, dstPort ORDER BY year, rank`,
    { ...parameters(scope), top },
  );
}

function portsInOrder(db: Connection, scope: YearlyScope, top: number): Promise<Omit<YearPort, 'sources'>[]> {
  return db.query(
    `-- Which TCP and UDP ports were scanned most in each year, and which rank had they in the others?
     SELECT year, proto, dstPort, category, packets, rank
     FROM (
       SELECT *, min(rank) OVER (PARTITION BY proto, dstPort) AS best
       FROM (
         SELECT year, proto, dstPort, any(category) AS category, sum(packets) AS packets,
           row_number() OVER (PARTITION BY year ORDER BY packets DESC, proto, dstPort) AS rank
         FROM ${portRows(scope, 'proto IN (6, 17)')} GROUP BY year, proto, dstPort
       )
     )
     WHERE best <= {top:UInt32} ORDER BY year, rank`,
    { ...parameters(scope), top },
  );
}

function portSources(
  db: Connection,
  scope: YearlyScope,
  ports: PortList,
): Promise<{ year: number; proto: number; dstPort: number; sources: number | null }[]> {
  return db.query(
    `-- How many sources scanned each of these ports in each year?
     SELECT year, proto, dstPort, ${KNOWN_SOURCES} AS sources
     FROM ${portRows(scope, THESE_PORTS)} GROUP BY year, proto, dstPort`,
    { ...parameters(scope), ...portParameters(ports) },
  );
}
