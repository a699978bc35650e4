// Packets or distinct sources over time, in series: the answer's rows are (bucket, series, value). Each scale reads the table made for it.
import type { Connection } from '../database.ts';
import { portSeries } from './trend-ports.ts';
import {
  BUCKETS,
  CATEGORY,
  type Coarse,
  DAYS,
  KIND,
  PORT_NAME,
  SPANS,
  SURVEY,
  TABLES,
  type TrendBy,
  type TrendRow,
  type TrendScale,
  type TrendScope,
  WHOLE_MONTHS,
} from './trend-scope.ts';

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
const SOURCES = 'uniqCombinedMerge(14)(sourceSketch)';
/** Exact. */
const DAY_SOURCES = 'sum(sources)';

/** A source of a day has one scan class, so that the sources of a port's rows are not the same ones: of one sensor and kind. */
function hasOwnSources({ port, sensors, kind }: TrendScope, scale: Coarse): boolean {
  return scale === 'day' && port !== '' && sensors.length === 1 && kind !== 'all';
}

/** Of a port, or of sources: there are as many rows as there are ports. */
const portQuestion = (
  by: TrendBy,
  scale: Coarse,
  value: string,
  port: string,
) => `-- How much of each series came in each ${scale}?
  WITH hit AS (
    SELECT toString(${scale}) AS bucket, ${SERIES[by]} AS name, packets, ${value === DAY_SOURCES ? 'sources' : 'sourceSketch'}
    FROM ${TABLES[scale]} WHERE ${SPANS[scale]} AND ${KIND} AND ${SURVEY} AND ${port} AND ${CATEGORY}
  )${grouped(value)}`;

/** A port has few series: all of them are named, and its rows are read once. */
const portHistory = (
  by: TrendBy,
  scale: Coarse,
  value: string,
) => `-- How much of each series came to this port in each ${scale}?
  SELECT toString(${scale}) AS bucket, ${SERIES[by]} AS series, ${value} AS value
  FROM ${TABLES[scale]} WHERE ${SPANS[scale]} AND ${KIND} AND ${SURVEY} AND ${PORT} AND ${CATEGORY}
  GROUP BY bucket, series ORDER BY bucket, series`;
const MOST_OF_A_PORT = 3;

/** Without ports: a few rows a day. */
const categoryQuestion = (by: TrendBy, scale: Coarse) => `-- How many packets of each series came in each ${scale}?
  WITH hit AS (
    SELECT ${BUCKETS[scale]} AS bucket, ${SERIES[by]} AS name, packets
    FROM categoryDaysCurrent WHERE ${scale === 'day' ? DAYS : WHOLE_MONTHS} AND ${KIND} AND ${SURVEY} AND ${CATEGORY}
  )${grouped(PACKETS)}`;

const hourQuestion = (by: TrendBy) => `-- How many packets of each series came in each hour?
  WITH hit AS (
    SELECT formatDateTime(hour, '%Y-%m-%dT%H:00:00Z', 'UTC') AS bucket, ${SERIES[by]} AS name, packets
    FROM (
      SELECT made.hour AS hour, made.kind AS kind, made.proto AS proto, made.dstPort AS dstPort, made.packets AS packets,
        if(named.category = '', 'other', named.category) AS category
      FROM (SELECT * FROM portHoursCurrent WHERE ${DAYS}) AS made
      LEFT JOIN (
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
export function trendRows(
  db: Connection,
  scope: TrendScope,
  scale: TrendScale,
  measure: 'packets' | 'sources',
): Promise<TrendRow[]> {
  const ofPort = scope.port !== '';
  if (measure === 'packets' && scope.by === 'port' && !ofPort && (scale === 'day' || scale === 'month'))
    return portSeries(db, scope, scale);
  const sql = () => {
    if (scale === 'minute') return minuteQuestion(scope.by);
    if (scale === 'hour') return hourQuestion(scope.by);
    if (measure === 'packets' && !ofPort) return categoryQuestion(scope.by, scale);
    const value = measure === 'packets' ? PACKETS : hasOwnSources(scope, scale) ? DAY_SOURCES : SOURCES;
    if (ofPort && scope.series >= MOST_OF_A_PORT) return portHistory(scope.by, scale, value);
    return portQuestion(scope.by, scale, value, ofPort ? PORT : '1');
  };
  return db.query(sql(), { ...scope, ofPort, ...portNumbers(scope.port) });
}
