// A store: a connection to umbrascope's database with all its tables there.
import { existsSync, readdirSync } from 'node:fs';
import { type Connection, type ConnectionConfig, connect, DATABASE } from './database.ts';
import { embeddedDefaults, openEmbedded } from './engine/embedded.ts';
import { dataFiles } from './engine/files.ts';
import { forwarded } from './forwarded.ts';
import { checkSchema, settleSchema } from './schema.ts';
import { checkServerVersion, serverConfig } from './server.ts';
import { UsageError } from './usage-error.ts';

export interface StoreConfig {
  /** Data directory: the embedded engine's, and the spool's. */
  directory: string;
  /** A ClickHouse server instead of the embedded engine: http(s)://user:password@host:port/database. */
  url?: string | undefined;
  /** Of the server, where the address does not name it. */
  database?: string | undefined;
  /** Of the server: file with its authority's certificate. */
  ca?: string | undefined;
  /** Leave the database as it is: nothing is made or changed, and the database itself sees to it. */
  readOnly?: boolean;
}

/**
 * Opens the store and makes what tables are missing.
 * @throws Error or DatabaseError in one line
 */
export async function openStore(config: StoreConfig): Promise<Connection> {
  const { readOnly = false } = config;
  const { db, place, database } = await openEngine(config);
  try {
    if (!(await hasDatabase(db, database))) {
      if (readOnly) throw nothingIn(place);
      await db.command(`CREATE DATABASE IF NOT EXISTS ${database} ENGINE = Atomic`);
    }
    await db.useDatabase(database);
    await (readOnly ? checkSchema(db, place) : settleSchema(db, place));
  } catch (error) {
    await db.close();
    throw error;
  }
  return db;
}

/** True for a data directory that no command has used yet, and whose database therefore holds nothing. */
export function isNewStore({ directory, url }: StoreConfig): boolean {
  const { engine, spool } = dataFiles(directory);
  return !url && !existsSync(engine) && (!existsSync(spool) || readdirSync(spool).length === 0);
}

/** As `openStore`, but at once: whatever is asked of it waits until the store is open, and fails where that did. */
export async function openMeanwhile(config: StoreConfig): Promise<Connection> {
  const opening = openStore(config);
  opening.catch(() => {}); // told to whoever asks
  return forwarded(
    async (work) => work(await opening),
    async () => (await opening.catch(() => undefined))?.close(),
  );
}

export interface OpenEngine {
  db: Connection;
  /** What a user calls it. */
  place: string;
  database: string;
}

/**
 * The engine or server itself, whatever databases it has.
 * @throws Error or DatabaseError in one line
 */
export async function openEngine({ directory, url, database, ca, readOnly = false }: StoreConfig): Promise<OpenEngine> {
  if (!url) {
    if (database || ca) throw new UsageError(`--${database ? 'database' : 'ca'} is of a server: give --clickhouse too`);
    if (readOnly && !existsSync(dataFiles(directory).engine)) throw nothingIn(directory);
    const db = await openEmbedded({ ...embeddedDefaults(), directory, readOnly });
    return { db, place: directory, database: DATABASE };
  }
  const config: ConnectionConfig & { database: string } = serverConfig({ url, database, ca });
  const place = `the database at ${new URL(config.url).host}`;
  const db = connect({ ...config, readOnly });
  try {
    await db.ping();
    await checkServerVersion(db, place);
  } catch (error) {
    await db.close();
    throw error;
  }
  return { db, place, database: config.database };
}

async function hasDatabase(db: Connection, name: string): Promise<boolean> {
  const [found] = await db.query<{ databases: number }>(
    'SELECT count() AS databases FROM system.databases WHERE name = {name:String}',
    { name },
  );
  return (found?.databases ?? 0) > 0;
}

function nothingIn(place: string): UsageError {
  return new UsageError(`nothing was ever ingested into ${place}`);
}
