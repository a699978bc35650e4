// A spooled block into its table: with a token, so that the same file again does nothing, and perhaps with a fence.
import { createReadStream } from 'node:fs';
import type { ClickHouseClient } from '@clickhouse/client';
import { nativeColumns, nativeStructure } from './native.ts';
import { INSERT_SETTINGS, READ_SETTINGS } from './settings.ts';
import { quoted } from './sql.ts';

export interface InsertBlock {
  table: string;
  /** A Native file. */
  file: string;
  token: string;
  /** A condition that the database looks at when the insert begins; it may throw. */
  fence?: string | undefined;
}

/** @param readsFile the database is told of the file, which is then not sent */
export async function insertBlock(
  client: ClickHouseClient,
  { table, file, token, fence }: InsertBlock,
  readsFile: boolean,
): Promise<void> {
  const clickhouse_settings = { ...INSERT_SETTINGS, insert_deduplication_token: token };
  const columns = nativeColumns(table).join(', ');
  const structure = quoted(nativeStructure(table));
  const where = fence ? ` WHERE ${fence}` : '';
  if (readsFile) {
    const query = `INSERT INTO ${table} (${columns}) SELECT * FROM file(${quoted(file)}, 'Native', ${structure})${where}`;
    await client.command({ query, clickhouse_settings: { ...clickhouse_settings, ...READ_SETTINGS } });
    return;
  }
  const fenced = `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM input(${structure})${where} FORMAT Native`;
  const { stream } = await client.exec({
    query: fence ? fenced : `INSERT INTO ${table} FORMAT Native`,
    values: createReadStream(file, { highWaterMark: 1 << 20 }),
    clickhouse_settings,
  });
  for await (const _ of stream);
}
