// The statements that make a day's sketches of sources: of the ports with most packets, and of each category.
import { HASH_BYTES, MERGED_SKETCH, MOST_SKETCH_BYTES, SKETCH, SKETCHED_BYTES } from '../sketches.ts';
import { tableNamed } from '../tables.ts';
import { CHOSEN_FLOWS, CLASS, PORT, SCAN_CLASSES } from './days.ts';

/** Ports in the order of their packets until memory is used up; what is left over is no sketch, but its number of sources. */
const CHOSEN_PORTS = `
  SELECT day, scanClass, kind, proto, dstPort, category, sources FROM (
    SELECT *, sum(least(${HASH_BYTES} * sources, ${MOST_SKETCH_BYTES})) OVER (
      PARTITION BY day ORDER BY packets DESC, scanClass, kind, proto, dstPort ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS room
    FROM portDays WHERE sensor = {sensor:String} AND version = {version:UInt64} AND day IN {days:Array(Date)}
  ) WHERE room <= ${SKETCHED_BYTES}`;

/** A row of portDays as one number, by which a flow is looked up. */
const portKey = (day: string, scanClass: string, kind: string, proto: string, port: string) =>
  `toUInt64(toUInt16(${day})) * 4294967296 + ${scanClass} * 268435456 + toUInt8(CAST(${kind} AS Int8)) * 16777216 + ${proto} * 65536 + ${port}`;
const KINDS = tableNamed('portDays').columns.find(({ name }) => name === 'kind')?.type;
/** Marks a key that holds a category's number in the place of the port, and no protocol. */
const REST = '9223372036854775808';
const KEYED_PORTS = `
  SELECT ${portKey('day', 'toUInt8(CAST(scanClass AS Int8))', 'kind', 'proto', 'dstPort')} AS key, category, sources FROM (${CHOSEN_PORTS}
  )`;

const rulesAs = (what: string) => `(
  SELECT groupArray(${what}) FROM (SELECT * FROM rules FINAL WHERE version = {rulesVersion:String} ORDER BY proto, port))`;

/** Flows are read once: each goes to the sketch of its port, or, where that has none, to the one of the other ports of its category. */
export const PORT_SKETCHES = `-- Which sources had the ports with most packets in these days, and which had all others?
INSERT INTO portSketches
WITH ${rulesAs('toString(category)')} AS categories, arrayDistinct(categories) AS named,
  -- and a port that is none: nothing is looked up in empty lists
  arrayPushBack(${rulesAs('toUInt32(proto) * 65536 + port')}, toUInt32(4294967295)) AS rulePorts,
  arrayPushBack(arrayMap(name -> toUInt16(indexOf(named, name)), categories), toUInt16(0)) AS rulePlaces
SELECT {sensor:String}, toDate(toUInt16(bitAnd(bitShiftRight(hit.key, 32), 65535))), {version:UInt64},
  CAST(toInt8(bitAnd(bitShiftRight(hit.key, 28), 15)) AS ${SCAN_CLASSES}), CAST(toInt8(bitAnd(bitShiftRight(hit.key, 24), 15)) AS ${KINDS}),
  hit.key >= ${REST} AS rest, if(rest, 0, bitAnd(bitShiftRight(hit.key, 16), 255)), if(rest, 0, bitAnd(hit.key, 65535)),
  if(NOT rest, chosen.category, if(bitAnd(hit.key, 65535) = 0, 'other', named[bitAnd(hit.key, 65535)])), chosen.sources, hit.sketch
FROM (
  SELECT if(own IN (SELECT key FROM (${KEYED_PORTS})), own, other) AS key, ${SKETCH}(cityHash64(srcAddr)) AS sketch
  FROM (
    SELECT srcAddr, toDate(hour, {timeZone:String}) AS day, ${CLASS} AS class, ${portKey('day', 'class', 'kind', 'proto', PORT)} AS own,
      ${REST} + ${portKey('day', 'class', 'kind', '0', `transform(toUInt32(proto) * 65536 + ${PORT}, rulePorts, rulePlaces, toUInt16(0))`)} AS other
    FROM ${CHOSEN_FLOWS}
  )
  GROUP BY key
) AS hit
LEFT JOIN (${KEYED_PORTS}
) AS chosen ON chosen.key = hit.key`;

export const CATEGORY_SKETCHES = `-- Which sources had each category in these days?
INSERT INTO categorySketches
SELECT sensor, day, version, scanClass, kind, category, ${MERGED_SKETCH} FROM portSketches
WHERE sensor = {sensor:String} AND version = {version:UInt64} AND day IN {days:Array(Date)}
GROUP BY sensor, day, version, scanClass, kind, category`;
