// Counted units to the database: several small units in one batch, batches one after another, each through the spool.
import { wide } from '../../analyzer/blocks.ts';
import type { Conveyor } from '../../analyzer/conveyor.ts';
import { type SpoolBlock, writeBatch } from '../../collector/spool.ts';
import type { Connection } from '../../store/database.ts';
import type { LedgerFile, LedgerRow } from '../../store/ledger.ts';
import { type Block, encodeNative } from '../../store/native.ts';
import { MOST_PARTITIONS, splitByPartitions } from '../../store/partitions.ts';
import { BLOCK_TABLES } from '../../store/tables.ts';
import { insertBatch } from './insert-batch.ts';

/**
 * A round of counting ends when each worker has had about so many frames, and all together so many, or after so many units or files: the
 * more, the fewer rows and parts in the database; the fewer, the sooner it begins and the less is left for the end.
 */
const WORKER_FRAMES = 1_000_000;
const ROUND_FRAMES = 2_000_000;
const ROUND_UNITS = 1000;
/** Rows of a worker come sorted, which halves the work of the database; where they are few, fewer inserts are worth more. */
const FEW_ROWS = 100_000;
const HOUR_SECONDS = 3600;
/** Batches written and not yet inserted, at most: then reading waits. */
const MOST_WAITING = 2;

export interface Batcher {
  /** Takes a counted unit of a round; waits while too much is on its way. */
  add(row: LedgerRow, round: number): Promise<void>;
  /** Takes a file all of whose units have been given. */
  addFile(row: LedgerFile): Promise<void>;
  /** Has everything counted written and inserted. */
  flush(): Promise<void>;
}

/** What belongs to a round besides the blocks that the workers have. */
interface Open {
  units: LedgerRow[];
  files: LedgerFile[];
  frames: number;
}

/** By table: files to insert, each with the partitions its rows fall into. */
type BatchBlocks = Map<string, { pieces: Uint8Array[]; partitions: Set<number>; rows: number }[]>;

/**
 * Makes a batch of every round that the conveyor counts, and sends them to the database one after another, the last two beside each other.
 * @param ready settles when the database may be sent the first; nothing is written to the spool before
 */
export function createBatcher(
  db: Connection,
  spool: string,
  sensor: string,
  conveyor: Conveyor,
  workers: number,
  ready: Promise<void> = Promise.resolve(),
): Batcher {
  let round = 0;
  const rounds = new Map<number, Open>();
  let waiting = 0;
  let failure: Error | undefined;
  /** A link of a chain; after a failure the rest is left alone. */
  const unlessFailed = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    if (failure) return undefined;
    try {
      return await work();
    } catch (error) {
      failure = error as Error;
      return undefined;
    }
  };
  // Two chains, each in order: while one batch is inserted the next is written.
  let written: Promise<unknown> = unlessFailed(() => ready);
  let inserted: Promise<unknown> = Promise.resolve();

  const openRound = (number: number): Open => {
    if (number < round && !rounds.has(number)) throw new Error(`round ${number} of counting has ended`);
    const known = rounds.get(number) ?? { units: [], files: [], frames: 0 };
    rounds.set(number, known);
    return known;
  };
  const write = async (number: number, blocks: readonly Block[]): Promise<string | undefined> => {
    const { units, files } = openRound(number);
    rounds.delete(number);
    if (units.length === 0 && files.length === 0) return undefined;
    const spooled = spoolBlocks(sensor, [...blocks, ...ledgerBlocks(units, files)]);
    const names = files.map(({ path, size, modified }) => `${path} ${size} ${modified}`);
    return await writeBatch(spool, [sensor, ...units.map(({ unit }) => unit), ...names], spooled);
  };
  /** @param isLast nothing is left to count: the batch goes beside the one before it */
  const close = async (isLast = false) => {
    openRound(round);
    round++;
    waiting++;
    const collected = conveyor.collect();
    const place = written.then(() =>
      unlessFailed(async () => {
        const { round: number, blocks, release } = await collected;
        const directory = await write(number, blocks);
        release();
        return directory;
      }),
    );
    written = place;
    const before = inserted;
    const beforeFiles = async () => {
      await before;
      if (failure) throw failure;
    };
    inserted = (isLast ? place : before.then(() => place))
      .then((directory) => unlessFailed(async () => directory && insertBatch(db, directory, { beforeFiles })))
      .then(() => before)
      .finally(() => {
        waiting--;
      });
    if (waiting > MOST_WAITING) await inserted;
    if (failure) throw failure;
  };
  const closeWhenFull = async () => {
    const { units, files, frames } = openRound(round);
    const full = frames >= Math.max(ROUND_FRAMES, WORKER_FRAMES * workers);
    if (full || Math.max(units.length, files.length) >= ROUND_UNITS) await close();
  };

  return {
    add: async (row, number) => {
      const open = openRound(number);
      open.units.push(row);
      open.frames += row.frames;
      await closeWhenFull();
    },
    addFile: async (row) => {
      openRound(round).files.push(row);
      await closeWhenFull();
    },
    flush: async () => {
      await close(true);
      await inserted;
      if (failure) throw failure;
    },
  };
}

