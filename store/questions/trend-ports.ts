// The ports with most packets over time. Which they are is asked first; then only they are looked up by the day, and all other ports are
// what is left of the sum of all.
import type { Connection } from '../database.ts';
import { KNOWN_SOURCES, sketchedPortDays } from '../sketches.ts';
import { busiestPorts } from './busiest-ports.ts';
import {
  CATEGORY_TABLES,
  type Coarse,
  PORT_NAME,
  PORTS_ASKED,
  SPANS,
  TABLES,
  type TrendRow,
  type TrendScope,
} from './trend-scope.ts';
import { portParameters, THESE_PORTS } from './year-ports.ts';

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
  const ports = await busiestPorts(db, scope, scale);
  const these = `${SPANS[scale]} AND ${PORTS_ASKED} AND ${THESE_PORTS}`;
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
  const ports = await busiestPorts(db, scope, scale);
  const parameters = { ...scope, ...portParameters(ports) };
  const [chosen, all] = await Promise.all([
    db.query<TrendRow>(
      `-- How many packets came to each of these ports in each ${scale}?
       SELECT toString(${scale}) AS bucket, ${PORT_NAME} AS series, sum(packets) AS value
       FROM ${TABLES[scale]}
       WHERE ${SPANS[scale]} AND ${PORTS_ASKED} AND ${THESE_PORTS}
       GROUP BY bucket, series ORDER BY bucket, series`,
      parameters,
    ),
    db.query<TrendRow>(
      `-- How many packets came in each ${scale}?
       SELECT toString(${scale}) AS bucket, '' AS series, sum(packets) AS value
       FROM ${CATEGORY_TABLES[scale]} WHERE ${SPANS[scale]} AND ${PORTS_ASKED} GROUP BY bucket ORDER BY bucket`,
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
