// Least privilege: what a sensor, an analyst and an administrator may do with the tables, as statements for the server's own administrator.
import { type Cluster, CURRENT_VIEWS, localName, onCluster, type SchemaForm } from './ddl.ts';
import { TABLES } from './tables.ts';

export const ROLES = ['sensor', 'analyst', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** What each role is for. */
const WHY: Record<Role, string> = {
  analyst: 'reads: report, top, status, serve, verify',
  sensor: 'ingests: also adds rows, makes days, and takes away rows that days were made from before',
  admin: 'makes and grows the tables, and drops what is old',
};

/** GRANT statements without the name behind TO. */
export function grantsOf(role: Role, database: string, cluster?: Cluster): string[] {
  const read = [`SELECT ON ${database}.*`, 'SELECT ON system.parts'];
  const everywhere = cluster?.replicated ? ['CLUSTER ON *.*'] : [];
  const remote = cluster ? ['REMOTE ON *.*'] : [];
  const working = TABLES.filter(({ expires }) => expires).map(({ name }) => name);
  const made = [...new Set(CURRENT_VIEWS.map(({ table }) => table)), ...working];
  const remake = made.map((table) => `ALTER DELETE ON ${database}.${localName(table, cluster)}`);
  const grants = {
    analyst: [...read, ...remote],
    sensor: [...read, `INSERT ON ${database}.*`, ...remake, ...remote, ...everywhere],
    admin: [`ALL ON ${database}.*`, 'TABLE ENGINE ON *', 'SELECT ON system.*', ...remote, ...everywhere],
  };
  return grants[role].map((grant) => `GRANT ${grant}`);
}

/** All roles as SQL with a comment each; a user then gets one with `GRANT umbrascope_sensor TO tokyo1`. */
export function roleStatements({ database = 'umbrascope', cluster }: SchemaForm): string[] {
  return ROLES.flatMap((role) => {
    const name = `${database}_${role}`;
    const there = onCluster(cluster);
    return [
      `-- ${WHY[role]}\nCREATE ROLE IF NOT EXISTS ${name}${there}`,
      ...grantsOf(role, database, cluster).map((grant) => `${grant.replace('GRANT', `GRANT${there}`)} TO ${name}`),
    ];
  });
}
