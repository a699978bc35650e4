// The list of tables as SQL.
import { quoted } from './sql.ts';
import { BLOCK_TABLES, TABLES, type Table, type TableColumn } from './tables.ts';

/** Inserts a table remembers: more than can be in the spool at once, so that nothing sent again is taken twice. */
const DEDUPLICATION_WINDOW = 10_000;

/** Statements that make the tables which are not there yet, in the database of the connection. */
export function createStatements(): string[] {
  return [...TABLES.map(createTable), ...CURRENT_VIEWS.map(createView)];
}

/** Statements that add the columns which an older database lacks. */
export function growStatements(): string[] {
  return TABLES.map(({ name, columns }) => {
    return `ALTER TABLE ${name} ${columns.map((column) => `ADD COLUMN IF NOT EXISTS ${columnText(column)}`).join(', ')}`;
  });
}

function createTable(table: Table): string {
  const columns = table.columns.map((column) => `  ${columnText(column)}`);
  const settings = BLOCK_TABLES.includes(table.name)
    ? ` SETTINGS non_replicated_deduplication_window = ${DEDUPLICATION_WINDOW}`
    : '';
  const partition = table.partitionBy ? ` PARTITION BY ${table.partitionBy}` : '';
  return [
    `CREATE TABLE IF NOT EXISTS ${table.name} (`,
    columns.join(',\n'),
    `) ENGINE = ${table.engine}${partition} ORDER BY (${table.orderBy})${settings} COMMENT ${quoted(table.why)}`,
  ].join('\n');
}

function columnText({ name, type, codec, note }: TableColumn): string {
  return `${name} ${type}${note ? ` COMMENT ${quoted(note)}` : ''}${codec ? ` CODEC(${codec})` : ''}`;
}

/** Tables whose rows count only in the version that `days` or `months` names: replaced as a whole by one inserted row there. */
const CURRENT_VIEWS = [
  { table: 'portHours', period: 'day', versions: 'days' },
  { table: 'portDays', period: 'day', versions: 'days' },
  { table: 'sourceDays', period: 'day', versions: 'days' },
  { table: 'portMonths', period: 'month', versions: 'months' },
] as const;

function createView({ table, period, versions }: (typeof CURRENT_VIEWS)[number]): string {
  return [
    `CREATE VIEW IF NOT EXISTS ${table}Current AS SELECT * FROM ${table}`,
    `WHERE (sensor, ${period}, version) IN (SELECT sensor, ${period}, max(version) FROM ${versions} GROUP BY sensor, ${period})`,
  ].join('\n');
}
