// What a unit has counted, as columns under the names of the tables they go into. The store turns them into Native blocks.
import * as dark from './count/dark.ts';
import type { DarkCounts } from './count/dark-counts.ts';
import type { DarkPlanes } from './count/dark-planes.ts';
import type { FlowRows } from './count/flow-rows.ts';
import type { HourCounts } from './count/hours.ts';
import type { MinuteCounts } from './count/minutes.ts';
import type { PortHours } from './count/port-hours.ts';
import type { Addresses6 } from './decode/addresses6.ts';
import { FATES } from './fates.ts';

/**
 * A column's values: one array element a row; 64-bit numbers take two words (low, high) or, where all of them are below 2^32, one;
 * addresses 16 bytes or, where all of them are IPv4, one word.
 */
export type Column = Uint8Array | Uint16Array | Uint32Array | string[] | NumberLists;

/** Several numbers a row: where each row's end in `values`, in two words a row (low, high). */
export interface NumberLists {
  ends: Uint32Array;
  values: Uint16Array;
}

export interface Block {
  table: string;
  rows: number;
  columns: Record<string, Column>;
}

/** The database's enumeration of kinds begins at 1. */
const KIND_ENUM = 1;
const HOUR_SECONDS = 3600;

export function flowBlock(flows: FlowRows, addresses: Addresses6): Block {
  const { rows, bytesUpper, isIpv6 } = flows;
  const kind = flows.kind.subarray(0, rows);
  for (let row = 0; row < rows; row++) kind[row] += KIND_ENUM;
  const srcAddr = flows.srcAddr.subarray(0, rows);
  const bytes = flows.bytes.subarray(0, rows);
  const columns = {
    hour: flows.hour.subarray(0, rows),
    kind,
    proto: flows.proto.subarray(0, rows),
    dstPort: flows.dstPort.subarray(0, rows),
    srcPort: flows.srcPort.subarray(0, rows),
    srcAddr: isIpv6 ? mixedAddresses(srcAddr, isIpv6, addresses) : srcAddr,
    toolMarks: flows.toolMarks.subarray(0, rows),
    packets: flows.packets.subarray(0, rows),
    bytes: bytesUpper ? interleaved(bytes, bytesUpper) : bytes,
    times: { ends: flows.timeEnds.subarray(0, 2 * rows), values: flows.times.subarray(0, flows.timesFilled) },
  };
  return { table: 'flows', rows, columns };
}

/** The columns are copies: what was counted goes on in the same memory. */
export function portHourBlock(ports: PortHours): Block {
  const { rows } = ports;
  const kind = ports.kind.slice(0, rows);
  for (let row = 0; row < rows; row++) kind[row] += KIND_ENUM;
  const columns = {
    day: ports.day.slice(0, rows),
    hour: ports.hour.slice(0, rows),
    kind,
    proto: ports.proto.slice(0, rows),
    dstPort: ports.port.slice(0, rows),
    packets: ports.packets.slice(0, rows),
    bytes: narrowOrWide(ports.bytes.subarray(0, rows)),
  };
  return { table: 'portHours', rows, columns };
}

export function darkBlock({ table, planes }: DarkCounts, addresses: Addresses6): Block {
  const n = table.size + (planes ? usedCells(planes.byDay.values()) : 0);
  const day = new Uint16Array(n);
  const kind = new Uint8Array(n);
  const dstAddr = new Uint8Array(16 * n);
  const packets = new Uint32Array(n);
  const bytes = new Uint32Array(2 * n);
  const { rows, doubles } = table;
  let row = 0;
  for (let at = 0; at < rows.length; at += dark.ROW) {
    if (rows[at + dark.PACKETS] === 0) continue;
    const meta = rows[at + dark.META];
    day[row] = rows[at + dark.DAY];
    kind[row] = (meta & 0xff) + KIND_ENUM;
    writeAddress(dstAddr, row, rows[at + dark.DST_ADDR], (meta & dark.IPV6_FLAG) !== 0, addresses);
    packets[row] = rows[at + dark.PACKETS];
    writeWide(bytes, row, doubles[(at >> 1) + dark.BYTES]);
    row++;
  }
  for (const [itsDay, plane] of planes?.byDay ?? []) {
    const { places } = planes as DarkPlanes;
    for (let cell = 0; cell < plane.packets.length; cell++) {
      if (plane.packets[cell] === 0) continue;
      day[row] = itsDay;
      kind[row] = Math.floor(cell / places) + KIND_ENUM;
      writeAddress(dstAddr, row, (planes as DarkPlanes).addressAt(cell % places), false, addresses);
      packets[row] = plane.packets[cell];
      writeWide(bytes, row, plane.bytes[cell]);
      row++;
    }
  }
  return { table: 'darkDays', rows: n, columns: { day, kind, dstAddr, packets, bytes } };
}

