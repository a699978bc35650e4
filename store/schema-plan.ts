// What a database lacks of the list of tables, and what of it stands in the way: it only ever grows.
import { clusterOf } from './cluster.ts';
import type { Connection } from './database.ts';
import {
  addBounds,
  addColumns,
  boundName,
  CURRENT_VIEWS,
  createStatements,
  localName,
  replaceView,
  type SchemaForm,
} from './ddl.ts';
import { TABLES, type Table } from './tables.ts';

export interface SchemaPlan {
  /** Statements that add what is missing; none where nothing is. */
  statements: string[];
  /** What is not as it must be and cannot be changed in place. */
  conflicts: string[];
}

interface FoundTable {
  name: string;
  engine: string;
  orderBy: string;
  partitionBy: string;
}

interface FoundColumn {
  table: string;
  name: string;
  type: string;
}

/** Compares the database of the connection with the list. */
export async function planSchema(db: Connection, form: SchemaForm): Promise<SchemaPlan> {
  const tables = await db.query<FoundTable>(
    `-- Which tables are there, and how do they lie?
     SELECT name, engine_full AS engine, replaceRegexpOne(sorting_key, '^[(](.*)[)]$', '\\\\1') AS orderBy, partition_key AS partitionBy
     FROM system.tables WHERE database = currentDatabase()`,
  );
  const columns = await db.query<FoundColumn>(
    `-- Which columns are there?
     SELECT table, name, type FROM system.columns WHERE database = currentDatabase()`,
  );
  const bounds = await db.query<{ table: string; name: string }>(
    `-- Which columns are bounded?
     SELECT table, name FROM system.data_skipping_indices WHERE database = currentDatabase()`,
  );
  const found = await clusterOf(db);
  if (tables.some(({ name }) => name === 'flows') && found?.name !== form.cluster?.name) {
    const is = found ? `spread over the cluster ${found.name}` : 'of one server';
    return { statements: [], conflicts: [`its tables are ${is}: they cannot become others in place`] };
  }
  const names = new Set(tables.map(({ name }) => name));
  const missing = createStatements(form).filter((statement) => !names.has(nameIn(statement)));
  const plan: SchemaPlan = { statements: missing, conflicts: [] };
  for (const table of TABLES) {
    const name = localName(table.name, form.cluster);
    const there = tables.find((one) => one.name === name);
    if (there === undefined) continue;
    plan.conflicts.push(...layoutConflicts(table, there));
    const own = columns.filter((column) => column.table === name);
    const lacking = table.columns.filter((column) => !own.some((one) => one.name === column.name));
    if (lacking.length > 0) plan.statements.push(...addColumns(table.name, lacking, form));
    const unbounded = (table.bounded ?? []).filter(
      (column) => !bounds.some((bound) => bound.table === name && bound.name === boundName(column)),
    );
    plan.statements.push(...addBounds(table.name, unbounded, form));
    plan.conflicts.push(...typeConflicts(table, name, own));
    const view = CURRENT_VIEWS.find((one) => one.table === table.name);
    const shown = columns.filter((column) => column.table === `${table.name}Current`);
    if (view && shown.length > 0 && shown.length !== table.columns.length)
      plan.statements.push(replaceView(view, form));
  }
  return plan;
}

/** The table or view that a statement makes. */
function nameIn(statement: string): string {
  const [, name = ''] = /^CREATE (?:TABLE|VIEW) IF NOT EXISTS (\S+)/.exec(statement) ?? [];
  return name.slice(name.indexOf('.') + 1);
}

function layoutConflicts({ engine, orderBy, partitionBy = '' }: Table, found: FoundTable): string[] {
  const conflicts = [];
  const is = engineOf(found.engine);
  if (is !== engine) conflicts.push(`table ${found.name}: its engine is ${is} and must be ${engine}`);
  if (found.orderBy !== orderBy)
    conflicts.push(`table ${found.name}: its key is (${found.orderBy}) and must be (${orderBy})`);
  if (found.partitionBy !== partitionBy)
    conflicts.push(`table ${found.name}: it is partitioned by (${found.partitionBy}) and must be by (${partitionBy})`);
  return conflicts;
}

/** `ReplicatedReplacingMergeTree('path', 'replica', version) PARTITION BY …` as `ReplacingMergeTree(version)`. */
function engineOf(full: string): string {
  const [, name = full, args = ''] = /^(?:Replicated)?(\w+)(?:\(([^)]*)\))?/.exec(full) ?? [];
  const own = args
    .split(', ')
    .filter((arg) => arg && !arg.startsWith("'"))
    .join(', ');
  return own ? `${name}(${own})` : name;
}

function typeConflicts(table: Table, name: string, found: readonly FoundColumn[]): string[] {
  return table.columns.flatMap((column) => {
    const is = found.find((one) => one.name === column.name);
    if (is === undefined || is.type === column.type) return [];
    return [`table ${name}: column ${column.name} is ${is.type} and must be ${column.type}`];
  });
}

/** What an owner does about conflicts: a new database beside the old one. */
export function conflictText(conflicts: readonly string[], place: string, database: string): string {
  return [
    `the tables in ${place}, database ${database}, cannot grow into those of this program; nothing was changed:`,
    ...conflicts.map((conflict) => `  ${conflict}`),
    'What to do:',
    `  1. umbrascope engine schema --apply --database ${database}_new   makes the tables anew beside them`,
    '  2. ingest the captures there (--database …); or, table by table, as an administrator:',
    `     INSERT INTO ${database}_new.TABLE (columns) SELECT columns FROM ${database}.TABLE, what changed converted`,
    `  3. umbrascope verify … --database ${database}_new, then use that database and drop ${database}`,
  ].join('\n');
}
