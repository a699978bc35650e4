// Opening the store for a command, and closing it however the command ends.
import type { Connection } from '../store/database.ts';
import { openStore } from '../store/store.ts';
import type { StoreOptions } from './options.ts';

export async function withStore<T>(
  { data, clickhouse }: StoreOptions,
  work: (db: Connection) => Promise<T>,
  { readOnly = false } = {},
): Promise<T> {
  const db = await openStore({ directory: data, url: clickhouse, readOnly });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