/** How many of them have packets. */
function usedCells(pieces: Iterable<{ packets: Uint32Array | Float64Array }>): number {
  let used = 0;
  for (const { packets } of pieces) {
    for (let cell = 0; cell < packets.length; cell++) if (packets[cell] !== 0) used++;
  }
  return used;
}

export function minuteBlock(counts: MinuteCounts, categories: readonly string[]): Block {
  const rows = usedCells([counts]);
  const minutes = new Uint32Array(rows);
  const kind = new Uint8Array(rows);
  const category = new Array<string>(rows);
  const packets = new Uint32Array(2 * rows);
  const bytes = new Uint32Array(2 * rows);
  let row = 0;
  for (const [minute, begin] of counts.beginOf) {
    for (let cell = 0; cell < counts.cells; cell++) {
      if (counts.packets[begin + cell] === 0) continue;
      minutes[row] = minute * 60;
      kind[row] = Math.floor(cell / categories.length) + KIND_ENUM;
      category[row] = categories[cell % categories.length];
      writeWide(packets, row, counts.packets[begin + cell]);
      writeWide(bytes, row, counts.bytes[begin + cell]);
      row++;
    }
  }
  return { table: 'minutes', rows, columns: { minute: minutes, kind, category, packets, bytes } };
}

export function fateBlock(counts: HourCounts): Block {
  const rows: { hour: number; fate: string; frames: number; bytes: number }[] = [];
  for (const [hour, count] of counts.byHour) {
    for (const [number, { fate }] of FATES.entries()) {
      const frames = count.frames[number];
      if (frames > 0) rows.push({ hour, fate, frames, bytes: count.bytes[number] });
    }
  }
  return {
    table: 'fateHours',
    rows: rows.length,
    columns: {
      hour: Uint32Array.from(rows, (row) => row.hour * HOUR_SECONDS),
      fate: rows.map((row) => row.fate),
      frames: wide(rows.map((row) => row.frames)),
      bytes: wide(rows.map((row) => row.bytes)),
    },
  };
}

/** @param monitoredAddresses IPv4 addresses monitored in these hours; 0 = not known */
export function coverageBlock(counts: HourCounts, monitoredAddresses: number): Block {
  const hours = [...counts.byHour].filter(([, count]) => (count.heard[0] | count.heard[1]) !== 0);
  // 60 bits in two words, low first: as one number they would lose minutes to rounding.
  const heardMinutes = Uint32Array.from(
    hours.flatMap(([, { heard }]) => [heard[0] | (heard[1] << 30), heard[1] >>> 2]),
  );
  return {
    table: 'coverage',
    rows: hours.length,
    columns: {
      hour: Uint32Array.from(hours, ([hour]) => hour * HOUR_SECONDS),
      heardMinutes,
      monitoredAddresses: new Uint32Array(hours.length).fill(Math.min(monitoredAddresses, 0xffffffff)),
    },
  };
}

function interleaved(lower: Uint32Array, upper: Uint32Array): Uint32Array {
  const column = new Uint32Array(2 * lower.length);
  for (let row = 0; row < lower.length; row++) {
    column[2 * row] = lower[row];
    column[2 * row + 1] = upper[row];
  }
  return column;
}

function mixedAddresses(numbers: Uint32Array, isIpv6: Uint8Array, addresses: Addresses6): Uint8Array {
  const column = new Uint8Array(16 * numbers.length);
  for (let row = 0; row < numbers.length; row++) {
    writeAddress(column, row, numbers[row], isIpv6[row] !== 0, addresses);
  }
  return column;
}

/** IPv4 as an IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2): one column type for both versions. */
function writeAddress(column: Uint8Array, row: number, address: number, six: boolean, addresses: Addresses6): void {
  const at = row * 16;
  if (six) {
    for (let i = 0; i < 4; i++) writeWord(column, at + 4 * i, addresses.words[address * 4 + i]);
  } else {
    column[at + 10] = 0xff;
    column[at + 11] = 0xff;
    writeWord(column, at + 12, address);
  }
}

function writeWord(column: Uint8Array, at: number, word: number): void {
  column[at] = word >>> 24;
  column[at + 1] = word >>> 16;
  column[at + 2] = word >>> 8;
  column[at + 3] = word;
}

function writeWide(column: Uint32Array, row: number, value: number): void {
  column[2 * row] = value >>> 0;
  column[2 * row + 1] = (value / 2 ** 32) >>> 0;
}

/** One word each where that is enough. */
function narrowOrWide(values: Float64Array): Uint32Array {
  for (let row = 0; row < values.length; row++) if (values[row] > 0xffffffff) return wide(values);
  return new Uint32Array(values);
}

/** 64-bit values as two words each, low first. */
export function wide(values: ArrayLike<number>): Uint32Array {
  const column = new Uint32Array(2 * values.length);
  for (let row = 0; row < values.length; row++) writeWide(column, row, values[row]);
  return column;
}
