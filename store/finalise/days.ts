// The statements that make days. Every row carries a version; the last statement names the version in `days`, and only then do the rows
// count. Run twice, or by two processes at once, they give the same figures.
import { IPV4_NUMBER, IS_IPV4, IS_IPV6, ipv4Of } from '../addresses.ts';
import type { Chosen } from './chosen.ts';
import { ofPlace } from './places.ts';
import { numberedPortKey, ofPortKey, PORT, portKey, withoutNumber } from './port-key.ts';

/**
 * In a cluster each shard finishes its own groups, and sets of sources stay there: all rows of a source are on one shard, and all coverage of
 * a sensor. Elsewhere it means nothing.
 */
const ON_SHARDS = 'SETTINGS distributed_group_by_no_merge = 1';

export const TCP = 6;
export const UDP = 17;
const MIRAI = 1;
const MASSCAN = 2;
const ZMAP = 4;

/**
 * What the sources of one IP version did: first apart by kind and protocol, as sums over few columns and without conditions, which is five
 * times as quick as a condition a figure; then together, while they are still numbers. Ports are sets of bits.
 * @param source what tells them apart
 * @param address how that is an address again
 */
function sourcesOf({ flows, day }: Chosen, source: string, address: string, which: string): string {
  return `SELECT day, ${address} AS srcAddr, sum(each.packets) AS packets, sum(each.bytes) AS bytes,
    sumIf(each.packets, kind = 'scan') AS scanPackets,
    sumIf(each.packets, kind = 'backscatter') AS backscatterPackets,
    sumIf(each.packets, kind = 'scan' AND proto IN (${TCP}, ${UDP})) AS surveyPackets,
    sumIf(each.ports, kind = 'scan' AND proto IN (${TCP}, ${UDP})) AS ports,
    sum(each.mirai) AS mirai,
    sumIf(each.packets, kind = 'scan' AND proto = ${TCP}) AS synPackets,
    groupBitAndIf(marks, kind = 'scan' AND proto = ${TCP}) AS allMarks
  FROM (
    SELECT ${day} AS day, ${source} AS source, kind, proto,
      sum(flows.packets) AS packets, sum(flows.bytes) AS bytes, sumIf(flows.packets, bitAnd(toolMarks, ${MIRAI}) != 0) AS mirai,
      groupBitAnd(toolMarks) AS marks, groupBitmapIf(dstPort, kind = 'scan') AS ports
    FROM ${flows} AND ${which}
    GROUP BY day, source, kind, proto
  ) AS each
  GROUP BY day, source`;
}

/** Addresses monitored on each day that has any: a lookup, since a join of many sources takes as long as counting them. */
const MONITORED = `(
  SELECT (groupArray(toUInt16(day)), groupArray(most)) FROM (
    SELECT toDate(hour, {timeZone:String}) AS day, max(monitoredAddresses) AS most
    FROM coverage WHERE sensor = {sensor:String} AND monitoredAddresses > 0 GROUP BY day
  ))`;

/** Sources first: they say who is a survey scanner. A 16-bit tool mark counts only where all of a day's SYNs bear it. */
export const makeSourceDays = (
  chosen: Chosen,
): string => `-- What did each source do in these days, and is it a survey scanner?
INSERT INTO sourceDays
WITH ${MONITORED} AS monitored,
  if(empty(monitored.1), 0, transform(toUInt16(day), monitored.1, monitored.2, toUInt32(0))) AS addresses
SELECT {sensor:String}, day, {version:UInt64}, srcAddr, packets, bytes, scanPackets, backscatterPackets, ports,
  mirai,
  if(bitAnd(allMarks, ${MASSCAN}) != 0 AND synPackets > 0, synPackets, 0),
  if(bitAnd(allMarks, ${ZMAP}) != 0 AND synPackets > 0, synPackets, 0),
  if(addresses > 0 AND ports >= {minPorts:UInt32} AND surveyPackets >= {minPacketsPerAddress:Float64} * addresses,
     'surveySuspected', 'other'),
  ''
FROM (
  ${sourcesOf(chosen, IPV4_NUMBER, ipv4Of('source'), IS_IPV4)}
  UNION ALL
  ${sourcesOf(chosen, 'srcAddr', 'source', IS_IPV6)}
)
${ON_SHARDS}`;

