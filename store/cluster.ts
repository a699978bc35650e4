// Whether the tables of a database are spread over a cluster: they say so themselves.
import type { Connection } from './database.ts';
import type { Cluster } from './ddl.ts';

export async function clusterOf(db: Connection): Promise<Cluster | undefined> {
  const [found] = await db.query<{ name: string; replicated: 0 | 1 }>(
    `-- Over which cluster are the tables spread?
     SELECT splitByChar('\\'', asks.engine_full)[2] AS name, startsWith(holds.engine, 'Replicated') AS replicated
     FROM system.tables AS asks LEFT JOIN system.tables AS holds ON holds.database = asks.database AND holds.name = 'flowsLocal'
     WHERE asks.database = currentDatabase() AND asks.name = 'flows' AND asks.engine = 'Distributed'`,
  );
  return found?.name ? { name: found.name, replicated: found.replicated === 1 } : undefined;
}
