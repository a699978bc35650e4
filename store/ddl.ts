// The list of tables as SQL.
import { quoted } from './sql.ts';
import { TABLES, type Table, type TableColumn } from './tables.ts';

/**
 * Inserts a table remembers: more than come between one that was cut off and the same one again, from the spool or from another who shares.
 * All tables do, since `engine copy` sends to all of them; what is inserted without a token is not compared (`SETTINGS` of settings.ts).
 */
const DEDUPLICATION_WINDOW = 100_000;

/** How long replicated tables remember inserts: longer than any outage after which blocks are sent again. Their default is an hour. */
const DEDUPLICATION_SECONDS = 90 * 86_400;

/** The cluster that tables are spread over. */
export interface Cluster {
  name: string;
  /** Its tables are copied by the cluster (Keeper, ON CLUSTER, the macros shard and replica); else every server is given the same statements. */
  replicated: boolean;
}

/** In which database the tables stand (that of the connection where none is named), and whether they are spread over a cluster. */
export interface SchemaForm {
  database?: string | undefined;
  cluster?: Cluster | undefined;
}

/** The table that holds rows on each server of a cluster; the one with the plain name asks them all. */
export function localName(table: string, cluster: Cluster | undefined): string {
  return cluster ? `${table}Local` : table;
}

export function onCluster(cluster: Cluster | undefined): string {
  return cluster?.replicated ? ` ON CLUSTER ${quoted(cluster.name)}` : '';
}

/** Statements that make the tables which are not there yet. */
export function createStatements(form: SchemaForm = {}): string[] {
  return [
    ...TABLES.flatMap((table) => createTable(table, form)),
    ...CURRENT_VIEWS.map((view) => createView(view, form, 'CREATE VIEW IF NOT EXISTS')),
  ];
}

/** Statements that add the columns which an older database lacks. */
export function growStatements(form: SchemaForm = {}): string[] {
  return [
    ...TABLES.flatMap(({ name, columns }) => addColumns(name, columns, form)),
    ...TABLES.flatMap(({ name, bounded = [] }) => addBounds(name, bounded, form)),
    ...CURRENT_VIEWS.map((view) => replaceView(view, form)),
  ];
}

/** A view keeps the columns its table had when it was made: one whose table has grown must be made again. */
export function replaceView(view: CurrentView, form: SchemaForm): string {
  return createView(view, form, 'CREATE OR REPLACE VIEW');
}

export function addColumns(table: string, columns: readonly TableColumn[], form: SchemaForm): string[] {
  const names = form.cluster ? [localName(table, form.cluster), table] : [table];
  return names.map((name) => {
    const plain = name !== localName(table, form.cluster);
    const added = columns.map(
      (column) => `ADD COLUMN IF NOT EXISTS ${columnText(plain ? withoutCodec(column) : column)}`,
    );
    return `ALTER TABLE ${qualified(name, form)}${onCluster(form.cluster)} ${added.join(', ')}`;
  });
}

/** What has been written before is bounded when it is merged. */
export function addBounds(table: string, columns: readonly string[], form: SchemaForm): string[] {
  const local = `${qualified(localName(table, form.cluster), form)}${onCluster(form.cluster)}`;
  return columns.map((column) => `ALTER TABLE ${local} ADD INDEX IF NOT EXISTS ${boundText(column)}`);
}

/** Name of the index that bounds a column. */
export const boundName = (column: string) => `${column}Bounds`;

function boundText(column: string): string {
  return `${boundName(column)} ${column} TYPE minmax GRANULARITY 1`;
}

function withoutCodec({ codec: _, ...column }: TableColumn): TableColumn {
  return column;
}

export function qualified(name: string, { database }: SchemaForm): string {
  return database ? `${database}.${name}` : name;
}

