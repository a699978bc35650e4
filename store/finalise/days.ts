// The statements that make days and months. Every row carries a version; the last statement names the version in `days` (`months`),
// and only then do the rows count. Run twice, or by two processes at once, they give the same figures.

import {
  HASH_BYTES,
  MERGED_SKETCH,
  MOST_SKETCH_BYTES,
  SKETCH,
  SKETCHED_BYTES,
  sketchedCategoryDays,
  sketchedPortDays,
} from '../sketches.ts';
import { tableNamed } from '../tables.ts';

/** Flows of the chosen days, once for all statements: `day` is in the sensor's time zone. */
const CHOSEN_FLOWS = `
  flows WHERE sensor = {sensor:String}
    AND hour >= toDateTime({first:Date}, {timeZone:String}) AND hour < toDateTime({last:Date} + 1, {timeZone:String})
    AND toDate(hour, {timeZone:String}) IN {days:Array(Date)}`;

/**
 * In a cluster each shard finishes its own groups, and sets of sources stay there: all rows of a source are on one shard, and all coverage of
 * a sensor. Elsewhere it means nothing.
 */
const ON_SHARDS = 'SETTINGS distributed_group_by_no_merge = 1';

/** As the tables have them. */
const SCAN_CLASSES = tableNamed('sourceDays').columns.find(({ name }) => name === 'scanClass')?.type;

const TCP = 6;
const UDP = 17;
const MIRAI = 1;
const MASSCAN = 2;
const ZMAP = 4;

/** True for IPv4: ::ffff:a.b.c.d. Such an address is then a number of 32 bits: keys and sets of them take half the time. */
const IS_IPV4 = 'bitShiftRight(toUInt128(srcAddr), 32) = 0xffff';
const IPV4_NUMBER = 'toUInt32(toUInt128(srcAddr))';

/**
 * What the sources of one IP version did, apart by kind and protocol: sums over few columns and no conditions, which is five times as
 * quick as a condition a figure. Ports are sets of bits.
 * @param source what tells them apart
 * @param address how that is an address again
 */
function sourcesByKind(source: string, address: string, which: string): string {
  return `SELECT day, ${address} AS srcAddr, kind, proto, packets, bytes, mirai, marks, ports FROM (
      SELECT toDate(hour, {timeZone:String}) AS day, ${source} AS source, kind, proto,
        sum(flows.packets) AS packets, sum(flows.bytes) AS bytes, sumIf(flows.packets, bitAnd(toolMarks, ${MIRAI}) != 0) AS mirai,
        groupBitAnd(toolMarks) AS marks, groupBitmapIf(dstPort, kind = 'scan') AS ports
      FROM ${CHOSEN_FLOWS} AND ${which}
      GROUP BY day, source, kind, proto
    )`;
}

/** Sources first: they say who is a survey scanner. A 16-bit tool mark counts only where all of a day's SYNs bear it. */
export const SOURCE_DAYS = `-- What did each source do in these days, and is it a survey scanner?
INSERT INTO sourceDays
SELECT {sensor:String}, made.day, {version:UInt64}, srcAddr, packets, bytes, scanPackets, backscatterPackets, ports,
  mirai,
  if(bitAnd(allMarks, ${MASSCAN}) != 0 AND synPackets > 0, synPackets, 0),
  if(bitAnd(allMarks, ${ZMAP}) != 0 AND synPackets > 0, synPackets, 0),
  if(addresses > 0 AND ports >= {minPorts:UInt32} AND surveyPackets >= {minPacketsPerAddress:Float64} * addresses,
     'surveySuspected', 'other'),
  ''
FROM (
  SELECT day, srcAddr, sum(each.packets) AS packets, sum(each.bytes) AS bytes,
    sumIf(each.packets, kind = 'scan') AS scanPackets,
    sumIf(each.packets, kind = 'backscatter') AS backscatterPackets,
    sumIf(each.packets, kind = 'scan' AND proto IN (${TCP}, ${UDP})) AS surveyPackets,
    sumIf(each.ports, kind = 'scan' AND proto IN (${TCP}, ${UDP})) AS ports,
    sum(each.mirai) AS mirai,
    sumIf(each.packets, kind = 'scan' AND proto = ${TCP}) AS synPackets,
    groupBitAndIf(marks, kind = 'scan' AND proto = ${TCP}) AS allMarks
  FROM (
    ${sourcesByKind(IPV4_NUMBER, 'toIPv6(toIPv4(source))', IS_IPV4)}
    UNION ALL
    ${sourcesByKind('srcAddr', 'source', `NOT (${IS_IPV4})`)}
  ) AS each
  GROUP BY day, srcAddr
) AS made
LEFT JOIN (
  SELECT toDate(hour, {timeZone:String}) AS day, max(monitoredAddresses) AS addresses
  FROM coverage WHERE sensor = {sensor:String} GROUP BY day
) AS monitored ON monitored.day = made.day
${ON_SHARDS}`;

