// Counted units to the database: several small units in one batch, batches one after another, each through the spool.
import { wide } from '../../analyzer/blocks.ts';
import { batchFiles, leftoverBatches, removeBatch, type SpoolBlock, writeBatch } from '../../collector/spool.ts';
import type { Connection } from '../../store/database.ts';
import type { LedgerFile, LedgerRow } from '../../store/ledger.ts';
import { type Block, encodeNative } from '../../store/native.ts';
import { MOST_PARTITIONS, splitByPartitions } from '../../store/partitions.ts';
import { BLOCK_TABLES } from '../../store/tables.ts';

/** A batch is written when it has so many rows or units: few parts in the database, little memory here. */
const BATCH_ROWS = 2_000_000;
const BATCH_UNITS = 1000;
const HOUR_SECONDS = 3600;
/** Batches written and not yet inserted, at most: then reading waits. */
const MOST_WAITING = 2;

export interface Batcher {
  /** Takes a counted unit; waits while too much is on its way. */
  add(row: LedgerRow, blocks: readonly Block[]): Promise<void>;
  /** Takes a file all of whose units have been given. */
  addFile(row: LedgerFile): Promise<void>;
  /** Writes and inserts all that is left. */
  flush(): Promise<void>;
}

interface Batch {
  units: LedgerRow[];
  files: LedgerFile[];
  /** By table: one file, or more where its rows are of too many partitions for one insert. */
  blocks: Map<string, { pieces: Uint8Array[]; partitions: Set<number> }[]>;
  rows: number;
}

export function createBatcher(db: Connection, spool: string, sensor: string): Batcher {
  let batch = emptyBatch();
  // Two chains, each in order: while one batch is inserted the next is written.
  let written: Promise<unknown> = Promise.resolve();
  let inserted: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let failure: Error | undefined;

  const write = (full: Batch): Promise<string> => {
    addLedger(full, sensor);
    const blocks = BLOCK_TABLES.flatMap((table): SpoolBlock[] => {
      return (full.blocks.get(table) ?? []).map(({ pieces }) => ({ table, pieces }));
    });
    const units = full.units.map(({ unit }) => unit);
    const files = full.files.map(({ path, size, modified }) => `${path} ${size} ${modified}`);
    return writeBatch(spool, [sensor, ...units, ...files], blocks);
  };
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
  const close = async () => {
    if (batch.units.length === 0 && batch.files.length === 0) return;
    const full = batch;
    batch = emptyBatch();
    waiting++;
    const place = written.then(() => unlessFailed(() => write(full)));
    written = place;
    inserted = inserted
      .then(() => place)
      .then((directory) => unlessFailed(async () => directory && insertBatch(db, directory)))
      .finally(() => {
        waiting--;
      });
    if (waiting > MOST_WAITING) await inserted;
    if (failure) throw failure;
  };
  const closeWhenFull = async () => {
    if (batch.rows >= BATCH_ROWS || batch.units.length + batch.files.length >= BATCH_UNITS) await close();
  };

  return {
    add: async (row, blocks) => {
      batch.units.push(row);
      for (const block of blocks) addBlock(batch, block, sensor);
      await closeWhenFull();
    },
    addFile: async (row) => {
      batch.files.push(row);
      await closeWhenFull();
    },
    flush: async () => {
      await close();
      await inserted;
      if (failure) throw failure;
    },
  };
}

/** Inserts a batch's files in order, the ledger last, and removes it. */
export async function insertBatch(db: Connection, batch: string): Promise<void> {
  for (const { table, file, token } of await batchFiles(batch)) await db.insertFile(table, file, token);
  await removeBatch(batch);
}

/** Sends what an earlier run left in the spool; returns the number of batches. */
export async function sendLeftovers(db: Connection, spool: string): Promise<number> {
  const batches = await leftoverBatches(spool);
  for (const batch of batches) await insertBatch(db, batch);
  return batches.length;
}

function emptyBatch(): Batch {
  return { units: [], files: [], blocks: new Map(), rows: 0 };
}

function addBlock(batch: Batch, block: Block, sensor: string): void {
  if (block.rows === 0) return;
  const files = batch.blocks.get(block.table) ?? [];
  batch.blocks.set(block.table, files);
  for (const { block: part, partitions } of splitByPartitions(block)) {
    const last = files.at(-1);
    const together = new Set([...(last?.partitions ?? []), ...partitions]);
    const pieces = encodeNative(part, sensor);
    if (last === undefined || together.size > MOST_PARTITIONS) files.push({ pieces, partitions });
    else {
      last.pieces.push(...pieces);
      last.partitions = together;
    }
  }
  batch.rows += block.rows;
}

function addLedger(batch: Batch, sensor: string): void {
  const { units, files } = batch;
  addBlock(
    batch,
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
    sensor,
  );
  const ingested = Date.now();
  addBlock(
    batch,
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
    sensor,
  );
}