/** Blocks as files of the spool, in the order of insertion. */
export function spoolBlocks(sensor: string, blocks: readonly Block[]): SpoolBlock[] {
  const all: BatchBlocks = new Map();
  for (const block of blocks) addBlock(all, block, sensor);
  return BLOCK_TABLES.flatMap((table): SpoolBlock[] => {
    return (all.get(table) ?? []).map(({ pieces }) => ({ table, pieces }));
  });
}

function addBlock(batch: BatchBlocks, block: Block, sensor: string): void {
  if (block.rows === 0) return;
  const files = batch.get(block.table) ?? [];
  batch.set(block.table, files);
  for (const { block: part, partitions } of splitByPartitions(block)) {
    const last = files.at(-1);
    const together = new Set([...(last?.partitions ?? []), ...partitions]);
    const pieces = encodeNative(part, sensor);
    if (last === undefined || together.size > MOST_PARTITIONS || last.rows + part.rows > FEW_ROWS) {
      files.push({ pieces, partitions, rows: part.rows });
    } else {
      last.pieces.push(...pieces);
      last.partitions = together;
      last.rows += part.rows;
    }
  }
}

export function ledgerBlocks(units: readonly LedgerRow[], files: readonly LedgerFile[]): Block[] {
  const ingested = Date.now();
  return [
    {
      table: 'ledger',
      rows: units.length,
      columns: {
        unit: units.map(({ unit }) => unit),
        opening: units.map(({ opening }) => opening),
        path: units.map(({ path }) => path),
        start: wide(units.map(({ start }) => start)),
        end: wide(units.map(({ end }) => end)),
        frames: wide(units.map(({ frames }) => frames)),
        counted: wide(units.map(({ counted }) => counted)),
        fates: units.map(({ fates }) => fates),
        firstHour: Uint32Array.from(units, ({ firstHour }) => firstHour * HOUR_SECONDS),
        lastHour: Uint32Array.from(units, ({ lastHour }) => lastHour * HOUR_SECONDS),
        rulesVersion: units.map(({ rulesVersion }) => rulesVersion),
        settings: units.map(({ settings }) => settings),
      },
    },
    {
      table: 'files',
      rows: files.length,
      columns: {
        path: files.map(({ path }) => path),
        size: wide(files.map(({ size }) => size)),
        modified: wide(files.map(({ modified }) => modified)),
        frames: wide(files.map(({ frames }) => frames)),
        counted: wide(files.map(({ counted }) => counted)),
        fates: files.map(({ fates }) => fates),
        damage: files.map(({ damage }) => damage),
        ingested: wide(files.map(() => ingested)),
      },
    },
  ];
}