/** A source on a day, as one number where it is IPv4. */
const IPV4_DAY = `toUInt64(toUInt16(day)) * 4294967296 + ${IPV4_NUMBER}`;

/** The scanClass of a source on a day, as SOURCE_DAYS found it: sets and numbers, since a join takes three times as long. */
const CLASS = `if(${IS_IPV4},
      if(${IPV4_DAY} IN (${survey(IPV4_DAY, IS_IPV4)}),
         if(${IPV4_DAY} IN (${survey(IPV4_DAY, `${IS_IPV4} AND scanClass = 'surveyKnown'`)}), 3, 2), 1),
      multiIf((srcAddr, day) IN (${survey('srcAddr, day', "scanClass = 'surveyKnown'")}), 3,
              (srcAddr, day) IN (${survey('srcAddr, day', `NOT (${IS_IPV4})`)}), 2, 1))`;

/** Survey scanners of these days. */
function survey(what: string, which: string): string {
  return `SELECT ${what} FROM sourceDays WHERE sensor = {sensor:String} AND version = {version:UInt64}
        AND day IN {days:Array(Date)} AND scanClass != 'other' AND ${which}`;
}

/** The addresses of a port's sources, IPv4 and IPv6, each once: quicker than a set of the database's that only counts. */
const SOURCES4 = `groupUniqArrayIf(${IPV4_NUMBER}, ${IS_IPV4})`;
const SOURCES6 = `groupUniqArrayIf(srcAddr, NOT (${IS_IPV4}))`;

/** By the flows of one server. */
const PORTS_HIT = `
  SELECT toDate(hour, {timeZone:String}) AS day, ${CLASS} AS class,
    kind, proto, if(kind = 'backscatter', srcPort, dstPort) AS port,
    sum(packets) AS packets, sum(bytes) AS bytes, length(${SOURCES4}) + length(${SOURCES6}) AS sources
  FROM ${CHOSEN_FLOWS}
  GROUP BY day, class, kind, proto, port`;

/** No source is on two shards: their numbers of sources add up. */
const PORTS_OF_SHARDS = `
  SELECT day, class, kind, proto, port, sum(hit.packets) AS packets, sum(hit.bytes) AS bytes, sum(hit.sources) AS sources
  FROM (${PORTS_HIT}
  ) AS hit
  GROUP BY day, class, kind, proto, port`;

const portDays = (
  hit: string,
  settings: string,
) => `-- Which ports were hit in these days, by how many packets and sources, survey scanners apart?
INSERT INTO portDays
SELECT {sensor:String}, day, {version:UInt64}, CAST(class AS ${SCAN_CLASSES}), kind, proto, port,
  if(named.category = '', 'other', named.category), packets, bytes, sources
FROM (${hit}
) AS made
LEFT JOIN (SELECT proto, port, category FROM rules FINAL WHERE version = {rulesVersion:String}) AS named
  ON named.proto = made.proto AND named.port = made.port${settings}`;

export const PORT_DAYS = portDays(PORTS_HIT, '');
/** The same in a cluster. */
export const PORT_DAYS_SPREAD = portDays(PORTS_OF_SHARDS, `\n${ON_SHARDS}`);

export const PORT_HOURS = `-- Which ports were hit in each hour of these days?
INSERT INTO portHours
SELECT {sensor:String}, toDate(hour, {timeZone:String}) AS day, {version:UInt64}, hour, kind, proto,
  if(kind = 'backscatter', srcPort, dstPort) AS port, sum(packets), sum(bytes)
FROM ${CHOSEN_FLOWS}
GROUP BY day, hour, kind, proto, port
-- in few parts: rows of neighbouring ports then stand together, which takes a sixth less room
SETTINGS min_insert_block_size_rows = 4000000, min_insert_block_size_bytes = 0`;

