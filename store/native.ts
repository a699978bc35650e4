// Blocks in ClickHouse's Native format: columns, one after another, copied as they lie in memory. Nothing is converted a row at a time
// but strings, and those are few.
import { Buffer } from 'node:buffer';
import { type TableColumn, tableNamed, type Wire } from './tables.ts';

/**
 * Columns under the names a table has for them; 64-bit numbers take two 32-bit words a row, or one where all of them are below 2^32;
 * addresses 16 bytes, or one 32-bit word where all of them are IPv4.
 */
export interface Block {
  table: string;
  rows: number;
  columns: Record<string, Uint8Array | Uint16Array | Uint32Array | string[] | Counts[] | NumberLists>;
}

/** Several numbers a row: where each row's end in `values`, in two words a row (low, high). */
export interface NumberLists {
  ends: Uint32Array;
  values: Uint16Array;
}

/** Numbers by name: one value of a Map(String, UInt64) column. */
export type Counts = Record<string, number>;

const WIRE_TYPES: Record<Wire, string> = {
  u8: 'UInt8',
  u16: 'UInt16',
  u32: 'UInt32',
  u64: 'UInt64',
  address: 'IPv6',
  string: 'String',
  counts: 'Map(String, UInt64)',
  u16s: 'Array(UInt16)',
};
const WIRE_BYTES: Record<Exclude<Wire, 'string' | 'counts' | 'u16s'>, number> = {
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  address: 16,
};
/** Forms that need less room where all values of a column fit; the database widens them. */
const NARROW_WIRES: Partial<Record<Wire, { type: string; bytes: number }>> = {
  u64: { type: 'UInt32', bytes: 4 },
  address: { type: 'IPv4', bytes: 4 },
};

/**
 * The block as pieces of a Native stream, ready for one vectored write; a constant `sensor` column is put before the block's own.
 * @throws Error when a column is missing, not the table's, or has another length than the block
 */
export function encodeNative(block: Block, sensor: string): Uint8Array[] {
  const wired = wiredColumns(block.table).filter(({ name }) => name !== 'sensor');
  const names = Object.keys(block.columns);
  const unknown = names.find((name) => !wired.some((column) => column.name === name));
  if (unknown) throw new Error(`table ${block.table} takes no column ${unknown}`);
  const given = wired.filter((column) => !column.optional || names.includes(column.name));
  const pieces: Uint8Array[] = [varint(given.length + 1), varint(block.rows)];
  pieces.push(...constantColumn('sensor', sensor, block.rows));
  for (const { name, wire } of given) {
    const values = block.columns[name];
    if (values === undefined) throw new Error(`block for ${block.table} lacks the column ${name}`);
    const narrow = NARROW_WIRES[wire as Wire];
    const isNarrow =
      narrow !== undefined && ArrayBuffer.isView(values) && values.byteLength === block.rows * narrow.bytes;
    pieces.push(text(name), text(isNarrow ? narrow.type : typeOnTheWire(block.table, name, wire as Wire)));
    const place = `${block.table}.${name}`;
    if (isNarrow) pieces.push(bytesOf(values));
    else pieces.push(...columnBytes(values, wire as Wire, block.rows, place));
  }
  return pieces;
}

/** Names of the columns that a table's blocks have, in their order. */
export function nativeColumns(table: string): string[] {
  return wiredColumns(table).map(({ name }) => name);
}

/** The same with what the database is to make of each: the structure of a Native file of such blocks. */
export function nativeStructure(table: string): string {
  const plain = (type: string) => type.replace(/^SimpleAggregateFunction\(\w+, (.*)\)$/, '$1');
  return wiredColumns(table)
    .map(({ name, type }) => `${name} ${plain(type)}`)
    .join(', ');
}

function wiredColumns(table: string): TableColumn[] {
  return tableNamed(table).columns.filter(({ wire }) => wire !== undefined);
}

/** Enumerations and dates travel under their own type, so that the bytes are taken as they are. */
function typeOnTheWire(table: string, name: string, wire: Wire): string {
  const type = tableNamed(table).columns.find((column) => column.name === name)?.type ?? '';
  const plain = /^(Enum8|DateTime|Date$)/.test(type);
  return plain ? type : WIRE_TYPES[wire];
}

function columnBytes(values: Block['columns'][string], wire: Wire, rows: number, place: string): Uint8Array[] {
  if (wire === 'string' || wire === 'counts') {
    if (!Array.isArray(values) || values.length !== rows) throw new Error(`${place}: not ${rows} values of ${wire}`);
    return [wire === 'string' ? texts(values as string[]) : mapColumn(values as Counts[])];
  }
  if (wire === 'u16s') {
    if (!('ends' in values) || values.ends.length !== 2 * rows) throw new Error(`${place}: not ${rows} lists`);
    if (rows > 0 && values.ends[2 * rows - 2] !== values.values.length)
      throw new Error(`${place}: the last list ends elsewhere`);
    return [bytesOf(values.ends), bytesOf(values.values)];
  }
  if (!ArrayBuffer.isView(values) || values.byteLength !== rows * WIRE_BYTES[wire])
    throw new Error(`${place}: not ${rows} values of ${wire}`);
  return [bytesOf(values)];
}

function bytesOf(values: Uint8Array | Uint16Array | Uint32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** A map is an array of pairs: where each row's pairs end, then all keys, then all values. */
function mapColumn(rows: readonly Counts[]): Uint8Array {
  const pairs = rows.map((counts) => Object.entries(counts));
  let end = 0;
  const ends = pairs.map((row) => {
    end += row.length;
    return end;
  });
  const all = pairs.flat();
  return Buffer.concat([u64s(ends), texts(all.map(([name]) => name)), u64s(all.map(([, value]) => value))]);
}

function u64s(values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(8 * values.length);
  for (const [row, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), 8 * row);
  return bytes;
}

/** LowCardinality(String) with one key: a byte a row instead of a string. */
function constantColumn(name: string, value: string, rows: number): Uint8Array[] {
  const head = Buffer.alloc(24);
  head.writeBigUInt64LE(1n, 0); // serialisation version: dictionaries in the block
  head.writeBigUInt64LE(0x600n, 8); // keys follow, dictionary is new, indexes are bytes
  head.writeBigUInt64LE(1n, 16); // keys
  return [
    text(name),
    text('LowCardinality(String)'),
    ...(rows > 0 ? [head, text(value), u64s([rows]), new Uint8Array(rows)] : []),
  ];
}

function text(value: string): Uint8Array {
  return texts([value]);
}

/** Each with its length before it. */
function texts(values: readonly string[]): Uint8Array {
  const most = values.reduce((sum, value) => sum + MOST_VARINT + 3 * value.length, 0);
  const bytes = Buffer.allocUnsafe(most);
  let at = 0;
  for (const value of values) {
    at = putVarint(bytes, at, Buffer.byteLength(value));
    at += bytes.write(value, at);
  }
  return bytes.subarray(0, at);
}

function varint(value: number): Uint8Array {
  const bytes = new Uint8Array(MOST_VARINT);
  return bytes.subarray(0, putVarint(bytes, 0, value));
}

const MOST_VARINT = 8;

/** LEB128 of a whole number below 2^53. @returns where it ends */
function putVarint(bytes: Uint8Array, at: number, value: number): number {
  let end = at;
  let rest = value;
  while (rest >= 0x80) {
    bytes[end++] = (rest & 0x7f) | 0x80;
    rest = Math.floor(rest / 128);
  }
  bytes[end++] = rest;
  return end;
}
