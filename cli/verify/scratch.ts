// A database beside the stored one for what is counted again: its own engine in a directory that is gone when the command ends.
import { closeSync, rmSync } from 'node:fs';
import type { Connection } from '../../store/database.ts';
import { type DataFiles, dataFiles, prepareSpool } from '../../store/engine/files.ts';
import { tryLock } from '../../store/engine/libc.ts';
import { openStore } from '../../store/store.ts';

export interface Scratch {
  db: Connection;
  spool: string;
}

/** Gives work an empty database and takes it away again. What a killed one left is removed by the next. */
export async function withScratch<T>(files: DataFiles, work: (scratch: Scratch) => Promise<T>): Promise<T> {
  prepareSpool(files);
  const lock = tryLock(files.verifyLock);
  if (lock === undefined) throw new Error(`another verify runs in ${files.directory}: wait for its end`);
  const remove = () => rmSync(files.recount, { recursive: true, force: true, maxRetries: 10 });
  try {
    remove();
    const db = await openStore({ directory: files.recount });
    try {
      return await work({ db, spool: dataFiles(files.recount).spool });
    } finally {
      await db.close();
    }
  } finally {
    await removed(files.recount, remove);
    closeSync(lock);
  }
}

/** The engine holds its lock to its very end; until then it may still write. */
async function removed(directory: string, remove: () => void): Promise<void> {
  const { engineLock } = dataFiles(directory);
  for (let wait = 0; wait < MOST_WAITS; wait++) {
    const lock = lockOf(engineLock);
    if (lock === 'held') {
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
      continue;
    }
    if (lock !== undefined) closeSync(lock);
    break;
  }
  remove();
}

const WAIT_MS = 20;
const MOST_WAITS = 500;

/** The lock, that it is held, or undefined where there is none. */
function lockOf(file: string): number | 'held' | undefined {
  try {
    return tryLock(file) ?? 'held';
  } catch {
    return undefined;
  }
}