/** Ports in the order of their packets until memory is used up; what is left over is no sketch, but its number of sources. */
const CHOSEN_PORTS = `
  SELECT day, scanClass, kind, proto, dstPort, category, sources FROM (
    SELECT *, sum(least(${HASH_BYTES} * sources, ${MOST_SKETCH_BYTES})) OVER (
      PARTITION BY day ORDER BY packets DESC, scanClass, kind, proto, dstPort ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS room
    FROM portDays WHERE sensor = {sensor:String} AND version = {version:UInt64} AND day IN {days:Array(Date)}
  ) WHERE room <= ${SKETCHED_BYTES}`;

export const PORT_SKETCHES = `-- Which sources had the ports with most packets in these days?
INSERT INTO portSketches
SELECT {sensor:String}, chosen.day, {version:UInt64}, chosen.scanClass, chosen.kind, chosen.proto, chosen.dstPort, chosen.category,
  chosen.sources, hit.sketch
FROM (${CHOSEN_PORTS}
) AS chosen
INNER JOIN (
  SELECT toDate(hour, {timeZone:String}) AS day, CAST(${CLASS} AS ${SCAN_CLASSES}) AS class,
    kind, proto, if(kind = 'backscatter', srcPort, dstPort) AS port, ${SKETCH}(cityHash64(srcAddr)) AS sketch
  FROM ${CHOSEN_FLOWS}
    AND (toDate(hour, {timeZone:String}), kind, proto, if(kind = 'backscatter', srcPort, dstPort))
      IN (SELECT day, kind, proto, dstPort FROM (${CHOSEN_PORTS}))
  GROUP BY day, class, kind, proto, port
) AS hit ON hit.day = chosen.day AND hit.class = chosen.scanClass AND hit.kind = chosen.kind AND hit.proto = chosen.proto
  AND hit.port = chosen.dstPort`;

/** A port's rule as a number: a flow is looked up by numbers. */
const RULES = (what: string) => `(
    SELECT groupArray(${what}) FROM (SELECT * FROM rules FINAL WHERE version = {rulesVersion:String} ORDER BY proto, port))`;

export const CATEGORY_SKETCHES = `-- Which sources had each category in these days?
INSERT INTO categorySketches
WITH ${RULES('toUInt32(proto) * 65536 + port')} AS rulePorts, ${RULES('toString(category)')} AS ruleCategories,
  arrayDistinct(ruleCategories) AS named
SELECT {sensor:String}, day, {version:UInt64}, class, kind, if(place = 0, 'other', named[place]) AS category,
  uniqCombinedMergeState(14)(sketch)
FROM (
  SELECT toDate(hour, {timeZone:String}) AS day, CAST(${CLASS} AS ${SCAN_CLASSES}) AS class, kind,
    transform(toUInt32(proto) * 65536 + if(kind = 'backscatter', srcPort, dstPort), rulePorts,
      arrayMap(name -> toUInt16(indexOf(named, name)), ruleCategories), toUInt16(0)) AS place,
    ${SKETCH}(cityHash64(srcAddr)) AS sketch
  FROM ${CHOSEN_FLOWS}
  GROUP BY day, class, kind, place
)
GROUP BY day, class, kind, category`;

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
 * the three tables, which differ where flows came in between their statements. Such a day is then found stale.
 */
export const DAYS = `-- From what were these days made?
INSERT INTO days
SELECT {sensor:String}, chosen.day, {version:UInt64}, made.packets, monitored.addresses,
  {rulesVersion:String}, {minPorts:UInt32}, {minPacketsPerAddress:Float64}
FROM (SELECT arrayJoin({days:Array(Date)}) AS day) AS chosen
LEFT JOIN (
  SELECT day, if(count() = 3, min(packets), 0) AS packets FROM (
    ${madePackets('sourceDays')}
    UNION ALL
    ${madePackets('categoryDays')}
    UNION ALL
    ${madePackets('portHours')}
  ) GROUP BY day
) AS made ON made.day = chosen.day
LEFT JOIN (
  SELECT toDate(hour, {timeZone:String}) AS day, max(monitoredAddresses) AS addresses
  FROM coverage WHERE sensor = {sensor:String} GROUP BY day
) AS monitored ON monitored.day = chosen.day`;

