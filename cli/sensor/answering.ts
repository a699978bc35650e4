// A database that takes connections and says nothing would be waited for as long as for the longest insert. So while it works, it is
// asked now and then whether it is there at all.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../store/database.ts';

const ASK_EVERY_MS = 15_000;

/**
 * The work's result; when it settles, nothing of the work goes on.
 * @throws what the work throws, or why the database does not answer any more: the connection is closed then, which ends the work
 */
export async function whileAnswering<T>(
  db: Pick<Connection, 'ping' | 'close'>,
  work: Promise<T>,
  everyMs = ASK_EVERY_MS,
): Promise<T> {
  const over = new AbortController();
  const ask = async (): Promise<never> => {
    for (;;) {
      await sleep(everyMs, undefined, { signal: over.signal });
      await db.ping();
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
