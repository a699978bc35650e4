// A store: a connection to umbrascope's database with all its tables there.
import { type Connection, connect, DATABASE } from './database.ts';
import { embeddedDefaults, openEmbedded } from './engine/embedded.ts';
import { settleSchema } from './schema.ts';
import { UsageError } from './usage-error.ts';

export interface StoreConfig {
  /** Data directory: the embedded engine's, and the spool's. */
  directory: string;
  /** A ClickHouse server instead of the embedded engine: http(s)://user:password@host:port. */
  url?: string | undefined;
}

/**
 * Opens the store and makes what tables are missing.
 * @throws Error or DatabaseError in one line
 */
export async function openStore(config: StoreConfig): Promise<Connection> {
  const engine = config.url
    ? connectServer(config.url)
    : await openEmbedded({ ...embeddedDefaults(), directory: config.directory });
  try {
    await engine.command(`CREATE DATABASE IF NOT EXISTS ${DATABASE} ENGINE = Atomic`);
    await engine.useDatabase(DATABASE);
    await settleSchema(engine, config.url ? `the database at ${new URL(config.url).host}` : config.directory);
  } catch (error) {
    await engine.close();
    throw error;
  }
  return engine;
}

function connectServer(url: string): Connection {
  if (!URL.canParse(url)) {
    throw new UsageError(`--clickhouse ${url}: not an address such as http://user:password@host:8123`);
  }
  const { username, password, protocol, host } = new URL(url);
  return connect({
    url: `${protocol}//${host}`,
    user: decodeURIComponent(username) || 'default',
    password: decodeURIComponent(password),
  });
}