export function createTable(table: Table, form: SchemaForm): string[] {
  const { cluster } = form;
  const columns = table.columns.map((column) => `  ${columnText(column)}`);
  const bounds = (table.bounded ?? []).map((column) => `  INDEX ${boundText(column)}`);
  const partition = table.partitionBy ? ` PARTITION BY ${table.partitionBy}` : '';
  const primary = table.primaryKey ? ` PRIMARY KEY (${table.primaryKey})` : '';
  const expires = table.expires ? ` TTL ${table.expires}` : '';
  const name = localName(table.name, cluster);
  const holds = [
    `CREATE TABLE IF NOT EXISTS ${qualified(name, form)}${onCluster(cluster)} (`,
    [...columns, ...bounds].join(',\n'),
    `) ENGINE = ${engineText(table.engine, cluster)}${partition}${primary} ORDER BY (${table.orderBy})${expires}${settingsText(table, cluster)} COMMENT ${quoted(table.why)}`,
  ].join('\n');
  if (!cluster) return [holds];
  const where = `${quoted(cluster.name)}, ${form.database ? quoted(form.database) : 'currentDatabase()'}, ${quoted(name)}`;
  const asks = [
    `CREATE TABLE IF NOT EXISTS ${qualified(table.name, form)}${onCluster(cluster)} AS ${qualified(name, form)}`,
    `ENGINE = Distributed(${where}, ${shardKey(table)})`,
  ].join('\n');
  return [holds, asks];
}

function settingsText(table: Table, cluster: Cluster | undefined): string {
  const granularity = table.granularity ? [`index_granularity = ${table.granularity}`] : [];
  const windows = cluster?.replicated
    ? [
        `replicated_deduplication_window = ${DEDUPLICATION_WINDOW}`,
        `replicated_deduplication_window_seconds = ${DEDUPLICATION_SECONDS}`,
      ]
    : [`non_replicated_deduplication_window = ${DEDUPLICATION_WINDOW}`];
  return ` SETTINGS ${[...granularity, ...windows].join(', ')}`;
}

/** `ReplacingMergeTree(version)` on one server is `ReplicatedReplacingMergeTree('path', 'replica', version)` in a cluster. */
function engineText(engine: string, cluster: Cluster | undefined): string {
  if (!cluster?.replicated) return engine;
  const [, name, version] = /^(\w+)(?:\((.*)\))?$/.exec(engine) ?? [];
  const where = `'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'`;
  return `Replicated${name}(${version ? `${where}, ${version}` : where})`;
}

/** What decides a row's server, the first that stands in the key: all rows of a key are then on one server, where they are merged. */
const SHARD_BY = ['srcAddr', 'dstAddr', 'dstPort', 'unit', 'path', 'sensor'];

/** A source's rows stay on one server, all its days long; what has no source is spread by what it is asked for. */
export function shardKey({ orderBy }: Table): string {
  const key = orderBy.split(', ');
  return `cityHash64(${SHARD_BY.find((column) => key.includes(column)) ?? key[0]})`;
}

function columnText({ name, type, codec, note, alias }: TableColumn): string {
  const made = alias ? ` ALIAS ${alias}` : '';
  return `${name} ${type}${made}${note ? ` COMMENT ${quoted(note)}` : ''}${codec ? ` CODEC(${codec})` : ''}`;
}

/** Tables whose rows count only in the version that `days`, `months` or `years` names: replaced as a whole by one inserted row there. */
export const CURRENT_VIEWS = [
  { table: 'portDays', period: 'day', versions: 'days' },
  { table: 'portSketches', period: 'day', versions: 'days' },
  { table: 'categoryDays', period: 'day', versions: 'days' },
  { table: 'categorySketches', period: 'day', versions: 'days' },
  { table: 'sourceDays', period: 'day', versions: 'days' },
  { table: 'portMonths', period: 'month', versions: 'months' },
  { table: 'categoryMonths', period: 'month', versions: 'months' },
  { table: 'portYears', period: 'year', versions: 'years' },
] as const;

type CurrentView = (typeof CURRENT_VIEWS)[number];

function createView({ table, period, versions }: CurrentView, form: SchemaForm, create: string): string {
  const [view, rows, named] = [`${table}Current`, table, versions].map((name) => qualified(name, form));
  // Numbers only: a row whose sensor's name is looked up as text takes four times as long; and so does one looked up in a column of tuples.
  const made = (version: string) => `cityHash64(sensor), ${period}, ${version}`;
  return [
    `${create} ${view}${onCluster(form.cluster)} AS SELECT * FROM ${rows}`,
    `WHERE (${made('version')}) IN (SELECT ${made('max(version)')} FROM ${named} GROUP BY sensor, ${period})`,
  ].join('\n');
}
