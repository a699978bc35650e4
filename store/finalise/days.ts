// The statements that make days. Every row carries a version; the last statement names the version in `days`, and only then do the rows
// count. Run twice, or by two processes at once, they give the same figures.
import { OF_VERSION, OF_VERSION_DAYS } from './of-version.ts';
import { ofPortKey, withoutNumber } from './port-key.ts';

const HIT = ofPortKey('port');

export const PORT_DAYS = `-- Which ports were hit in these days, by how many packets and sources, survey scanners apart?
INSERT INTO portDays
SELECT {sensor:String}, ${HIT.day}, {version:UInt64}, ${HIT.scanClass}, ${HIT.kind}, ${HIT.proto} AS hitProto, ${HIT.port} AS hitPort,
  if(named.category = '', 'other', named.category), made.packets, made.bytes, made.sources
FROM (
  SELECT ${withoutNumber('hit')} AS port, sum(portHits.packets) AS packets, sum(portHits.bytes) AS bytes,
    sum(bitCount(scanners) + length(sources4) + length(sources6)) AS sources
  FROM portHits WHERE ${OF_VERSION}
  GROUP BY port
) AS made
LEFT JOIN (SELECT proto, port, category FROM rules FINAL WHERE version = {rulesVersion:String}) AS named
  ON named.proto = hitProto AND named.port = hitPort`;

export const CATEGORY_DAYS = `-- How much of each category came in these days?
INSERT INTO categoryDays
SELECT sensor, day, version, scanClass, kind, category, sum(packets), sum(bytes) FROM portDays
WHERE ${OF_VERSION_DAYS}
GROUP BY sensor, day, version, scanClass, kind, category`;

/** A table's packets of the days, as this version has them. */
function madePackets(table: string): string {
  return `SELECT '${table}' AS made, day, sum(packets) AS packets FROM ${table}
    WHERE ${OF_VERSION_DAYS} GROUP BY day`;
}

/** What a day's row says of it. */
export interface MadeFrom {
  packets: number;
  addresses: number;
}

/**
 * In the order of the days. Packets are those the rows were made from, not those of the account: the least of the two tables, which differ
 * where flows came in between their statements. Such a day is then found stale.
 */
export const MADE_FROM = `-- From what were these days made?
SELECT made.packets AS packets, monitored.addresses AS addresses
FROM (SELECT arrayJoin({days:Array(Date)}) AS day) AS chosen
LEFT JOIN (
  SELECT day, if(count() = 2, min(packets), 0) AS packets FROM (
    ${madePackets('sourceDays')}
    UNION ALL
    ${madePackets('categoryDays')}
  ) GROUP BY day
) AS made ON made.day = chosen.day
LEFT JOIN (
  SELECT toDate(hour, {timeZone:String}) AS day, max(monitoredAddresses) AS addresses
  FROM coverage WHERE sensor = {sensor:String} GROUP BY day
) AS monitored ON monitored.day = chosen.day
ORDER BY chosen.day`;

/** The switch: from this row on the new version counts. */
export const DAYS = `-- These days are made.
INSERT INTO days
SELECT {sensor:String}, {days:Array(Date)}[place], {version:UInt64}, {packets:Array(UInt64)}[place], {addresses:Array(UInt32)}[place],
  {rulesVersion:String}, {minPorts:UInt32}, {minPacketsPerAddress:Float64}
FROM (SELECT arrayJoin(arrayEnumerate({days:Array(Date)})) AS place)`;
