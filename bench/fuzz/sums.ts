// What must add up in a unit's blocks, whatever its bytes were: the same packets stand in every table.
import type { Block, Column } from '../../analyzer/blocks.ts';
import type { UnitAccount } from '../../analyzer/unit.ts';

/** The tables that hold every counted packet once. */
const PACKET_TABLES = ['flows', 'portHours', 'minutes', 'darkDays'];

export function blocksFaults(account: UnitAccount, blocks: readonly Block[]): string[] {
  const faults: string[] = [];
  const mustBe = (what: string, is: number, should: number) => {
    if (is !== should) faults.push(`${what}: ${is}, should be ${should}`);
  };
  const { frames, counted, fates, protocols } = account;
  const total = (values: Record<string, number>) => Object.values(values).reduce((sum, value) => sum + value, 0);
  mustBe('frames by fate', counted + total(fates), frames);
  mustBe('frames by protocol', total(protocols), frames);
  const byFate = blocks.find(({ table }) => table === 'fateHours');
  if (byFate === undefined) return [...faults, 'no block of fates'];
  const names = byFate.columns.fate as string[];
  mustBe('fates by the hour', sum(byFate, 'frames'), frames);
  mustBe(
    'counted by the hour',
    sum(byFate, 'frames', (row) => names[row] === 'counted'),
    counted,
  );
  const countedBytes = sum(byFate, 'bytes', (row) => names[row] === 'counted');
  for (const name of PACKET_TABLES) {
    const block = blocks.find(({ table }) => table === name);
    if (block === undefined) return [...faults, `no block for ${name}`];
    mustBe(`packets of ${name}`, sum(block, 'packets'), counted);
    mustBe(`bytes of ${name}`, sum(block, 'bytes'), countedBytes);
  }
  return faults;
}

/** A column added up; 64-bit numbers are two words, low first. */
function sum({ rows, columns }: Block, name: string, chosen: (row: number) => boolean = () => true): number {
  const column = columns[name] as Uint32Array;
  const wide = column.length === 2 * rows;
  let total = 0;
  for (let row = 0; row < rows; row++) {
    if (chosen(row)) total += wide ? (column[2 * row] ?? 0) + (column[2 * row + 1] ?? 0) * 2 ** 32 : (column[row] ?? 0);
  }
  return total;
}

export function sameBlock(one: Block, other: Block | undefined): boolean {
  if (other === undefined || one.table !== other.table || one.rows !== other.rows) return false;
  return Object.entries(one.columns).every(([name, column]) => {
    const its = other.columns[name];
    if (its === undefined) return false;
    const views = viewsOf(its);
    return viewsOf(column).every((view, part) => sameView(view, views[part]));
  });
}

function viewsOf(column: Column): (ArrayBufferView | string[])[] {
  return 'ends' in column ? [column.ends, column.values] : [column];
}

function sameView(one: ArrayBufferView | string[], other: ArrayBufferView | string[] | undefined): boolean {
  if (!ArrayBuffer.isView(one) || !ArrayBuffer.isView(other)) return String(one) === String(other);
  return Buffer.compare(bytesOf(one), bytesOf(other)) === 0;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
