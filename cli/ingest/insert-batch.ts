// Batches of the spool into the database: the one just written, and those that an earlier run left.
import { batchDamage, batchFiles, leftoverBatches, removeBatch, setAside } from '../../collector/spool.ts';
import type { Connection } from '../../store/database.ts';

export interface InsertOptions {
  /** What the database looks at before each. */
  fence?: string;
  /** Settles when every batch is in the database that holds units of the files which this one says are read. */
  beforeFiles?: () => Promise<void>;
}

/** Inserts a batch's files in order, the ledger after what it accounts for, and removes it. */
export async function insertBatch(
  db: Connection,
  batch: string,
  { fence, beforeFiles }: InsertOptions = {},
): Promise<void> {
  for (const { table, file, token } of await batchFiles(batch)) {
    if (table === 'files') await beforeFiles?.();
    await db.insertFile(table, file, token, fence);
  }
  await removeBatch(batch);
}

/**
 * Sends what an earlier run left in the spool; what the disk has damaged is set aside, and its files are read again: no file is known as
 * read before every unit that waited is in the database. Stopped anywhere, the next run begins anew.
 */
export async function sendLeftovers(db: Connection, spool: string): Promise<void> {
  const whole: string[] = [];
  const damaged: { batch: string; damage: string }[] = [];
  for (const batch of await leftoverBatches(spool)) {
    const damage = await batchDamage(batch);
    if (damage === undefined) whole.push(batch);
    else damaged.push({ batch, damage });
  }
  const blocks = (await Promise.all(whole.map(batchFiles))).flat();
  const ofUnits = blocks.filter(({ table }) => table !== 'files');
  const ofFiles = damaged.length === 0 ? blocks.filter(({ table }) => table === 'files') : [];
  for (const { table, file, token } of [...ofUnits, ...ofFiles]) await db.insertFile(table, file, token);
  for (const batch of whole) await removeBatch(batch);
  for (const { batch, damage } of damaged) {
    process.stderr.write(`umbrascope: ${await setAside(batch)} is not sent: ${damage}\n`);
  }
}
