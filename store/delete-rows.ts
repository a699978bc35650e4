// Rows taken away from a table on every server that holds some.
import { clusterOf } from './cluster.ts';
import type { Connection } from './database.ts';
import { localName, onCluster } from './ddl.ts';

/** @param where a condition with bound parameters; when this returns no question finds such rows any more */
export async function deleteRows(
  db: Connection,
  table: string,
  where: string,
  parameters: Record<string, unknown>,
): Promise<void> {
  const cluster = await clusterOf(db);
  await db.command(`DELETE FROM ${localName(table, cluster)}${onCluster(cluster)} WHERE ${where}`, parameters);
}
