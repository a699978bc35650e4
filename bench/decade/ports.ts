// portDays, its sketches and months as the engine makes them of the model: the same rows for the same seed, port by port in the order of their key.
import { HASH_BYTES, MOST_SKETCH_BYTES, SKETCH, SKETCHED_BYTES } from '../../store/sketches.ts';
import { NAMED_PORTS, SENSOR, SERIES, TIME_ZONE, YEARS } from './model.ts';

const list = (values: readonly (number | string)[]) =>
  `[${values.map((value) => (typeof value === 'string' ? `'${value}'` : value)).join(', ')}]`;
const of = (values: readonly (number | string)[], index: string) => `${list(values)}[${index}]`;
/** Between the first and the last year. */
const between = (first: string, last: string) => `(${first} + (${last} - ${first}) * {year:UInt8} / ${YEARS - 1})`;

/** Nearly normal: the sum of the four 16-bit words of a hash. */
const normal = (hash: string) =>
  `((bitAnd(${hash}, 65535) + bitAnd(bitShiftRight(${hash}, 16), 65535) + bitAnd(bitShiftRight(${hash}, 32), 65535) + bitShiftRight(${hash}, 48)) / 37837. - 3.4641)`;

const NAMED_KEYS = list(NAMED_PORTS.map(({ proto, dstPort }) => proto * 65_536 + dstPort));
const NAMED_SHARE = between(
  of(
    NAMED_PORTS.map(({ first }) => first),
    'named',
  ),
  of(
    NAMED_PORTS.map(({ last }) => last),
    'named',
  ),
);
/** What named ports leave of the packets that are no survey scans. */
const UNNAMED = between(
  String(1 - NAMED_PORTS.reduce((sum, { first }) => sum + first, 0)),
  String(1 - NAMED_PORTS.reduce((sum, { last }) => sum + last, 0)),
);

/** One port in so many flares up in a month. */
const FLARES = 1500;

/** Each (series, port) once, with its mean packets on a day when it is hit. */
const PORTS = `
  SELECT number % 65536 AS port, intDiv(number, 65536) + 1 AS series, ${of(
    SERIES.map(({ kind }) => kind),
    'series',
  )} AS kind,
    ${of(
      SERIES.map(({ proto }) => proto),
      'series',
    )} AS proto, ${of(
      SERIES.map(({ scanClass }) => scanClass),
      'series',
    )} AS scanClass,
    ${of(
      SERIES.map(({ share }) => share),
      'series',
    )} AS share, ${of(
      SERIES.map(({ spread }) => spread),
      'series',
    )} AS spread,
    cityHash64({seed:UInt64}, number) AS own,
    indexOf(${NAMED_KEYS}, proto * 65536 + port) AS named,
    ${between(
      of(
        SERIES.map(({ present }) => present[0]),
        'series',
      ),
      of(
        SERIES.map(({ present }) => present[1]),
        'series',
      ),
    )} AS chance,
    if(named > 0, 1, chance) AS present,
    -- per port of 65,536; a lognormal spread of this width has this mean
    share / (65536 * chance) / exp(spread * spread / 2) * exp(spread * ${normal('own')}) AS tail,
    {packets:Float64} * multiIf(
      scanClass != 'other', {survey:Float64} * tail * if(named > 0, 4, 1),
      named > 0 AND kind = 'scan', (1 - {survey:Float64}) * ${NAMED_SHARE},
      (1 - {survey:Float64}) * ${UNNAMED} * tail * if(named > 0, 50, 1)
        * if(cityHash64(own, {month:Date}) % ${FLARES} = 0, 40, 1)) AS mean,
    40 + own % 9 + own % 100 / 100. AS size
  FROM numbers(${65_536 * SERIES.length})
  WHERE named > 0 OR port < 65536 * {scale:Float64}`;

/** When the day was finalised: some minutes after its end. */
const VERSION = `toUInt64(toUnixTimestamp(toDateTime(day + 1, '${TIME_ZONE}')) + 300 + cityHash64({seed:UInt64}, day) % 300) * 1000000
  + cityHash64(day, {seed:UInt64}) % 1000000`;

/** The rows of one month. */
export const PORT_DAYS = `
INSERT INTO portDays (sensor, day, version, scanClass, kind, proto, dstPort, category, packets, bytes, sources)
SELECT '${SENSOR}', hit.day, hit.version, hit.scanClass, hit.kind, hit.proto, hit.port, if(rule.category = '', 'other', rule.category),
  hit.packets, toUInt64(hit.packets * (size + hash % 1000 / 800.)),
  toUInt64(1 + pow(hit.packets, if(hit.scanClass = 'other', 0.65, 0.35)) * (0.7 + hash % 997 / 1662.))
FROM (
  SELECT *, day, cityHash64(own, day) AS hash, toUInt64(1 + mean * exp(0.35 * ${normal('hash')})) AS packets, ${VERSION} AS version
  FROM (${PORTS})
  ARRAY JOIN arrayMap(ahead -> {month:Date} + ahead, range(toUInt32({days:UInt8}))) AS day
  WHERE hash % 10007 < present * 10007
) AS hit
LEFT JOIN (SELECT proto, port, category FROM rules) AS rule ON rule.proto = hit.proto AND rule.port = hit.port
SETTINGS min_insert_block_size_rows = 5000000, min_insert_block_size_bytes = 0, max_insert_threads = 1`;

