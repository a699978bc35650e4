// `umbrascope engine schema`: the tables as SQL; made and grown in a database; and who needs which rights.
import { Command, Option } from 'commander';
import { clusterOf } from '../../store/cluster.ts';
import { type Connection, DATABASE } from '../../store/database.ts';
import { type Cluster, createStatements, onCluster, type SchemaForm } from '../../store/ddl.ts';
import { roleStatements } from '../../store/roles.ts';
import { noteVersion, refuseNewer, SCHEMA_VERSION, storedVersion } from '../../store/schema.ts';
import { conflictText, planSchema } from '../../store/schema-plan.ts';
import { checkedDatabase, serverConfig } from '../../store/server.ts';
import { openEngine } from '../../store/store.ts';
import { UsageError } from '../../store/usage-error.ts';
import { run } from '../failures.ts';
import { type StoreOptions, storeOptions } from '../options.ts';

interface SchemaOptions extends StoreOptions {
  cluster?: string;
  print?: boolean;
  apply?: boolean;
  roles?: boolean;
}

export function schemaCommand(): Command {
  return storeOptions(new Command('schema').description('the tables as SQL, made or grown in a database'))
    .addOption(new Option('--print', 'print the statements that make them (default)').conflicts(['apply', 'roles']))
    .addOption(new Option('--apply', 'make what is missing; nothing that is there is changed').conflicts('roles'))
    .option('--roles', 'print the roles sensor, analyst and admin')
    .option('--cluster <name>', 'spread over the servers of this cluster, and copied by it')
    .action((options: SchemaOptions) => run(() => schema(options)));
}

async function schema(options: SchemaOptions): Promise<void> {
  const cluster: Cluster | undefined = options.cluster
    ? { name: clusterName(options.cluster), replicated: true }
    : undefined;
  if (options.apply) {
    process.stdout.write(await apply(options, cluster));
    return;
  }
  const form = { database: databaseOf(options), cluster };
  const make = `CREATE DATABASE IF NOT EXISTS ${form.database}${onCluster(cluster)} ENGINE = Atomic`;
  const statements = options.roles ? roleStatements(form) : [make, ...createStatements(form), versionStatement(form)];
  process.stdout.write(`${statements.map((statement) => `${statement};`).join('\n\n')}\n`);
}

function databaseOf({ clickhouse, database, ca }: StoreOptions): string {
  return clickhouse ? serverConfig({ url: clickhouse, database, ca }).database : checkedDatabase(database ?? DATABASE);
}

function clusterName(name: string): string {
  if (/^[\w.-]+$/.test(name)) return name;
  throw new UsageError(`--cluster ${name}: not the name of a cluster`);
}

/** Who makes the tables by hand says so, and no command makes them again. */
function versionStatement({ database }: SchemaForm): string {
  return `INSERT INTO ${database}.schema (version) VALUES (${SCHEMA_VERSION})`;
}

/** @returns what was done */
async function apply(options: SchemaOptions, cluster: Cluster | undefined): Promise<string> {
  const { data, clickhouse, database: named, ca } = options;
  const { db, place, database } = await openEngine({ directory: data, url: clickhouse, database: named, ca });
  try {
    if (cluster) await checkCluster(db, cluster.name, place);
    await db.command(`CREATE DATABASE IF NOT EXISTS ${database}${onCluster(cluster)} ENGINE = Atomic`);
    await db.useDatabase(database);
    refuseNewer((await storedVersion(db)).stored, place);
    const form = { database, cluster: cluster ?? (await clusterOf(db)) };
    const { statements, conflicts } = await planSchema(db, form);
    if (conflicts.length > 0) throw new Error(conflictText(conflicts, place, database));
    for (const statement of statements) await db.command(statement);
    if ((await storedVersion(db)).stored !== SCHEMA_VERSION) await noteVersion(db);
    const done = statements.map((statement) => `${statement.split('\n')[0]?.replace(/ \($/, '')}\n`);
    return `${done.join('')}${statements.length === 0 ? 'all tables are there' : 'all tables are there now'}\n`;
  } finally {
    await db.close();
  }
}

/** @throws UsageError for a cluster the server does not know, Error where it lacks what names its shards and replicas */
async function checkCluster(db: Connection, name: string, place: string): Promise<void> {
  const known = await db.query<{ cluster: string }>('SELECT DISTINCT cluster FROM system.clusters ORDER BY cluster');
  if (!known.some(({ cluster }) => cluster === name)) {
    const all = known.map(({ cluster }) => cluster).join(', ');
    throw new UsageError(`${place} knows no cluster ${name}; it knows ${all || 'none: name one in remote_servers'}`);
  }
  const macros = await db.query<{ macro: string }>('SELECT macro FROM system.macros');
  const missing = ['shard', 'replica'].filter((needed) => !macros.some(({ macro }) => macro === needed));
  if (missing.length > 0) {
    throw new Error(
      `${place} has no macro ${missing.join(' and no macro ')}: set <macros><shard>…</shard><replica>…</replica></macros> on every server of ${name}`,
    );
  }
}
