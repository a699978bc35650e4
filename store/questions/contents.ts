// What each table holds, merged and in the order of its key, for comparing two databases row by row in bounded memory. Every statement
// takes the sensor, its time zone, and `from` and `to`: seconds for hours, days since 1970 for days; `to` is not part of it.

import { PORT } from '../finalise/port-key.ts';

/** How a value may stand to the same value of a part of the packets. */
export type Bound = 'sum' | 'min' | 'max' | 'bits';

export interface Contents {
  table: string;
  period: 'hour' | 'day';
  /** A row is the period (hours or days since 1970), then the rest of the key, then the values. */
  key: readonly string[];
  values: Readonly<Record<string, Bound>>;
  stored: string;
  /** Where the table is made from flows: the same rows as flows have them. Else as stored. */
  counted: string;
  /** Made by finalising: a day that is not finalised yet has none. */
  finalised: boolean;
}

const HOURS = 'hour >= toDateTime({from:UInt32}) AND hour < toDateTime({to:UInt32})';
const DAYS = 'day >= toDate({from:UInt16}) AND day < toDate({to:UInt16})';
const HOUR = 'intDiv(toUnixTimestamp(hour), 3600) AS period';
const DAY = 'toUInt16(day) AS period';
const DAY_OF_HOUR = 'toUInt16(toDate(hour, {timeZone:String})) AS period';
const THESE_DAYS = 'period >= {from:UInt16} AND period < {to:UInt16}';
const SENSOR = 'sensor = {sensor:String}';
const PACKETS = { packets: 'sum', bytes: 'sum' } as const;
const SUMS = 'sum(packets), sum(bytes)';
/** As they stand in a row: numbers and texts whose order is the database's. */
const SHOWN: Record<string, string> = { kind: 'toInt8(kind)', srcAddr: 'hex(srcAddr)' };

/** Grouped and given in the order in which the table lies on disk: then neither side has to hold it. */
function inOrder(select: string, from: string, where: string, keys: string): string {
  return `SELECT ${select} FROM ${from} WHERE ${SENSOR} AND ${where} GROUP BY sensor, ${keys} ORDER BY sensor, ${keys}`;
}

type Shape = Pick<Contents, 'table' | 'period' | 'values'>;

/** @param select the period, the rest of the key as it is to be shown, and the values */
function block(shape: Shape, time: string, keys: readonly string[], select: string): Contents {
  const range = (shape.period === 'hour' ? HOURS : DAYS).replaceAll(shape.period, time);
  const sql = inOrder(select, shape.table, range, [time, ...keys].join(', '));
  const key = time === shape.period ? keys : [time, ...keys];
  return { ...shape, key, stored: sql, counted: sql, finalised: false };
}

function made(shape: Shape, keys: readonly string[], stored: string, counted: string): Contents {
  const columns = keys.map((name) => SHOWN[name] ?? name).join(', ');
  return {
    ...shape,
    key: keys,
    stored: inOrder(`${DAY}, ${columns}, ${stored}`, `${shape.table}Current`, DAYS, ['day', ...keys].join(', ')),
    counted: inOrder(
      `${DAY_OF_HOUR}, ${columns.replace('dstPort', `${PORT} AS port`)}, ${counted}`,
      'flows',
      THESE_DAYS,
      ['period', ...keys].join(', ').replace('dstPort', 'port'),
    ),
    finalised: true,
  };
}

export const CONTENTS: readonly Contents[] = [
  block(
    { table: 'fateHours', period: 'hour', values: { frames: 'sum', bytes: 'sum' } },
    'hour',
    ['fate'],
    `${HOUR}, fate, sum(frames), sum(bytes)`,
  ),
  block(
    { table: 'coverage', period: 'hour', values: { heardMinutes: 'bits', monitoredAddresses: 'max' } },
    'hour',
    [],
    // as text: 60 bits are more than a JavaScript number holds
    `${HOUR}, toString(groupBitOr(heardMinutes)), max(monitoredAddresses)`,
  ),
  block(
    { table: 'flows', period: 'hour', values: { ...PACKETS, first: 'min', last: 'max' } },
    'hour',
    ['kind', 'proto', 'dstPort', 'srcAddr', 'toolMarks', 'srcPort'],
    `${HOUR}, toInt8(kind), proto, dstPort, hex(srcAddr), toolMarks, srcPort, ${SUMS}, toUnixTimestamp(min(first)), toUnixTimestamp(max(last))`,
  ),
  block(
    { table: 'portHours', period: 'hour', values: PACKETS },
    'hour',
    ['kind', 'proto', 'dstPort'],
    `${HOUR}, toInt8(kind), proto, dstPort, ${SUMS}`,
  ),
  block(
    { table: 'minutes', period: 'hour', values: PACKETS },
    'minute',
    ['kind', 'category'],
    `intDiv(toUnixTimestamp(minute), 3600) AS period, intDiv(toUnixTimestamp(minute), 60), toInt8(kind), category, ${SUMS}`,
  ),
  block(
    { table: 'darkDays', period: 'day', values: PACKETS },
    'day',
    ['kind', 'dstAddr'],
    `${DAY}, toInt8(kind), hex(dstAddr), ${SUMS}`,
  ),
  made(
    { table: 'portDays', period: 'day', values: { ...PACKETS, sources: 'sum' } },
    ['kind', 'proto', 'dstPort'],
    `${SUMS}, sum(sources)`,
    `${SUMS}, uniqExact(toUInt128(srcAddr))`,
  ),
  made({ table: 'sourceDays', period: 'day', values: PACKETS }, ['srcAddr'], SUMS, SUMS),
];

/** One number for each hour or day: equal where all its rows are. */
export function digestOf(sql: string): string {
  return `-- Which hours or days are not the same?
    SELECT period, count(), toString(groupBitXor(sipHash64(*))) FROM (${sql}) GROUP BY period ORDER BY period`;
}

/** However long the answers are, the database's memory stays bounded. */
export const BOUNDED =
  'SETTINGS optimize_aggregation_in_order = 1, max_bytes_before_external_group_by = 300000000, max_bytes_before_external_sort = 300000000';
