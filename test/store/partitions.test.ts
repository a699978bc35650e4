// Blocks with rows of many years and months come apart into such as one insert may bring.
import { describe, expect, it } from 'vitest';
import type { Block, NumberLists } from '../../store/native.ts';
import { MOST_PARTITIONS, splitByPartitions } from '../../store/partitions.ts';

const MONTH_SECONDS = 31 * 86_400;

function minutes(times: readonly number[]): Block {
  return {
    table: 'minutes',
    rows: times.length,
    columns: {
      minute: Uint32Array.from(times),
      kind: new Uint8Array(times.length).fill(1),
      category: times.map((time) => `category ${time}`),
      packets: Uint32Array.from(times.flatMap((time) => [time, 1])),
      bytes: new Uint32Array(2 * times.length),
    },
  };
}

describe('a block', () => {
  it('of few partitions stays as it is', () => {
    const block = minutes([0, 1, MONTH_SECONDS, 40 * MONTH_SECONDS]);
    expect(splitByPartitions(block)).toEqual([{ block, partitions: new Set([0, 1, 40]) }]);
  });

  it('of a table without partitions stays as it is', () => {
    const block = { table: 'coverage', rows: 2, columns: { hour: Uint32Array.of(0, 4e9) } };
    expect(splitByPartitions(block)).toEqual([{ block, partitions: new Set() }]);
  });

  it('of many months comes apart; every row is in one part, with all its values', () => {
    const hours = Array.from({ length: 5000 }, (_, i) => ((i * 7919) % 1400) * MONTH_SECONDS);
    const block: Block = {
      table: 'flows',
      rows: hours.length,
      columns: {
        hour: Uint32Array.from(hours),
        srcAddr: Uint8Array.from({ length: 16 * 5000 }, (_, i) => i % 251),
        times: listsOf(
          Array.from(hours, (_, row) => Array.from({ length: 1 + (row % 3) }, (_, i) => (row % 1000) + i)),
        ),
      },
    };
    const parts = splitByPartitions(block);
    expect(parts.length).toBe(Math.ceil(new Set(hours.map(monthOf)).size / MOST_PARTITIONS));
    const seen: string[] = [];
    for (const { block: part, partitions } of parts) {
      expect(partitions.size).toBeLessThanOrEqual(MOST_PARTITIONS);
      const { hour } = part.columns as { hour: Uint32Array };
      expect(new Set([...hour].map(monthOf)).size).toBe(partitions.size);
      seen.push(...rowsOf(part));
    }
    expect(seen.sort()).toEqual(rowsOf(block).sort());
  });
});

/** Each row as text. */
function rowsOf({ rows, columns }: Block): string[] {
  const { hour, srcAddr, times } = columns as { hour: Uint32Array; srcAddr: Uint8Array; times: NumberLists };
  return Array.from({ length: rows }, (_, row) => {
    const list = times.values.subarray(row === 0 ? 0 : times.ends[2 * row - 2], times.ends[2 * row]);
    return `${hour[row]} ${srcAddr.subarray(16 * row, 16 * row + 16)} ${list}`;
  });
}

function listsOf(lists: readonly number[][]): NumberLists {
  let end = 0;
  const ends = lists.flatMap((list) => {
    end += list.length;
    return [end, 0];
  });
  return { ends: Uint32Array.from(ends), values: Uint16Array.from(lists.flat()) };
}

function monthOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 7);
}