/** Sketches of many ports may be more than memory holds. */
const BOUNDED = 'SETTINGS max_bytes_before_external_group_by = 300000000';

export const PORT_MONTHS = `-- Which ports were hit in these months?
INSERT INTO portMonths
SELECT {sensor:String}, toStartOfMonth(day) AS month, {version:UInt64}, scanClass, kind, proto, dstPort, any(category),
  sum(packets), sum(bytes), ${MERGED_SKETCH}, sum(unsketched)
FROM ${sketchedPortDays('sensor = {sensor:String} AND toStartOfMonth(day) IN {months:Array(Date)}')}
GROUP BY month, scanClass, kind, proto, dstPort
${BOUNDED}`;

export const CATEGORY_MONTHS = `-- How much of each category came in these months?
INSERT INTO categoryMonths
SELECT {sensor:String}, toStartOfMonth(day) AS month, {version:UInt64}, scanClass, kind, category,
  sum(packets), sum(bytes), ${MERGED_SKETCH}, sum(unsketched)
FROM ${sketchedCategoryDays('sensor = {sensor:String} AND toStartOfMonth(day) IN {months:Array(Date)}')}
GROUP BY month, scanClass, kind, category`;

export const MONTHS = `-- From which versions of their days were these months made?
INSERT INTO months
SELECT {sensor:String}, toStartOfMonth(day) AS month, {version:UInt64}, groupBitXor(cityHash64(day, version))
FROM (SELECT day, max(version) AS version FROM days WHERE sensor = {sensor:String} GROUP BY day)
WHERE toStartOfMonth(day) IN {months:Array(Date)}
GROUP BY month`;

/** Months that a year is made of: the sensor's last one is not over. */
export const OVER = `month < (SELECT max(month) FROM months WHERE sensor = {sensor:String})`;

/** What a port is ranked by; a rank is 0 where there is nothing of it. */
const RANKED = { rankExclude: 'other', rankInclude: 'other + survey', rankOnly: 'survey' };
const rankText = ([name, packets]: [string, string]) =>
  `if(isRanked AND ${packets} > 0, row_number() OVER (PARTITION BY isRanked ORDER BY ${packets} DESC, proto, dstPort), 0) AS ${name}`;

export const PORT_YEARS = `-- Which ports were hit in this year, and which rank has each?
INSERT INTO portYears
WITH hit AS (
  SELECT scanClass, kind, proto, dstPort, any(category) AS category, sum(packets) AS packets, sum(bytes) AS bytes,
    ${MERGED_SKETCH} AS sketch, sum(unsketched) AS unsketched
  FROM portMonthsCurrent WHERE sensor = {sensor:String} AND toYear(month) = {year:UInt16} AND ${OVER}
  GROUP BY scanClass, kind, proto, dstPort
),
ranked AS (
  SELECT kind, proto, dstPort, kind = 'scan' AND proto IN (${TCP}, ${UDP}) AS isRanked,
    ${Object.entries(RANKED).map(rankText).join(',\n    ')}
  FROM (
    SELECT kind, proto, dstPort, sumIf(packets, scanClass = 'other') AS other, sumIf(packets, scanClass != 'other') AS survey
    FROM portMonthsCurrent WHERE sensor = {sensor:String} AND toYear(month) = {year:UInt16} AND ${OVER}
    GROUP BY kind, proto, dstPort
  )
)
SELECT {sensor:String}, {year:UInt16}, {version:UInt64}, scanClass, hit.kind, hit.proto, hit.dstPort, category, packets, bytes, sketch, unsketched,
  ${Object.keys(RANKED).join(', ')}
FROM hit LEFT JOIN ranked ON ranked.kind = hit.kind AND ranked.proto = hit.proto AND ranked.dstPort = hit.dstPort
${BOUNDED}`;

export const YEARS = `-- From which versions of its months was this year made?
INSERT INTO years
SELECT {sensor:String}, {year:UInt16}, {version:UInt64}, max(month), groupBitXor(cityHash64(month, version))
FROM (SELECT month, max(version) AS version FROM months WHERE sensor = {sensor:String} GROUP BY month)
WHERE toYear(month) = {year:UInt16} AND ${OVER}
HAVING count() > 0`;
