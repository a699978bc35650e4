// Opening the store for a command, closing it however the command ends, and the sensors a command is about.
import type { Connection } from '../store/database.ts';
import { readSensors, type Sensor } from '../store/sensors.ts';
import { openStore, type StoreConfig } from '../store/store.ts';
import { UsageError } from '../store/usage-error.ts';
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

/** All sensors when none is named. @throws UsageError for an unknown one */
export async function chosenSensors(db: Connection, names: readonly string[]): Promise<Sensor[]> {
  const known = await readSensors(db);
  const unknown = names.find((name) => !known.some(({ sensor }) => sensor === name));
  if (unknown !== undefined) {
    const all = known.map(({ sensor }) => sensor).join(', ');
    throw new UsageError(`no sensor is named ${unknown}; there are ${all || 'none yet'}`);
  }
  return names.length > 0 ? known.filter(({ sensor }) => names.includes(sensor)) : known;
}
