// Which tables a database has: made when it is new, grown when it is older than this program, left alone when it is newer.
import { clusterOf } from './cluster.ts';
import type { Connection } from './database.ts';
import { createStatements, growStatements, type SchemaForm } from './ddl.ts';
import { together } from './together.ts';

/** Raised with every change of the tables (test/store/schema.test.ts says so). */
export const SCHEMA_VERSION = 3;

/**
 * @param place of the database, for the message
 * @throws Error when a newer umbrascope has written it
 */
export async function settleSchema(db: Connection, place: string): Promise<void> {
  const { tables, stored } = await storedVersion(db);
  if (stored === SCHEMA_VERSION) return;
  refuseNewer(stored, place);
  const form = { cluster: tables > 0 ? await clusterOf(db) : undefined };
  await create(db, form);
  if (tables > 0) for (const statement of growStatements(form)) await db.command(statement);
  await noteVersion(db);
}

/** On one server tables need nothing of each other, so they are made at once; views need tables. A cluster is told step by step. */
async function create(db: Connection, form: SchemaForm): Promise<void> {
  const statements = createStatements(form);
  if (form.cluster) {
    for (const statement of statements) await db.command(statement);
    return;
  }
  const views = statements.filter((statement) => statement.startsWith('CREATE VIEW'));
  for (const some of [statements.filter((statement) => !views.includes(statement)), views])
    await together(some.map((statement) => db.command(statement)));
}

/** Writes down that all tables are as this program has them. */
export async function noteVersion(db: Connection): Promise<void> {
  await db.command('INSERT INTO schema (version) SELECT {version:UInt32}', { version: SCHEMA_VERSION });
}

/**
 * The same without changing anything.
 * @throws Error when another umbrascope has written it, newer or older
 */
export async function checkSchema(db: Connection, place: string): Promise<void> {
  const { stored } = await storedVersion(db);
  refuseNewer(stored, place);
  if (stored < SCHEMA_VERSION) {
    throw new Error(
      `${place} was written by an older umbrascope (tables of version ${stored}, this one has ${SCHEMA_VERSION}): \`umbrascope status\` brings them up to date`,
    );
  }
}

export function refuseNewer(stored: number, place: string): void {
  if (stored <= SCHEMA_VERSION) return;
  throw new Error(
    `${place} was written by a newer umbrascope (tables of version ${stored}, this one knows ${SCHEMA_VERSION}): use that one; nothing was changed`,
  );
}

/** The version is 0 where none is written down. */
export async function storedVersion(db: Connection): Promise<{ tables: number; stored: number }> {
  const [found] = await db.query<{ tables: number; known: number }>(
    `SELECT count() AS tables, countIf(name = 'schema') AS known FROM system.tables WHERE database = currentDatabase()`,
  );
  if (!found?.known) return { tables: found?.tables ?? 0, stored: 0 };
  const [row] = await db.query<{ version: number }>('SELECT max(version) AS version FROM schema');
  return { tables: found.tables, stored: row?.version ?? 0 };
}
