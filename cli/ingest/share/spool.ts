// What a sharing process has on disk: a directory of its own for blocks, which nobody needs once it has ended, and the locks that keep those
// who share an ingest and one that does not out of each other's way.
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../../store/database.ts';
import type { DataFiles } from '../../../store/engine/files.ts';
import { tryLock } from '../../../store/engine/libc.ts';
import { inDirectory } from '../../../store/engine/trouble.ts';
import { sendLeftovers } from '../insert-batch.ts';

const POLL_MS = 50;
const LOCK = 'lock';

/** Makes the process's directory, and removes those of processes that are gone. */
export function openShareSpool({ directory, shareSpool }: DataFiles): { spool: string; close: () => void } {
  return inDirectory(directory, () => {
    mkdirSync(shareSpool, { mode: 0o700, recursive: true });
    for (const name of readdirSync(shareSpool)) removeIfLeft(path.join(shareSpool, name));
    const spool = path.join(shareSpool, randomUUID());
    mkdirSync(spool, { mode: 0o700 });
    const lock = tryLock(path.join(spool, LOCK));
    const close = () => {
      rmSync(spool, { recursive: true, force: true });
      if (lock !== undefined) closeSync(lock);
    };
    return { spool, close };
  });
}

/** Its owner holds the lock in it; before it has made that, the directory is left alone. */
function removeIfLeft(spool: string): void {
  const lock = existsSync(path.join(spool, LOCK)) ? tryLock(path.join(spool, LOCK)) : undefined;
  if (lock === undefined) return;
  rmSync(spool, { recursive: true, force: true });
  closeSync(lock);
}

/** Sends what an ingest by itself has left in the spool; one process does it, the others wait for its end. */
export async function sendLeftoversOnce(db: Connection, { shareSpool, spool }: DataFiles): Promise<void> {
  const file = `${shareSpool}.lock`;
  let lock = tryLock(file);
  for (; lock === undefined; lock = tryLock(file)) await sleep(POLL_MS);
  try {
    await sendLeftovers(db, spool);
  } finally {
    closeSync(lock);
  }
}
