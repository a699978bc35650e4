import { clusterOf } from '../cluster.ts';
import type { Connection } from '../database.ts';

export interface EngineState {
  version: string;
  rows: number;
  bytes: number;
  tables: { table: string; rows: number; bytes: number }[];
}

export async function engineState(db: Connection): Promise<EngineState> {
  const [server] = await db.query<{ version: string }>('SELECT version() AS version');
  const cluster = await clusterOf(db);
  const parts = cluster ? `cluster('${cluster.name}', system.parts)` : 'system.parts';
  const table = cluster ? `replaceRegexpOne(table, 'Local$', '')` : 'table';
  const tables = await db.query<EngineState['tables'][number]>(
    `-- How large is each table on disk?
     SELECT ${table} AS table, sum(rows) AS rows, sum(bytes_on_disk) AS bytes
     FROM ${parts} WHERE active AND database = currentDatabase() GROUP BY table ORDER BY bytes DESC`,
  );
  return {
    version: server?.version ?? '',
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    bytes: tables.reduce((sum, { bytes }) => sum + bytes, 0),
    tables,
  };
}
