// A database that takes connections and says nothing would be waited for as long as for the longest insert. So while it works, it is
// asked now and then whether it is there at all.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../store/database.ts';

/** Milliseconds. */
export interface Patience {
  /** How often it is asked. */
  askEvery: number;
  /** How long the work may take, though the database is there: what it was told may have been lost on the way. */
  most: number;
}

const PATIENCE: Patience = { askEvery: 15_000, most: Number.POSITIVE_INFINITY };
/** For a batch, which holds some seconds. If it was under way all the same, its tokens keep it from being counted twice. */
export const BATCH_PATIENCE: Patience = { askEvery: 15_000, most: 120_000 };

/**
 * The work's result; when it settles, nothing of the work goes on.
 * @throws what the work throws, or why the database does not answer any more: the connection is closed then, which ends the work
 */
export async function whileAnswering<T>(
  db: Pick<Connection, 'ping' | 'close'>,
  work: Promise<T>,
  { askEvery, most } = PATIENCE,
): Promise<T> {
  const over = new AbortController();
  const ask = async (): Promise<never> => {
    for (let waited = askEvery; ; waited += askEvery) {
      await sleep(askEvery, undefined, { signal: over.signal });
      await db.ping();
      if (waited >= most)
        throw new Error(`the database is there, but did not answer within ${Math.round(waited / 1000)} s`);
    }
  };
  const asked = ask();
  asked.catch(() => {}); // nobody listens any more when the work was done first
  try {
    return await Promise.race([work, asked]);
  } catch (error) {
    await db.close().catch(() => {});
    return await work.catch(() => {
      throw error;
    });
  } finally {
    over.abort();
  }
}

/** For opening a database: all that is asked of it then is short, but for making the tables of a cluster. */
const OPENING_MOST_MS = 300_000;

/**
 * What is opened; it is closed again where it comes too late.
 * @throws what opening throws, or that it took too long
 */
export async function whileOpening<T>(
  opening: Promise<T>,
  close: (late: T) => Promise<void>,
  most = OPENING_MOST_MS,
): Promise<T> {
  const over = new AbortController();
  const tooLong = sleep(most, undefined, { signal: over.signal }).then(() => {
    opening.then(close).catch(() => {}); // nobody waits for it any more
    throw new Error(`the database is there, but was not opened within ${Math.round(most / 1000)} s`);
  });
  try {
    return await Promise.race([opening, tooLong]);
  } finally {
    over.abort();
    tooLong.catch(() => {});
  }
}
