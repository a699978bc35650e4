// Packets or distinct sources over time, in series: the answer's rows are (bucket, series, value). Each scale reads the table made for it.
import type { Connection } from '../database.ts';
import type { RangeScope } from './range.ts';

export type TrendScale = 'minute' | 'hour' | 'day' | 'month';
export type TrendBy = 'category' | 'port' | 'kind' | 'scanClass';

export interface TrendScope extends RangeScope {
  by: TrendBy;
  kind: 'scan' | 'backscatter' | 'other' | 'all';
  survey: 'exclude' | 'include' | 'only';
  /** As `portName` writes it, or empty for all. */
  port: string;
  category: string;
  /** The series with most packets; all others are one series without a name. */
  series: number;
}

export interface TrendRow {
  bucket: string;
  series: string;
  value: number;
}

/** How a port is written everywhere: `tcp/23`, `icmp/3.1` (type and code), `ip/47` for protocols without ports. */
export const PORT_NAME = `multiIf(proto = 6, concat('tcp/', toString(dstPort)), proto = 17, concat('udp/', toString(dstPort)),
  proto IN (1, 58), concat(if(proto = 1, 'icmp/', 'icmpv6/'), toString(intDiv(dstPort, 256)), '.', toString(dstPort % 256)),
  concat('ip/', toString(proto)))`;

const SERIES: Record<TrendBy, string> = {
  category: 'toString(category)',
  port: PORT_NAME,
  kind: 'toString(kind)',
  scanClass: 'toString(scanClass)',
};
const KIND = `({kind:String} = 'all' OR toString(kind) = {kind:String})`;
const SURVEY = `({survey:String} = 'include' OR (scanClass != 'other') = ({survey:String} = 'only'))`;
const PORT = `({port:String} = '' OR ${PORT_NAME} = {port:String})`;
const CATEGORY = `({category:String} = '' OR category = {category:String})`;
const DAYS = 'sensor IN {sensors:Array(String)} AND day BETWEEN {from:Date} AND {to:Date}';

const grouped = (value: string) => `
  , chosen AS (SELECT name FROM hit GROUP BY name ORDER BY sum(packets) DESC, name LIMIT {series:UInt32})
  SELECT bucket, if(name IN chosen, name, '') AS series, ${value} AS value
  FROM hit GROUP BY bucket, series ORDER BY bucket, series`;
const PACKETS = 'sum(packets)';
const SOURCES = 'uniqCombinedMerge(14)(sourceSketch)';

const dayQuestion = (by: TrendBy, value: string) => `-- How much of each series came on each day?
  WITH hit AS (
    SELECT toString(day) AS bucket, ${SERIES[by]} AS name, packets, sourceSketch
    FROM portDaysCurrent WHERE ${DAYS} AND ${KIND} AND ${SURVEY} AND ${PORT} AND ${CATEGORY}
  )${grouped(value)}`;

const monthQuestion = (by: TrendBy, value: string) => `-- How much of each series came in each month?
  WITH hit AS (
    SELECT toString(month) AS bucket, ${SERIES[by]} AS name, packets, sourceSketch
    FROM portMonthsCurrent
    WHERE sensor IN {sensors:Array(String)} AND month BETWEEN toStartOfMonth({from:Date}) AND {to:Date}
      AND ${KIND} AND ${SURVEY} AND ${PORT} AND ${CATEGORY}
  )${grouped(value)}`;

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
    WHERE ${KIND} AND ${PORT} AND ${CATEGORY}
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
  const value = measure === 'sources' ? SOURCES : PACKETS;
  const sql = {
    minute: () => minuteQuestion(scope.by),
    hour: () => hourQuestion(scope.by),
    day: () => dayQuestion(scope.by, value),
    month: () => monthQuestion(scope.by, value),
  }[scale]();
  return db.query(sql, { ...scope });
}
