// The ports with most packets over time. Which they are is asked first, of the tables of years and months where these are whole; then only they are
// looked up by the day, and all other ports are what is left of the sum of all.
import type { Connection } from '../database.ts';
import { KNOWN_SOURCES, sketchedPortDays } from '../sketches.ts';
import { DAYS, KIND, SENSORS, SURVEY } from './conditions.ts';
import {
  CATEGORY,
  CATEGORY_TABLES,
  type Coarse,
  PORT_NAME,
  SPANS,
  TABLES,
  type TrendRow,
  type TrendScope,
} from './trend-scope.ts';
import { portParameters, THESE_PORTS } from './year-ports.ts';

const ASKED = `${KIND} AND ${SURVEY} AND ${CATEGORY}`;
/**
 * Rows of (proto, dstPort, packets, …) of days: of whole years and whole months from their tables.
 * @param sketched with `sourceSketch` and `unsketched`
 */
export function portsOfDays(where: string, sketched = false): string {
  const columns = `proto, dstPort, category, scanClass, kind, packets, bytes${sketched ? ', sourceSketch, unsketched' : ''}`;
  const ends = `${DAYS} AND NOT (day >= {firstMonth:Date} AND day < {afterMonth:Date}) AND ${where}`;
  return `(
    SELECT ${columns} FROM portYearsCurrent
    WHERE ${SENSORS} AND year >= {firstYear:UInt16} AND year < {afterYear:UInt16} AND ${where}
    UNION ALL
    SELECT ${columns} FROM portMonthsCurrent
    WHERE ${SENSORS} AND month >= {firstMonth:Date} AND month < {afterMonth:Date}
      AND NOT (toYear(month) >= {firstYear:UInt16} AND toYear(month) < {afterYear:UInt16}) AND ${where}
    UNION ALL
    SELECT ${columns} FROM ${sketched ? sketchedPortDays(ends) : `portDaysCurrent WHERE ${ends}`}
  )`;
}

/** Parameters of `portsOfDays`: the first month (year) that begins in the span, and the first after it that does not end in it. */
export function wholeParts(from: string, to: string): Record<string, string | number> {
  const month = (day: string, later = 0) =>
    new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1 + later)).toISOString().slice(0, 10);
  const dayAfter = new Date(Date.parse(to) + 86_400_000).toISOString().slice(0, 10);
  const firstMonth = month(from, from.endsWith('-01') ? 0 : 1);
  const firstYear = Number(firstMonth.slice(0, 4)) + (firstMonth.endsWith('-01-01') ? 0 : 1);
  const [, afterMonth = firstMonth] = [firstMonth, month(dayAfter)].sort();
  return { firstMonth, afterMonth, firstYear, afterYear: Math.max(firstYear, Number(dayAfter.slice(0, 4))) };
}

interface Port {
  proto: number;
  dstPort: number;
  port: string;
}

function topPorts(db: Connection, scope: TrendScope, scale: Coarse): Promise<Port[]> {
  // Months are whole, whatever day the span begins with.
  const [from, to] = scale === 'day' ? [scope.from, scope.to] : [firstOfMonth(scope.from), lastOfMonth(scope.to)];
  return db.query(
    `-- Which ports had most packets in this span?
     SELECT proto, dstPort, ${PORT_NAME} AS port FROM ${portsOfDays(ASKED)}
     GROUP BY proto, dstPort ORDER BY sum(packets) DESC, port LIMIT {series:UInt32}`,
    { ...scope, from, to, ...wholeParts(from, to) },
  );
}

const firstOfMonth = (day: string) => `${day.slice(0, 7)}-01`;
const lastOfMonth = (day: string) =>
  new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0)).toISOString().slice(0, 10);

/** A source of a day has one scan class: the numbers of its port's rows add up, of one sensor and kind, and are exact. */
function hasOwnSources({ sensors, kind }: TrendScope, scale: Coarse): boolean {
  return scale === 'day' && sensors.length === 1 && kind !== 'all';
}

/** Rows that hold a port's sources, and what these are together. */
export function sourcesOf(scope: TrendScope, scale: Coarse, where: string): { rows: string; value: string } {
  if (scale === 'month') return { rows: `portMonthsCurrent WHERE ${where}`, value: KNOWN_SOURCES };
  if (hasOwnSources(scope, scale)) return { rows: `portDaysCurrent WHERE ${where}`, value: 'sum(sources)' };
  return { rows: sketchedPortDays(where), value: KNOWN_SOURCES };
}

/** Of the ports with most packets; those that all others have together are not known. */
export async function portSourceSeries(db: Connection, scope: TrendScope, scale: Coarse): Promise<TrendRow[]> {
  const ports = await topPorts(db, scope, scale);
  const these = `${SPANS[scale]} AND ${ASKED} AND ${THESE_PORTS}`;
  const { rows, value } = sourcesOf(scope, scale, these);
  return db.query<TrendRow>(
    `-- How many sources had each of these ports in each ${scale}?
     SELECT toString(${scale}) AS bucket, ${PORT_NAME} AS series, ${value} AS value
     FROM ${rows} GROUP BY bucket, series ORDER BY bucket, series`,
    { ...scope, ...portParameters(ports) },
  );
}

/** The series without a name is all that the others are not. */
export async function portSeries(db: Connection, scope: TrendScope, scale: Coarse): Promise<TrendRow[]> {
  const ports = await topPorts(db, scope, scale);
  const parameters = { ...scope, ...portParameters(ports) };
  const [chosen, all] = await Promise.all([
    db.query<TrendRow>(
      `-- How many packets came to each of these ports in each ${scale}?
       SELECT toString(${scale}) AS bucket, ${PORT_NAME} AS series, sum(packets) AS value
       FROM ${TABLES[scale]}
       WHERE ${SPANS[scale]} AND ${ASKED} AND ${THESE_PORTS}
       GROUP BY bucket, series ORDER BY bucket, series`,
      parameters,
    ),
    db.query<TrendRow>(
      `-- How many packets came in each ${scale}?
       SELECT toString(${scale}) AS bucket, '' AS series, sum(packets) AS value
       FROM ${CATEGORY_TABLES[scale]} WHERE ${SPANS[scale]} AND ${ASKED} GROUP BY bucket ORDER BY bucket`,
      parameters,
    ),
  ]);
  const rest = new Map(all.map(({ bucket, value }) => [bucket, value ?? 0]));
  for (const { bucket, value } of chosen) rest.set(bucket, (rest.get(bucket) ?? 0) - (value ?? 0));
  return [
    ...chosen,
    ...[...rest].filter(([, value]) => value > 0).map(([bucket, value]) => ({ bucket, series: '', value })),
  ];
}
