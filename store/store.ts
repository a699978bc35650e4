// A store: a connection to umbrascope's database with all its tables there.
import { existsSync } from 'node:fs';
import { type Connection, connect, DATABASE } from './database.ts';
import { embeddedDefaults, openEmbedded } from './engine/embedded.ts';
import { dataFiles } from './engine/files.ts';
import { checkSchema, settleSchema } from './schema.ts';
import { UsageError } from './usage-error.ts';

export interface StoreConfig {
  /** Data directory: the embedded engine's, and the spool's. */
  directory: string;
  /** A ClickHouse server instead of the embedded engine: http(s)://user:password@host:port. */
  url?: string | undefined;
  /** Leave the database as it is: nothing is made or changed, and the database itself sees to it. */
  readOnly?: boolean;
}

/**
 * Opens the store and makes what tables are missing.
 * @throws Error or DatabaseError in one line
 */
export async function openStore(config: StoreConfig): Promise<Connection> {
  const { directory, url, readOnly = false } = config;
  const place = url ? `the database at ${hostOf(url)}` : directory;
  if (readOnly && !url && !existsSync(dataFiles(directory).engine)) throw nothingIn(place);
  const engine = url
    ? connectServer(url, readOnly)
    : await openEmbedded({ ...embeddedDefaults(), directory, readOnly });
  try {
    if (url) await engine.ping();
    if (readOnly) {
      const [found] = await engine.query<{ databases: number }>(
        'SELECT count() AS databases FROM system.databases WHERE name = {name:String}',
        { name: DATABASE },
      );
      if (!found?.databases) throw nothingIn(place);
    } else await engine.command(`CREATE DATABASE IF NOT EXISTS ${DATABASE} ENGINE = Atomic`);
    await engine.useDatabase(DATABASE);
    await (readOnly ? checkSchema(engine, place) : settleSchema(engine, place));
  } catch (error) {
    await engine.close();
    throw error;
  }
  return engine;
}

function nothingIn(place: string): UsageError {
  return new UsageError(`nothing was ever ingested into ${place}`);
}

function hostOf(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(`--clickhouse ${url}: not an address such as http://user:password@host:8123`);
  }
  return new URL(url).host;
}

function connectServer(url: string, readOnly: boolean): Connection {
  const { username, password, protocol, host } = new URL(url);
  return connect({
    url: `${protocol}//${host}`,
    user: decodeURIComponent(username) || 'default',
    password: decodeURIComponent(password),
    readOnly,
  });
}
