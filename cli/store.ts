// Opening the store for a command, closing it however the command ends.
import type { Connection } from '../store/database.ts';
import { openStore, type StoreConfig } from '../store/store.ts';
import type { StoreOptions } from './options.ts';

export async function withStore<T>(
  { data, clickhouse, database, ca }: StoreOptions,
  work: (db: Connection) => Promise<T>,
  {
    readOnly = false,
    open = openStore,
  }: { readOnly?: boolean; open?: (config: StoreConfig) => Promise<Connection> } = {},
): Promise<T> {
  const db = await open({ directory: data, url: clickhouse, database, ca, readOnly });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
