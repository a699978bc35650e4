// Rows taken away from a table on every server that holds some.
import { clusterOf } from './cluster.ts';
import type { Connection } from './database.ts';
import { localName, onCluster } from './ddl.ts';

/** @param where a condition with bound parameters; when this returns no question finds such rows any more */
export function deleteRows(
  db: Connection,
  table: string,
  where: string,
  parameters: Record<string, unknown>,
): Promise<void> {
  return remove(db, table, where, parameters, '');
}

/** The same of rows that no question looks for: the database takes them away when it has the time, which may be seconds. */
export function deleteRowsLater(
  db: Connection,
  table: string,
  where: string,
  parameters: Record<string, unknown>,
): Promise<void> {
  return remove(db, table, where, parameters, ' SETTINGS lightweight_deletes_sync = 0');
}

async function remove(
  db: Connection,
  table: string,
  where: string,
  parameters: Record<string, unknown>,
  settings: string,
): Promise<void> {
  const cluster = await clusterOf(db);
  await db.command(
    `DELETE FROM ${localName(table, cluster)}${onCluster(cluster)} WHERE ${where}${settings}`,
    parameters,
  );
}
