// The statements that make a day's sketches of sources: of the ports with most packets, and of each category.
import { ipv4Of } from '../addresses.ts';
import { HASH_BYTES, MERGED_SKETCH, MOST_SKETCH_BYTES, SKETCH, SKETCHED_BYTES } from '../sketches.ts';
import type { Chosen } from './chosen.ts';
import { OF_VERSION, OF_VERSION_DAYS } from './of-version.ts';
import { numbersOf, ofPortKey, portKey, portOf, withoutNumber, withoutPort } from './port-key.ts';

const MADE_PORTS = `portDays WHERE ${OF_VERSION_DAYS}`;
const OWN_KEY = portKey('toUInt16(day)', 'toUInt8(CAST(scanClass AS Int8))', 'kind', 'proto', 'dstPort');

/** Ports in the order of their packets until memory is used up; what is left over is no sketch, but its number of sources. */
const CHOSEN_PORTS = `
  SELECT ${OWN_KEY} FROM (
    SELECT *, sum(least(${HASH_BYTES} * sources, ${MOST_SKETCH_BYTES})) OVER (
      PARTITION BY day ORDER BY packets DESC, scanClass, kind, proto, dstPort ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS room
    FROM ${MADE_PORTS}
  ) WHERE room <= ${SKETCHED_BYTES}`;

/** Marks a key that holds a category's number in the place of the port, and no protocol. */
const REST = '9223372036854775808';

const rulesAs = (what: string) => `(
  SELECT groupArray(${what}) FROM (SELECT * FROM rules FINAL WHERE version = {rulesVersion:String} ORDER BY proto, port))`;

const HIT = ofPortKey('hit.key');

/** Each source goes to the sketch of its port, or, where that has none, to the one of the other ports of its category. */
export const makePortSketches = ({
  addresses,
}: Chosen): string => `-- Which sources had the ports with most packets in these days, and which had all others?
INSERT INTO portSketches
WITH ${addresses}, arrayMap(address -> cityHash64(address), numberedAddresses) AS numberedHashes,
  ${rulesAs('toString(category)')} AS categories, arrayDistinct(categories) AS named,
  -- and a port that is none: nothing is looked up in empty lists
  arrayPushBack(${rulesAs('toUInt32(proto) * 65536 + port')}, toUInt32(4294967295)) AS rulePorts,
  arrayPushBack(arrayMap(name -> toUInt16(indexOf(named, name)), categories), toUInt16(0)) AS rulePlaces
SELECT {sensor:String}, ${HIT.day}, {version:UInt64}, ${HIT.scanClass}, ${HIT.kind},
  hit.key >= ${REST} AS rest, if(rest, 0, ${HIT.proto}), if(rest, 0, ${HIT.port}),
  if(NOT rest, chosen.category, if(${HIT.port} = 0, 'other', named[${HIT.port}])), chosen.sources, hit.sketch
FROM (
  SELECT key, ${SKETCH}(arrayJoin(hashes)) AS sketch FROM (
    SELECT ${withoutNumber('hit')} AS own,
      ${REST} + ${withoutPort('own')} + transform(${portOf('own')}, rulePorts, rulePlaces, toUInt16(0)) AS other,
      if(own IN (${CHOSEN_PORTS}), own, other) AS key,
      arrayConcat(
        arrayMap(number -> numberedHashes[number], ${numbersOf('hit', 'scanners')}),
        arrayMap(number -> cityHash64(${ipv4Of('number')}), sources4),
        arrayMap(address -> cityHash64(address), sources6)
      ) AS hashes
    FROM portHits WHERE ${OF_VERSION}
  )
  GROUP BY key
) AS hit
LEFT JOIN (SELECT ${OWN_KEY} AS key, category, sources FROM ${MADE_PORTS}) AS chosen ON chosen.key = hit.key`;

export const CATEGORY_SKETCHES = `-- Which sources had each category in these days?
INSERT INTO categorySketches
SELECT sensor, day, version, scanClass, kind, category, ${MERGED_SKETCH} FROM portSketches
WHERE ${OF_VERSION_DAYS}
GROUP BY sensor, day, version, scanClass, kind, category`;
