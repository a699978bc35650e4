// What a unit has counted, as columns under the names of the tables they go into. The store turns them into Native blocks.
import * as dark from './count/dark.ts';
import * as flow from './count/flows.ts';
import type { HourCounts } from './count/hours.ts';
import type { MinuteCounts } from './count/minutes.ts';
import type { Addresses6 } from './decode/addresses6.ts';
import { FATES } from './fates.ts';

/** A column's values: one array element a row; 64-bit numbers take two words (low, high), addresses 16 bytes. */
export type Column = Uint8Array | Uint16Array | Uint32Array | string[];

export interface Block {
  table: string;
  rows: number;
  columns: Record<string, Column>;
}

/** The database's enumeration of kinds begins at 1. */
const KIND_ENUM = 1;
const HOUR_SECONDS = 3600;

export function flowBlock(table: flow.FlowTable, addresses: Addresses6): Block {
  const n = table.size;
  const hour = new Uint32Array(n);
  const kind = new Uint8Array(n);
  const proto = new Uint8Array(n);
  const dstPort = new Uint16Array(n);
  const srcPort = new Uint16Array(n);
  const srcAddr = new Uint8Array(16 * n);
  const toolMarks = new Uint8Array(n);
  const packets = new Uint32Array(n);
  const bytes = new Uint32Array(2 * n);
  const first = new Uint32Array(n);
  const last = new Uint32Array(n);
  const { rows, doubles } = table;
  for (let row = 0; row < n; row++) {
    const at = row * flow.ROW;
    const meta = rows[at + flow.META];
    const hourStart = rows[at + flow.HOUR] * HOUR_SECONDS;
    const firstLast = rows[at + flow.FIRST_LAST];
    hour[row] = hourStart;
    kind[row] = ((meta >>> 8) & 0xff) + KIND_ENUM;
    proto[row] = meta;
    dstPort[row] = rows[at + flow.PORTS];
    srcPort[row] = rows[at + flow.PORTS] >>> 16;
    writeAddress(srcAddr, row, rows[at + flow.SRC_ADDR], (meta & flow.IPV6_FLAG) !== 0, addresses);
    toolMarks[row] = meta >>> 16;
    packets[row] = rows[at + flow.PACKETS];
    writeWide(bytes, row, doubles[(at >> 1) + flow.BYTES]);
    first[row] = hourStart + (firstLast & 0xffff);
    last[row] = hourStart + (firstLast >>> 16);
  }
  const columns = { hour, kind, proto, dstPort, srcPort, srcAddr, toolMarks, packets, bytes, first, last };
  return { table: 'flows', rows: n, columns };
}

export function darkBlock(table: dark.DarkTable, addresses: Addresses6): Block {
  const n = table.size;
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
  return { table: 'darkDays', rows: n, columns: { day, kind, dstAddr, packets, bytes } };
}

export function minuteBlock(counts: MinuteCounts, categories: readonly string[]): Block {
  const rows: { minute: number; kind: number; category: string; packets: number; bytes: number }[] = [];
  for (const [minute, count] of counts.byMinute) {
    for (let cell = 0; cell < count.packets.length; cell++) {
      if (count.packets[cell] === 0) continue;
      const kind = Math.floor(cell / categories.length) + KIND_ENUM;
      const category = categories[cell % categories.length];
      rows.push({ minute, kind, category, packets: count.packets[cell], bytes: count.bytes[cell] });
    }
  }
  return {
    table: 'minutes',
    rows: rows.length,
    columns: {
      minute: Uint32Array.from(rows, (row) => row.minute * 60),
      kind: Uint8Array.from(rows, (row) => row.kind),
      category: rows.map((row) => row.category),
      packets: wide(rows.map((row) => row.packets)),
      bytes: wide(rows.map((row) => row.bytes)),
    },
  };
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

/** 64-bit values as two words each, low first. */
export function wide(values: readonly number[]): Uint32Array {
  const column = new Uint32Array(2 * values.length);
  for (const [row, value] of values.entries()) writeWide(column, row, value);
  return column;
}
