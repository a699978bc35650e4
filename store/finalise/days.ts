// The statements that make days and months. Every row carries a version; the last statement names the version in `days` (`months`),
// and only then do the rows count. Run twice, or by two processes at once, they give the same figures.

import { tableNamed } from '../tables.ts';

/** Flows of the chosen days, once for all statements: `day` is in the sensor's time zone. */
const CHOSEN_FLOWS = `
  flows WHERE sensor = {sensor:String}
    AND hour >= toDateTime({first:Date}, {timeZone:String}) AND hour < toDateTime({last:Date} + 1, {timeZone:String})
    AND toDate(hour, {timeZone:String}) IN {days:Array(Date)}`;

/** As the tables have them. */
const SCAN_CLASSES = tableNamed('sourceDays').columns.find(({ name }) => name === 'scanClass')?.type;

const TCP = 6;
const UDP = 17;
const MIRAI = 1;
const MASSCAN = 2;
const ZMAP = 4;

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
  SELECT toDate(hour, {timeZone:String}) AS day, srcAddr, sum(packets) AS packets, sum(bytes) AS bytes,
    sumIf(flows.packets, kind = 'scan') AS scanPackets,
    sumIf(flows.packets, kind = 'backscatter') AS backscatterPackets,
    sumIf(flows.packets, kind = 'scan' AND proto IN (${TCP}, ${UDP})) AS surveyPackets,
    uniqExactIf(toUInt32(proto * 65536 + dstPort), kind = 'scan' AND proto IN (${TCP}, ${UDP})) AS ports,
    sumIf(flows.packets, bitAnd(toolMarks, ${MIRAI}) != 0) AS mirai,
    sumIf(flows.packets, kind = 'scan' AND proto = ${TCP}) AS synPackets,
    groupBitAndIf(toolMarks, kind = 'scan' AND proto = ${TCP}) AS allMarks
  FROM ${CHOSEN_FLOWS}
  GROUP BY day, srcAddr
) AS made
LEFT JOIN (
  SELECT toDate(hour, {timeZone:String}) AS day, max(monitoredAddresses) AS addresses
  FROM coverage WHERE sensor = {sensor:String} GROUP BY day
) AS monitored ON monitored.day = made.day`;

/** The sources of a class on each of the days, as SOURCE_DAYS found them. */
function sourcesOf(scanClass: string): string {
  return `SELECT srcAddr, day FROM sourceDays
        WHERE sensor = {sensor:String} AND version = {version:UInt64} AND day IN {days:Array(Date)} AND scanClass = '${scanClass}'`;
}

/** True for IPv4: ::ffff:a.b.c.d. */
const IS_IPV4 = 'bitShiftRight(toUInt128(srcAddr), 32) = 0xffff';

export const PORT_DAYS = `-- Which ports were hit in these days, by how many packets and sources, survey scanners apart?
INSERT INTO portDays
SELECT {sensor:String}, day, {version:UInt64}, CAST(class AS ${SCAN_CLASSES}), kind, proto, port,
  if(named.category = '', 'other', named.category), packets, bytes, sources, sketch
FROM (
  SELECT toDate(hour, {timeZone:String}) AS day,
    -- sets and numbers: a join takes three times as long, and keys with text half as long again
    multiIf((srcAddr, day) IN (${sourcesOf('surveySuspected')}), 2, (srcAddr, day) IN (${sourcesOf('surveyKnown')}), 3, 1) AS class,
    kind, proto, if(kind = 'backscatter', srcPort, dstPort) AS port,
    sum(packets) AS packets, sum(bytes) AS bytes,
    -- IPv4 apart: sets of 32-bit numbers take half the time
    uniqExactIf(toUInt32(toUInt128(srcAddr)), ${IS_IPV4}) + uniqExactIf(srcAddr, NOT (${IS_IPV4})) AS sources,
    uniqCombinedState(14)(cityHash64(srcAddr)) AS sketch
  FROM ${CHOSEN_FLOWS}
  GROUP BY day, class, kind, proto, port
) AS made
LEFT JOIN (SELECT proto, port, category FROM rules WHERE version = {rulesVersion:String}) AS named
  ON named.proto = made.proto AND named.port = made.port`;

export const PORT_HOURS = `-- Which ports were hit in each hour of these days?
INSERT INTO portHours
SELECT {sensor:String}, toDate(hour, {timeZone:String}) AS day, {version:UInt64}, hour, kind, proto,
  if(kind = 'backscatter', srcPort, dstPort) AS port, sum(packets), sum(bytes)
FROM ${CHOSEN_FLOWS}
GROUP BY day, hour, kind, proto, port`;

/** The switch: from this row on the new version counts. Packets are those the rows were made from, not those of the account. */
export const DAYS = `-- From what were these days made?
INSERT INTO days
SELECT {sensor:String}, made.day, {version:UInt64}, made.packets, monitored.addresses,
  {rulesVersion:String}, {minPorts:UInt32}, {minPacketsPerAddress:Float64}
FROM (
  SELECT day, sum(packets) AS packets FROM portDays
  WHERE sensor = {sensor:String} AND version = {version:UInt64} AND day IN {days:Array(Date)} GROUP BY day
) AS made
LEFT JOIN (
  SELECT toDate(hour, {timeZone:String}) AS day, max(monitoredAddresses) AS addresses
  FROM coverage WHERE sensor = {sensor:String} GROUP BY day
) AS monitored ON monitored.day = made.day`;

export const PORT_MONTHS = `-- Which ports were hit in these months?
INSERT INTO portMonths
SELECT {sensor:String}, toStartOfMonth(day) AS month, {version:UInt64}, scanClass, kind, proto, dstPort, any(category),
  sum(packets), sum(bytes), uniqCombinedMergeState(14)(sourceSketch)
FROM portDaysCurrent
WHERE sensor = {sensor:String} AND toStartOfMonth(day) IN {months:Array(Date)}
GROUP BY month, scanClass, kind, proto, dstPort`;

export const MONTHS = `-- From which versions of their days were these months made?
INSERT INTO months
SELECT {sensor:String}, toStartOfMonth(day) AS month, {version:UInt64}, groupBitXor(cityHash64(day, version))
FROM (SELECT day, max(version) AS version FROM days WHERE sensor = {sensor:String} GROUP BY day)
WHERE toStartOfMonth(day) IN {months:Array(Date)}
GROUP BY month`;
