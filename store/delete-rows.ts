// Rows taken away from a table on every server that holds some.
import { clusterOf } from './cluster.ts';
import type { Connection } from './database.ts';
import { type Cluster, localName, onCluster } from './ddl.ts';

/**
 * @param where a condition with bound parameters
 * @param when `now`: when this returns no question finds such rows any more; `later`: of rows that no question looks for, as soon as the
 *   database has the time, which may be seconds
 */
export async function deleteRows(
  db: Connection,
  table: string,
  where: string,
  parameters: Record<string, unknown>,
  when: 'now' | 'later' = 'now',
): Promise<void> {
  const cluster = await clusterOf(db);
  const settings = when === 'later' ? ' SETTINGS lightweight_deletes_sync = 0' : '';
  const statement = `DELETE FROM ${localName(table, cluster)}${onCluster(cluster)} WHERE ${where}${settings}`;
  await db.command(statement, parameters);
}

export async function dropPartition(db: Connection, table: string, partition: number): Promise<void> {
  await db.command(dropText(table, partition, await clusterOf(db)));
}

export function dropText(table: string, partition: number, cluster: Cluster | undefined): string {
  return `ALTER TABLE ${localName(table, cluster)}${onCluster(cluster)} DROP PARTITION ${partition}`;
}
