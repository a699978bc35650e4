// A store for a program that runs for years: when its engine has gone, the next question opens the store anew.
import { type Connection, DatabaseAway } from './database.ts';
import { forwarded } from './forwarded.ts';
import { openStore, type StoreConfig } from './store.ts';

/** As `openStore`; questions are asked again after opening anew, statements that change something are not. */
export async function openLasting(config: StoreConfig): Promise<Connection> {
  let current = openStore(config);
  await current;
  const renewed = (broken: Connection): Promise<Connection> => {
    const asked = current;
    const opening = asked.then(
      (db) => (db === broken ? reopened(config, broken) : db),
      () => openStore(config),
    );
    // Whoever fails at the same time waits for the same new one.
    if (current === asked) current = opening;
    return current;
  };
  const use = async <T>(work: (db: Connection) => Promise<T>, again: boolean): Promise<T> => {
    const db = await current.catch(() => {
      current = openStore(config);
      return current;
    });
    try {
      return await work(db);
    } catch (error) {
      if (!(error instanceof DatabaseAway)) throw error;
      const fresh = await renewed(db);
      if (!again) throw error;
      return work(fresh);
    }
  };
  return forwarded(use, async () => (await current.catch(() => undefined))?.close());
}

async function reopened(config: StoreConfig, broken: Connection): Promise<Connection> {
  await broken.close().catch(() => {});
  return openStore(config);
}
