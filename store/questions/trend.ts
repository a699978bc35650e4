// Packets or distinct sources over time, in series: the answer's rows are (bucket, series, value). Each scale reads the table made for it.
import type { Connection } from '../database.ts';
import { KNOWN_SOURCES, sketchedCategoryDays } from '../sketches.ts';
import { DAYS, HOURS_ABOUT, KIND, SURVEY } from './conditions.ts';
import { portSeries, portSourceSeries, sourcesOf } from './trend-ports.ts';
import {
  CATEGORY,
  CATEGORY_TABLES,
  type Coarse,
  PORT_NAME,
  SPANS,
  TABLES,
  type TrendBy,
  type TrendRow,
  type TrendScale,
  type TrendScope,
} from './trend-scope.ts';

type Measure = 'packets' | 'sources';

const SERIES: Record<TrendBy, string> = {
  category: 'toString(category)',
  port: PORT_NAME,
  kind: 'toString(kind)',
  scanClass: 'toString(scanClass)',
};
/** As columns of the key: few rows are then read for one port. */
const PORT = 'proto = {proto:UInt8} AND dstPort = {dstPort:UInt16}';

/** The numbers of a port as PORT_NAME writes it. */
function portNumbers(name: string): { proto: number; dstPort: number } {
  const [word = '', number = ''] = name.split('/');
  if (word === 'ip') return { proto: Number(number), dstPort: 0 };
  const [type = 0, code = 0] = number.split('.').map(Number);
  if (word.startsWith('icmp')) return { proto: word === 'icmp' ? 1 : 58, dstPort: type * 256 + code };
  return { proto: word === 'tcp' ? 6 : 17, dstPort: type };
}

const grouped = (value: string) => `
  , chosen AS (SELECT name FROM hit GROUP BY name ORDER BY sum(packets) DESC, name LIMIT {series:UInt32})
  SELECT bucket, if(name IN chosen, name, '') AS series, ${value} AS value
  FROM hit GROUP BY bucket, series ORDER BY bucket, series`;
const PACKETS = 'sum(packets)';

/** A port has few series. */
function portQuestion(scope: TrendScope, scale: Coarse, measure: Measure): string {
  const where = `${SPANS[scale]} AND ${KIND} AND ${SURVEY} AND ${PORT} AND ${CATEGORY}`;
  const { rows, value } =
    measure === 'packets'
      ? { rows: `${TABLES[scale]} WHERE ${where}`, value: PACKETS }
      : sourcesOf(scope, scale, where);
  // All of them are named, and its rows are read once; or none is.
  const series = scope.series === 0 ? `''` : SERIES[scope.by];
  return `-- How much of each series came to this port in each ${scale}?
  SELECT toString(${scale}) AS bucket, ${series} AS series, ${value} AS value
  FROM ${rows}
  GROUP BY bucket, series ORDER BY bucket, series`;
}

function categoryQuestion(by: TrendBy, scale: Coarse, measure: Measure): string {
  const where = `${SPANS[scale]} AND ${KIND} AND ${SURVEY} AND ${CATEGORY}`;
  const sketched =
    scale === 'month' || measure === 'packets'
      ? `${CATEGORY_TABLES[scale]} WHERE ${where}`
      : sketchedCategoryDays(where);
  return `-- How much of each series came in each ${scale}?
  WITH hit AS (
    SELECT toString(${scale}) AS bucket, ${SERIES[by]} AS name, packets${measure === 'packets' ? '' : ', sourceSketch, unsketched'}
    FROM ${sketched}
  )${grouped(measure === 'packets' ? PACKETS : KNOWN_SOURCES)}`;
}

const hourQuestion = (by: TrendBy) => `-- How many packets of each series came in each hour?
  WITH hit AS (
    SELECT formatDateTime(hour, '%Y-%m-%dT%H:00:00Z', 'UTC') AS bucket, ${SERIES[by]} AS name, packets
    FROM (
      SELECT made.hour AS hour, made.kind AS kind, made.proto AS proto, made.dstPort AS dstPort, made.packets AS packets,
        if(named.category = '', 'other', named.category) AS category
      FROM (SELECT * FROM portHours WHERE ${DAYS} AND ${HOURS_ABOUT}) AS made
      INNER JOIN (
        SELECT sensor, day, any(rulesVersion) AS rulesVersion FROM days FINAL WHERE ${DAYS} GROUP BY sensor, day
      ) AS finalised ON finalised.sensor = made.sensor AND finalised.day = made.day
      LEFT JOIN (SELECT version, proto, port, category FROM rules FINAL) AS named
        ON named.version = finalised.rulesVersion AND named.proto = made.proto AND named.port = made.dstPort
    )
    WHERE ${KIND} AND (NOT {ofPort:Bool} OR (${PORT})) AND ${CATEGORY}
  )${grouped(PACKETS)}`;

const minuteQuestion = (by: TrendBy) => `-- How many packets of each series came in each minute?
  WITH hit AS (
    SELECT formatDateTime(minute, '%Y-%m-%dT%H:%i:00Z', 'UTC') AS bucket, ${SERIES[by]} AS name, packets
    FROM minutes
    WHERE sensor IN {sensors:Array(String)} AND toDate(minute, {timeZone:String}) BETWEEN {from:Date} AND {to:Date}
      AND minute >= toDateTime({from:Date}) - 86400 AND minute < toDateTime({to:Date}) + 2 * 86400
      AND ${KIND} AND ${CATEGORY}
  )${grouped(PACKETS)}`;

/** Hours and minutes know neither sources nor survey scanners, minutes no ports: who asks must not ask for them. */
export function trendRows(db: Connection, scope: TrendScope, scale: TrendScale, measure: Measure): Promise<TrendRow[]> {
  const ofPort = scope.port !== '';
  const ask = (sql: string) => db.query<TrendRow>(sql, { ...scope, ofPort, ...portNumbers(scope.port) });
  if (scale === 'minute') return ask(minuteQuestion(scope.by));
  if (scale === 'hour') return ask(hourQuestion(scope.by));
  if (ofPort) return ask(portQuestion(scope, scale, measure));
  if (scope.by !== 'port') return ask(categoryQuestion(scope.by, scale, measure));
  return measure === 'packets' ? portSeries(db, scope, scale) : portSourceSeries(db, scope, scale);
}
