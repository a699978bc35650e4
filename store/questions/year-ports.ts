// The ports of the year-on-year report: which were scanned most in each year, which rank they had in the others, and their sources. Whole
// years of one sensor have their ranks with them; in all others the ports are put in order here.
import type { Connection } from '../database.ts';
import { KNOWN_SOURCES } from '../sketches.ts';
import { portYearRows, WHOLE_YEARS } from './port-years.ts';
import { MONTHS, parameters, SURVEY, type YearlyScope } from './year-scope.ts';

export interface YearPort {
  year: number;
  proto: number;
  dstPort: number;
  category: string;
  packets: number;
  rank: number;
  /** Distinct in the year, within about 1 %; null where they are not known so well. */
  sources: number | null;
}

export type PortList = readonly { proto: number; dstPort: number }[];
type Ranked = Omit<YearPort, 'sources'>;

const YEARS = 'year IN {years:Array(UInt16)}';
export const SCANNED = `sensor IN {sensors:Array(String)} AND kind = 'scan' AND ${SURVEY}`;
export const THESE_PORTS = '(proto, dstPort) IN arrayZip({protos:Array(UInt8)}, {ports:Array(UInt16)})';
const RANKS = { exclude: 'rankExclude', include: 'rankInclude', only: 'rankOnly' };
const SOURCES = { exclude: 'sourcesExclude', include: 'sourcesInclude', only: 'sourcesOnly' };

export function portParameters(ports: PortList): { protos: number[]; ports: number[] } {
  const each = [...new Map(ports.map((port) => [`${port.proto}/${port.dstPort}`, port])).values()];
  return { protos: each.map(({ proto }) => proto), ports: each.map(({ dstPort }) => dstPort) };
}

const isWhole = ({ months: [first, last] }: YearlyScope) => first === 1 && last === 12;

/** Ports of the chosen months, by year: of whole years from the table of years. */
function portRows(scope: YearlyScope, where: string, years = YEARS): string {
  if (isWhole(scope)) return portYearRows(`${SCANNED} AND ${where}`, years);
  return `(SELECT toYear(month) AS year, proto, dstPort, category, packets, sourceSketch, unsketched FROM portMonthsCurrent
    WHERE ${MONTHS} AND ${SCANNED} AND ${where})`;
}

/** Ports with a rank up to `top` in any of the years, in all of the years where they were hit. */
export async function yearPorts(db: Connection, scope: YearlyScope, top: number): Promise<YearPort[]> {
  if (isWhole(scope) && scope.sensors.length === 1) return portsOfWholeYears(db, scope, top);
  return withSources(db, scope, await portsInOrder(db, scope, top));
}

async function withSources(db: Connection, scope: YearlyScope, ports: Ranked[], years = YEARS): Promise<YearPort[]> {
  if (ports.length === 0) return [];
  const sources = new Map(
    (await portSources(db, scope, ports, years)).map((row) => [`${row.year} ${row.proto}/${row.dstPort}`, row.sources]),
  );
  return ports.map((port) => ({ ...port, sources: sources.get(`${port.year} ${port.proto}/${port.dstPort}`) ?? null }));
}

function portsInOrder(
  db: Connection,
  scope: YearlyScope,
  top: number,
  known: PortList = [],
  years = YEARS,
): Promise<Ranked[]> {
  return db.query(
    `-- Which TCP and UDP ports were scanned most in each year, and which rank had they in the others?
     SELECT year, proto, dstPort, category, packets, rank
     FROM (
       SELECT *, min(rank) OVER (PARTITION BY proto, dstPort) AS best
       FROM (
         SELECT year, proto, dstPort, any(category) AS category, sum(packets) AS packets,
           row_number() OVER (PARTITION BY year ORDER BY packets DESC, proto, dstPort) AS rank
         FROM ${portRows(scope, 'proto IN (6, 17)', years)} GROUP BY year, proto, dstPort
       )
     )
     WHERE best <= {top:UInt32} OR ${THESE_PORTS} ORDER BY year, rank`,
    { ...parameters(scope), top, ...portParameters(known) },
  );
}

const RUNNING = `${YEARS} AND NOT ${WHOLE_YEARS}`;

/** Years that are over have their ranks with them. Of the one that is not, the ports come first: the others are asked for these too. */
async function portsOfWholeYears(db: Connection, scope: YearlyScope, top: number): Promise<YearPort[]> {
  const known = await rankedPorts(db, scope, `${RANKS[scope.survey]} BETWEEN 1 AND {top:UInt32}`, { top });
  const running = await portsInOrder(db, scope, top, known, RUNNING);
  const [whole, last] = await Promise.all([
    rankedPorts(db, scope, THESE_PORTS, portParameters([...known, ...running])),
    withSources(db, scope, running, RUNNING),
  ]);
  return [...whole, ...last].sort((a, b) => a.year - b.year || a.rank - b.rank);
}

function rankedPorts(
  db: Connection,
  scope: YearlyScope,
  where: string,
  more: Record<string, unknown>,
): Promise<YearPort[]> {
  return db.query(
    `-- Which rank had ports in years that are over, and how many sources?
     SELECT year, proto, dstPort, any(category) AS category, sum(packets) AS packets, any(${RANKS[scope.survey]}) AS rank,
       any(${SOURCES[scope.survey]}) AS sources
     FROM portYearsCurrent WHERE ${YEARS} AND ${SCANNED} AND proto IN (6, 17) AND ${where} AND ${WHOLE_YEARS}
     GROUP BY year, proto, dstPort`,
    { ...parameters(scope), ...more },
  );
}

function portSources(
  db: Connection,
  scope: YearlyScope,
  ports: PortList,
  years: string,
): Promise<{ year: number; proto: number; dstPort: number; sources: number | null }[]> {
  return db.query(
    `-- How many sources scanned each of these ports in each year?
     SELECT year, proto, dstPort, ${KNOWN_SOURCES} AS sources
     FROM ${portRows(scope, THESE_PORTS, years)} GROUP BY year, proto, dstPort`,
    { ...parameters(scope), ...portParameters(ports) },
  );
}
