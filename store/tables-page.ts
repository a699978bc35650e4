// docs/tables.md, made from the list of tables: what stands there is what the database is told (`npm run docs` writes it).
import { DATABASE } from './database.ts';
import { createStatements } from './ddl.ts';
import { BLOCK_TABLES, TABLES, type Table } from './tables.ts';

const HEAD = `# Tables

Made from \`store/tables.ts\` by \`npm run docs\`. Do not edit this page.

All tables are in the database \`${DATABASE}\`. IPv4 addresses are stored as IPv4-mapped IPv6 addresses (\`::ffff:192.0.2.1\`).
Hours and minutes are UTC; days and months are cut in the sensor's time zone. Bytes are lengths on the wire.

Read sums from the aggregating tables with \`sum(packets)\` and a \`GROUP BY\`: rows of the same key may not be merged yet.
Read finalised tables through their views, which show the rows that count (see the end of this page).
`;

const CURRENT = `## Views of what counts now

Every row of these tables carries the version of the finalising that wrote it. \`days\` and \`months\` name the version that counts.
`;

/** The whole page, as it is stored. */
export function tablesPage(): string {
  const views = createStatements().filter((statement) => statement.startsWith('CREATE VIEW'));
  return `${[HEAD, ...TABLES.map(tableSection), CURRENT, `\`\`\`sql\n${views.join(';\n\n')};\n\`\`\``].join('\n')}\n`;
}

function tableSection({ name, why, engine, partitionBy, orderBy, bounded = [], expires, columns }: Table): string {
  const rows = columns.map((column) => `| \`${column.name}\` | \`${column.type}\` | ${cell(column.note ?? '')} |`);
  return [
    `## ${name}`,
    '',
    `${why.charAt(0).toUpperCase()}${why.slice(1)}.`,
    '',
    `- engine: \`${engine}\`${partitionBy ? `, partitioned by \`${partitionBy}\`` : ''}`,
    `- key: \`${orderBy}\``,
    ...bounded.map((column) => `- least and greatest of each granule: \`${column}\``),
    ...(expires ? [`- rows that are left over go: \`${expires}\``] : []),
    `- written ${BLOCK_TABLES.includes(name) ? 'in blocks from the spool, each taken once' : 'by statements in the database'}`,
    '',
    '| column | type | note |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