/** Sources of a sketch: more of them take no more room. */
const MOST = 20_000;
/** There are no sources behind the days: a sketch is made of numbers, a third of which come back in the next day or month. */
const sketchOf = (first: string, amount: string, ...of: string[]) =>
  `arrayReduce('${SKETCH}', arrayMap(source -> cityHash64(source, ${of.join(', ')}), range(toUInt64(${first}), toUInt64(${first} + ${amount}))))`;
/** Ports in the order of their packets, and what their sketches take together. */
const room = (sources: string, within: string) =>
  `sum(least(${HASH_BYTES} * ${sources}, ${MOST_SKETCH_BYTES})) OVER (
      PARTITION BY ${within} ORDER BY packets DESC, scanClass, kind, proto, dstPort ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)`;
export const OF_MONTH = `sensor = '${SENSOR}' AND day >= {month:Date} AND day < addMonths({month:Date}, 1)`;

/** As finalising makes them. */
const PORT_SKETCHES = `
INSERT INTO portSketches
SELECT sensor, day, version, scanClass, kind, 0, proto, dstPort, category, sources,
  ${sketchOf('toUInt64(day) * intDiv(sources * 2, 3)', `least(sources, ${MOST})`, 'proto', 'dstPort', 'scanClass')}
FROM (SELECT *, ${room('sources', 'day')} AS taken FROM portDays WHERE ${OF_MONTH})
WHERE taken <= ${SKETCHED_BYTES}
SETTINGS max_block_size = 256`;

/** Survey scanners are few; all others are nearly as many as packets^0.6. */
const SOURCES_OF = "toUInt64(1 + if(scanClass = 'other', pow(packets, 0.6), pow(packets, 0.38)))";

const REST_OF_CATEGORIES = `
INSERT INTO portSketches
SELECT sensor, day, version, scanClass, kind, 1, 0, 0, category, 0, sourceSketch FROM categorySketches WHERE ${OF_MONTH}`;

const CATEGORY_SKETCHES = `
INSERT INTO categorySketches
SELECT sensor, day, version, scanClass, kind, category,
  ${sketchOf(`toUInt64(day) * intDiv(${SOURCES_OF} * 2, 3)`, `least(${SOURCES_OF}, ${MOST})`, 'category', 'scanClass')}
FROM categoryDays WHERE ${OF_MONTH}
SETTINGS max_block_size = 256`;

/** In this order. */
export const SKETCHES = [PORT_SKETCHES, CATEGORY_SKETCHES, REST_OF_CATEGORIES];

/** On the days of a month different ports come first: so many times the ports of a day have sources by the month. */
const PORTS_OF_DAYS = 2;

export const PORT_MONTHS = `
INSERT INTO portMonths
SELECT sensor, month, {version:UInt64}, scanClass, kind, proto, dstPort, category, packets, bytes,
  ${sketchOf('toRelativeMonthNum(month) * intDiv(amount * 2, 3)', 'if(isSketched, amount, 0)', 'proto', 'dstPort', 'scanClass')},
  if(isSketched, 0, ofDays)
FROM (
  SELECT *, ${room('ofDays', 'month')} <= ${PORTS_OF_DAYS * SKETCHED_BYTES} AS isSketched, least(${MOST}, intDiv(ofDays, 3) + 1) AS amount
  FROM (
    SELECT sensor, toStartOfMonth(day) AS month, scanClass, kind, proto, dstPort, any(category) AS category,
      sum(packets) AS packets, sum(bytes) AS bytes, sum(sources) AS ofDays
    FROM portDaysCurrent WHERE ${OF_MONTH}
    GROUP BY sensor, month, scanClass, kind, proto, dstPort
  )
)
SETTINGS max_block_size = 256`;

export const CATEGORY_MONTHS = `
INSERT INTO categoryMonths
SELECT sensor, month, {version:UInt64}, scanClass, kind, category, packets, bytes,
  ${sketchOf(`toRelativeMonthNum(month) * intDiv(${SOURCES_OF} * 2, 3)`, `least(${SOURCES_OF}, ${MOST})`, 'category', 'scanClass')}, 0
FROM (
  SELECT sensor, toStartOfMonth(day) AS month, scanClass, kind, category, sum(packets) AS packets, sum(bytes) AS bytes
  FROM categoryDaysCurrent WHERE ${OF_MONTH}
  GROUP BY sensor, month, scanClass, kind, category
)
SETTINGS max_block_size = 256`;

export const MONTHS = `
INSERT INTO months
SELECT '${SENSOR}', {month:Date}, {version:UInt64}, groupBitXor(cityHash64(day, version)) FROM days FINAL WHERE ${OF_MONTH}`;