const HIT = ofPortKey('port');
const KEY = portKey('toUInt16(day)', 'class', 'kind', 'proto', PORT);

/**
 * By the flows of IPv4 sources. A survey scanner comes to most ports: of each 64 of them a port has a row, with a bit for each that came,
 * which takes half the time of sets of addresses. Others are few on a port, and many in all: their addresses are a set.
 */
function portsHit({ flows, day, place }: Chosen): string {
  const scanner = ofPlace('place');
  const { key, bit } = numberedPortKey(KEY, 'number');
  return `SELECT ${key} AS key, sum(flow.packets) AS packets, sum(flow.bytes) AS bytes,
      bitCount(groupBitOr(${bit})) + uniqExactIf(source, number = 0) AS sources
    FROM (
      SELECT ${day} AS day, ${place} AS place, ${scanner.class} AS class, ${scanner.number} AS number,
        ${IPV4_NUMBER} AS source, kind, proto, srcPort, dstPort, packets, bytes
      FROM ${flows} AND ${IS_IPV4}
    ) AS flow
    GROUP BY key`;
}

/** The same of IPv6 sources, which are few. */
function portsHit6({ flows, day, class6 }: Chosen): string {
  return `SELECT ${KEY} AS key, sum(flow.packets) AS packets, sum(flow.bytes) AS bytes, uniqExact(srcAddr) AS sources
    FROM (
      SELECT ${day} AS day, ${class6} AS class, srcAddr, kind, proto, srcPort, dstPort, packets, bytes
      FROM ${flows} AND ${IS_IPV6}
    ) AS flow
    GROUP BY key`;
}

/** No source is of both IP versions, has two numbers, or is on two shards: their counts add up. */
export const makePortDays = (
  chosen: Chosen,
): string => `-- Which ports were hit in these days, by how many packets and sources, survey scanners apart?
INSERT INTO portDays
WITH ${chosen.places}
SELECT {sensor:String}, ${HIT.day}, {version:UInt64}, ${HIT.scanClass}, ${HIT.kind}, ${HIT.proto} AS hitProto, ${HIT.port} AS hitPort,
  if(named.category = '', 'other', named.category), made.packets, made.bytes, made.sources
FROM (
  SELECT ${withoutNumber('key')} AS port, sum(hit.packets) AS packets, sum(hit.bytes) AS bytes, sum(hit.sources) AS sources
  FROM (
    ${portsHit(chosen)}
    UNION ALL
    ${portsHit6(chosen)}
  ) AS hit
  GROUP BY port
) AS made
LEFT JOIN (SELECT proto, port, category FROM rules FINAL WHERE version = {rulesVersion:String}) AS named
  ON named.proto = hitProto AND named.port = hitPort
${ON_SHARDS}`;

export const CATEGORY_DAYS = `-- How much of each category came in these days?
INSERT INTO categoryDays
SELECT sensor, day, version, scanClass, kind, category, sum(packets), sum(bytes) FROM portDays
WHERE sensor = {sensor:String} AND version = {version:UInt64} AND day IN {days:Array(Date)}
GROUP BY sensor, day, version, scanClass, kind, category`;

/** A table's packets of the days, as this version has them. */
function madePackets(table: string): string {
  return `SELECT '${table}' AS made, day, sum(packets) AS packets FROM ${table}
    WHERE sensor = {sensor:String} AND version = {version:UInt64} AND day IN {days:Array(Date)} GROUP BY day`;
}

/**
 * The switch: from this row on the new version counts. Packets are those the rows were made from, not those of the account: the least of
 * the two tables, which differ where flows came in between their statements. Such a day is then found stale.
 */
export const DAYS = `-- From what were these days made?
INSERT INTO days
SELECT {sensor:String}, chosen.day, {version:UInt64}, made.packets, monitored.addresses,
  {rulesVersion:String}, {minPorts:UInt32}, {minPacketsPerAddress:Float64}
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
) AS monitored ON monitored.day = chosen.day`;
