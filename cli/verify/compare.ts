// Compares what is stored with what was counted again, table by table: hours and days by one digest each, rows only where those differ
// or where other captures share the hour. Rows come from both sides in the order of their key, so nothing has to be held.
import type { Connection } from '../../store/database.ts';
import { BOUNDED, type Bound, CONTENTS, type Contents, digestOf } from '../../store/questions/contents.ts';
import type { Sensor } from '../../store/sensors.ts';
import type { Span } from './spans.ts';

/** A row that is not as it was counted. */
export interface RowDifference {
  table: string;
  period: 'hour' | 'day';
  /** Hours or days since 1970. */
  at: number;
  key: Record<string, string | number>;
  column: string;
  /** Null where there is no such row. */
  stored: string | number | null;
  counted: string | number | null;
  /** Other captures share the hour or day: more than was counted would be right. */
  shared: boolean;
}

export interface Sides {
  stored: Connection;
  counted: Connection;
  sensor: Pick<Sensor, 'sensor' | 'timeZone'>;
}

/** What is compared exactly, and what other captures share; days without those that are not finalised yet. */
export interface Ranges {
  exact: Span[];
  shared: Span[];
}

export type RangesOf = (contents: Contents) => Ranges;

type Row = (string | number)[];

/** The first difference in the order of tables, then of time and key. */
export async function firstDifference(
  sides: Sides,
  rangesOf: RangesOf,
  told: (table: string) => void,
): Promise<RowDifference | undefined> {
  for (const contents of CONTENTS) {
    told(contents.table);
    const { exact, shared } = rangesOf(contents);
    for (const span of exact) {
      const at = await firstUnlike(sides, contents, span);
      if (at === undefined) continue;
      const found = await firstRow(sides, contents, { from: at, to: at + 1 }, false);
      if (found) return found;
    }
    for (const span of shared) {
      const found = await firstRow(sides, contents, span, true);
      if (found) return found;
    }
  }
  return undefined;
}

/** The first hour or day of a span whose digests differ. */
async function firstUnlike(sides: Sides, contents: Contents, span: Span): Promise<number | undefined> {
  const rows = (db: Connection, sql: string) =>
    db.rows<[number, number, string]>(`${digestOf(sql)} ${BOUNDED}`, parametersOf(sides, contents, span));
  const pairs = pairsOf(rows(sides.stored, contents.stored), rows(sides.counted, contents.counted), 1);
  for await (const [stored, counted] of pairs) {
    if (stored === undefined || counted === undefined) return (stored ?? counted)?.[0] as number;
    if (stored.some((value, column) => value !== counted[column])) return stored[0] as number;
  }
  return undefined;
}

async function firstRow(
  sides: Sides,
  contents: Contents,
  span: Span,
  shared: boolean,
): Promise<RowDifference | undefined> {
  const { table, period, key, values } = contents;
  const rows = (db: Connection, sql: string) => db.rows<Row>(`${sql} ${BOUNDED}`, parametersOf(sides, contents, span));
  const keys = 1 + key.length;
  const columns = Object.entries(values);
  for await (const [stored, counted] of pairsOf(
    rows(sides.stored, contents.stored),
    rows(sides.counted, contents.counted),
    keys,
  )) {
    if (counted === undefined && shared) continue;
    const column = columns.findIndex(
      ([, bound], i) => !isRight(stored?.[keys + i], counted?.[keys + i], bound, shared),
    );
    if (column < 0) continue;
    const row = (stored ?? counted) as Row;
    return {
      table,
      period,
      at: row[0] as number,
      key: Object.fromEntries(key.map((name, i) => [name, shown(name, row[1 + i] as string | number)])),
      column: (columns[column] as [string, Bound])[0],
      stored: stored?.[keys + column] ?? null,
      counted: counted?.[keys + column] ?? null,
      shared,
    };
  }
  return undefined;
}

function isRight(
  stored: string | number | undefined,
  counted: string | number | undefined,
  bound: Bound,
  shared: boolean,
): boolean {
  if (!shared || stored === undefined || counted === undefined) return stored === counted;
  if (bound === 'min') return stored <= counted;
  if (bound === 'bits') return (BigInt(stored) & BigInt(counted)) === BigInt(counted);
  return stored >= counted;
}

/** Rows of both sides side by side: those of the same key together. */
async function* pairsOf<R extends Row>(
  one: AsyncIterable<R>,
  other: AsyncIterable<R>,
  keys: number,
): AsyncGenerator<[R | undefined, R | undefined]> {
  const left = one[Symbol.asyncIterator]();
  const right = other[Symbol.asyncIterator]();
  try {
    let a: R | undefined = (await left.next()).value;
    let b: R | undefined = (await right.next()).value;
    while (a !== undefined || b !== undefined) {
      const order = a === undefined ? 1 : b === undefined ? -1 : orderOf(a, b, keys);
      yield [order <= 0 ? a : undefined, order >= 0 ? b : undefined];
      if (order <= 0) a = (await left.next()).value;
      if (order >= 0) b = (await right.next()).value;
    }
  } finally {
    await left.return?.();
    await right.return?.();
  }
}

function orderOf(a: Row, b: Row, keys: number): number {
  for (let i = 0; i < keys; i++) {
    const x = a[i] as string | number;
    const y = b[i] as string | number;
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

const HOUR_SECONDS = 3600;

function parametersOf({ sensor }: Sides, { period }: Contents, { from, to }: Span): Record<string, unknown> {
  const unit = period === 'hour' ? HOUR_SECONDS : 1;
  return { sensor: sensor.sensor, timeZone: sensor.timeZone, from: from * unit, to: to * unit };
}

const KINDS = ['', 'scan', 'backscatter', 'other'];

/** A key's part as people read it. */
function shown(name: string, value: string | number): string | number {
  if (name === 'kind') return KINDS[value as number] ?? value;
  if (name === 'minute') return new Date((value as number) * 60_000).toISOString().slice(0, 16);
  if (name.endsWith('Addr')) return addressText(value as string);
  return value;
}

function addressText(hex: string): string {
  if (hex.startsWith('00000000000000000000FFFF')) return Buffer.from(hex.slice(24), 'hex').join('.');
  const groups = hex.match(/.{4}/g) ?? [];
  // the URL parser shortens IPv6 as RFC 5952 has it
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
