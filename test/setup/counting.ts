// Counts captures in the test's own process and shows the blocks as rows of plain values.
import type { Block, Column, NumberLists } from '../../analyzer/blocks.ts';
import { DEFAULT_RULES } from '../../analyzer/classify/rules.ts';
import { type AnalyzerConfig, type UnitAccount, UnitCounter } from '../../analyzer/unit.ts';
import { type CaptureContext, openCapture } from '../../collector/formats/capture.ts';
import { NO_TIME } from '../../collector/formats/frames.ts';

export type Row = Record<string, number | string>;

export interface Counted {
  account: UnitAccount;
  /** Rows by table. */
  tables: Record<string, Row[]>;
}

export function analyzerConfig(changes: Partial<AnalyzerConfig> = {}): AnalyzerConfig {
  return { rules: DEFAULT_RULES, darknet: [], timeZone: 'UTC', earliest: 1, latest: NO_TIME, ...changes };
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Counts a whole, undamaged capture as one unit. */
export function countCapture(capture: Uint8Array, changes: Partial<AnalyzerConfig> = {}): Counted {
  const { context, at } = openCapture(viewOf(capture), 0, capture.length);
  return countUnit(new UnitCounter(analyzerConfig(changes)), capture, at, capture.length, context);
}

export function countUnit(
  counter: UnitCounter,
  capture: Uint8Array,
  from: number,
  to: number,
  context: CaptureContext,
): Counted {
  const { blocks, account } = counter.count(viewOf(capture), from, to, structuredClone(context));
  return { account, tables: Object.fromEntries(blocks.map((block) => [block.table, rowsOf(block)])) };
}

/** 64-bit numbers that no double holds are text. */
export function rowsOf({ rows, columns }: Block): Row[] {
  return Array.from({ length: rows }, (_, row) => {
    return Object.fromEntries(
      Object.entries(columns).flatMap(([name, column]): [string, number | string][] => {
        if (name === 'times')
          return outerTimes(column as NumberLists, row, (columns.hour as Uint32Array)[row] as number);
        return [[name, valueAt(column as PlainColumn, row, rows, name.endsWith('Addr'))]];
      }),
    );
  });
}

type PlainColumn = Exclude<Column, NumberLists>;

/** The first and the last second of a flow, as the table shows them. */
function outerTimes({ ends, values }: NumberLists, row: number, hour: number): [string, number][] {
  const times = values.subarray(row === 0 ? 0 : ends[2 * row - 2], ends[2 * row]);
  return [
    ['first', hour + Math.min(...times)],
    ['last', hour + Math.max(...times)],
  ];
}

function valueAt(column: PlainColumn, row: number, rows: number, isAddress: boolean): number | string {
  if (column.length === 16 * rows) return addressText((column as Uint8Array).subarray(16 * row, 16 * row + 16));
  if (column.length === rows) return isAddress ? mappedText(column[row] as number) : column[row];
  const words = column as Uint32Array;
  const value = words[2 * row] + words[2 * row + 1] * 2 ** 32;
  return Number.isSafeInteger(value) ? value : String(BigInt(words[2 * row]) + (BigInt(words[2 * row + 1]) << 32n));
}

function mappedText(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
}

/** An IPv4-mapped address as IPv4; others as eight groups, none left out. */
export function addressText(bytes: Uint8Array): string {
  const mapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  if (mapped) return bytes.subarray(12).join('.');
  const view = viewOf(bytes);
  return Array.from({ length: 8 }, (_, group) => view.getUint16(2 * group).toString(16)).join(':');
}

export function sumOf(rows: readonly Row[], column: string): number {
  return rows.reduce((sum, row) => sum + Number(row[column]), 0);
}

/** Rows in an order of their own, for comparing sets of rows. */
export function sorted(rows: readonly Row[]): Row[] {
  return rows
    .map((row) => JSON.stringify(row))
    .sort()
    .map((text) => JSON.parse(text));
}

/** Rows that stand for the same thing added up: packets, bytes and frames are sums, first and last the outer ones. */
export function merged(rows: readonly Row[]): Row[] {
  const sums = ['packets', 'bytes', 'frames'];
  const byKey = new Map<string, Row>();
  for (const row of rows) {
    const key = JSON.stringify(Object.entries(row).filter(([name]) => ![...sums, 'first', 'last'].includes(name)));
    const known = byKey.get(key);
    if (known === undefined) {
      byKey.set(key, { ...row });
      continue;
    }
    for (const name of sums) if (name in row) known[name] = Number(known[name]) + Number(row[name]);
    if ('first' in row) known.first = Math.min(Number(known.first), Number(row.first));
    if ('last' in row) known.last = Math.max(Number(known.last), Number(row.last));
  }
  return sorted([...byKey.values()]);
}
