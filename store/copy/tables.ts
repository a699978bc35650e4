// What `engine copy` copies, and how two databases' rows of a table are compared: by slots (an hour, a day, a month, or some of the
// hashes of what has no time), each with a digest that does not depend on what the engine has merged yet.
import { CURRENT_VIEWS } from '../ddl.ts';
import { BLOCK_TABLES, TABLES, type Table, tableNamed } from '../tables.ts';

/** Last, when all else is there and was compared: until then the target has no sensor to finalise, and knows no unit or file. */
export const LAST_TABLES = ['sensors', 'ledger', 'files'];
/** Not of one sensor, or of one database only, as who ingests into it just now. */
const OTHERS = ['schema', 'rules', 'annotations', 'sensorGroups', 'retention', 'copies', 'claims'];

/** In the order in which they are copied. What goes by itself is only being made. */
export const COPIED_TABLES = [
  ...TABLES.filter(({ expires }) => expires === undefined)
    .map(({ name }) => name)
    .filter((name) => !LAST_TABLES.includes(name) && !OTHERS.includes(name)),
  ...LAST_TABLES,
];

/** Rows of one insert, which is one block; less where a row holds a sketch of sources. */
const MOST_ROWS = 1_000_000;
const MOST_SKETCHES = 100_000;
/** Slots of a table that has no time in its key. */
const HASHES = 64;
const HOUR = 3600;

export interface CopiedTable {
  name: string;
  columns: string[];
  /** Where the rows that count are: in the source those of current versions only. */
  source: string;
  target: string;
  slot: string;
  /** Rows of the slots from {first} to {last}. */
  slots: string;
  /** A slot's rows in so many {parts} when there are too many of them: those of {part}. */
  part: string;
  orderBy: string;
  /** The month of a slot; pieces end with it. */
  monthOf: (slot: number) => string;
  amount: string;
  digest: string;
  mostRows: number;
}

export function copiedTable(name: string): CopiedTable {
  const table = tableNamed(name);
  const versioned = CURRENT_VIEWS.some((view) => view.table === name);
  const merged = table.engine.startsWith('Replacing') ? `${name} FINAL` : name;
  const sketched = table.columns.some(({ type }) => type.startsWith('AggregateFunction'));
  return {
    name,
    columns: table.columns.filter(({ alias }) => alias === undefined).map((column) => column.name),
    source: versioned ? `${name}Current` : merged,
    target: merged,
    orderBy: table.orderBy,
    amount: amountOf(table),
    digest: digestOf(table),
    mostRows: sketched ? MOST_SKETCHES : MOST_ROWS,
    ...slotsOf(table),
  };
}

function slotsOf(table: Table): Pick<CopiedTable, 'slot' | 'slots' | 'part' | 'monthOf'> {
  const keys = table.orderBy.split(', ');
  const time = keys.find((key) => ['hour', 'minute', 'day', 'month'].includes(key));
  const finest = keys.findLast((key) => ['srcAddr', 'dstAddr', 'dstPort', 'unit', 'path'].includes(key)) ?? 'sensor';
  const hash = `cityHash64(${finest})`;
  const part = `intDiv(${hash}, ${HASHES}) % {parts:UInt32} = {part:UInt32}`;
  const type = table.columns.find(({ name }) => name === time)?.type;
  if (time === undefined || type === undefined) {
    const slot = `toUInt32(${hash} % ${HASHES})`;
    const slots = `${slot} BETWEEN {first:UInt32} AND {last:UInt32}`;
    return { slot, slots, part, monthOf: () => '' };
  }
  const isDate = type === 'Date';
  const seconds = isDate ? 86_400 : 1;
  return {
    slot: isDate ? `toUInt16(${time})` : `toUInt32(intDiv(toUInt32(${time}), ${HOUR}) * ${HOUR})`,
    slots: isDate
      ? `${time} >= toDate({first:UInt16}) AND ${time} <= toDate({last:UInt16})`
      : `${time} >= toDateTime({first:UInt32}) AND ${time} < toDateTime({last:UInt32} + ${HOUR})`,
    part,
    monthOf: (slot) => new Date(slot * seconds * 1000).toISOString().slice(0, 7),
  };
}

/** What people see of the sums. */
function amountOf({ columns }: Table): string {
  const named = ['packets', 'frames', 'received'].find((name) => columns.some((column) => column.name === name));
  return named ? `sum(${named})` : 'count()';
}

/**
 * Rows of one key that are merged or not must give the same: sums are also taken with each row's value times its key's hash, modulo 2^64,
 * so that a value under another key shows.
 */
function digestOf({ engine, orderBy, columns: all }: Table): string {
  const columns = all.filter(({ alias }) => alias === undefined);
  if (!engine.startsWith('Aggregating')) {
    const values = columns.map(({ name, type }) =>
      type.startsWith('AggregateFunction') ? `finalizeAggregation(${name})` : name,
    );
    return `count(), sum(cityHash64(${values.join(', ')}))`;
  }
  return columns
    .flatMap(({ name, type }) => {
      const [, merge] = /^SimpleAggregateFunction\((\w+),/.exec(type) ?? [];
      if (merge === 'sum') return [`sum(${name})`, `sum(${name} * cityHash64(${orderBy}))`];
      // a set, whose order is none
      if (merge?.startsWith('groupUniqArray')) return [`arraySort(${merge}(${name}))`];
      return merge ? [`${merge}(${name})`] : [];
    })
    .join(', ');
}

/** Blocks go into these: what `engine copy` must find empty before it begins. */
export const HELD_TABLES = [...BLOCK_TABLES, 'sensors', 'days'];
