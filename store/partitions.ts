// No insert touches more partitions than the database allows, whatever times a capture bears: blocks are split where they would.
import type { Block, NumberLists } from './native.ts';
import { tableNamed } from './tables.ts';

/** ClickHouse refuses rows of more partitions in one insert (`max_partitions_per_insert_block`, 100 by default). */
export const MOST_PARTITIONS = 100;

const DAY_SECONDS = 86_400;

/** A block, or a part of one, and the partitions its rows fall into. */
export interface PartitionedBlock {
  block: Block;
  partitions: Set<number>;
}

/** The block as it is, or as several of at most MOST_PARTITIONS partitions each; rows keep their order. */
export function splitByPartitions(block: Block): PartitionedBlock[] {
  const partitionOf = partitioning(block);
  if (partitionOf === undefined) return [{ block, partitions: new Set() }];
  const partitions = partitionsOf(block.rows, partitionOf);
  if (partitions.size <= MOST_PARTITIONS) return [{ block, partitions }];
  const sorted = [...partitions].sort((a, b) => a - b);
  const parts: PartitionedBlock[] = [];
  for (let from = 0; from < sorted.length; from += MOST_PARTITIONS) {
    const some = new Set(sorted.slice(from, from + MOST_PARTITIONS));
    const rows: number[] = [];
    for (let row = 0; row < block.rows; row++)
      if (some.has(partitionOf.of(partitionOf.values[row] as number))) rows.push(row);
    parts.push({ block: selectRows(block, rows), partitions: some });
  }
  return parts;
}

interface Partitioning {
  /** The column that decides. */
  values: Uint16Array | Uint32Array;
  /** A value's partition as a number of its own. */
  of(value: number): number;
}

/** Undefined for a table without partitions. */
function partitioning(block: Block): Partitioning | undefined {
  const [, by, column] = /^(toYYYYMM|toYear)\((\w+)\)$/.exec(tableNamed(block.table).partitionBy ?? '') ?? [];
  if (by === undefined || column === undefined) return undefined;
  const values = block.columns[column] as Uint16Array | Uint32Array;
  const unit = values instanceof Uint16Array ? DAY_SECONDS : 1;
  const known = new Map<number, number>();
  const of = (value: number) => {
    let partition = known.get(value);
    if (partition === undefined) {
      const date = new Date(value * unit * 1000);
      partition = (date.getUTCFullYear() - 1970) * 12 + (by === 'toYear' ? 0 : date.getUTCMonth());
      known.set(value, partition);
    }
    return partition;
  };
  return { values, of };
}

/** Rows of one hour or day mostly stand together: each stretch of them is looked at once. */
function partitionsOf(rows: number, { values, of }: Partitioning): Set<number> {
  const partitions = new Set<number>();
  let before = -1;
  for (let row = 0; row < rows; row++) {
    const value = values[row] as number;
    if (value === before) continue;
    partitions.add(of(value));
    before = value;
  }
  return partitions;
}

function selectRows(block: Block, rows: readonly number[]): Block {
  const columns: Block['columns'] = {};
  for (const [name, values] of Object.entries(block.columns)) {
    if (Array.isArray(values)) {
      columns[name] = rows.map((row) => values[row]) as string[];
      continue;
    }
    if ('ends' in values) {
      columns[name] = selectLists(values, rows);
      continue;
    }
    const words = values.length / block.rows;
    const chosen = new (values.constructor as Uint32ArrayConstructor)(rows.length * words);
    for (const [to, row] of rows.entries()) chosen.set(values.subarray(row * words, (row + 1) * words), to * words);
    columns[name] = chosen;
  }
  return { table: block.table, rows: rows.length, columns };
}

function selectLists({ ends, values }: NumberLists, rows: readonly number[]): NumberLists {
  const chosen = { ends: new Uint32Array(2 * rows.length), values: new Uint16Array(values.length) };
  let filled = 0;
  for (const [to, row] of rows.entries()) {
    const list = values.subarray(row === 0 ? 0 : ends[2 * row - 2], ends[2 * row]);
    chosen.values.set(list, filled);
    filled += list.length;
    chosen.ends[2 * to] = filled;
  }
  return { ends: chosen.ends, values: chosen.values.subarray(0, filled) };
}
