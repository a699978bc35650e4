// `umbrascope engine shell`: a line of SQL, a table as the answer. Read-only unless asked otherwise.
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { type Connection, DatabaseError } from '../../store/database.ts';
import { FAILED, run } from '../failures.ts';
import { type StoreOptions, storeOptions } from '../options.ts';
import { withStore } from '../store.ts';
import { tableText } from '../table.ts';

/** Rows shown of an answer; the database stops there. */
const MOST_ROWS = 1000;

export function shellCommand(): Command {
  return storeOptions(new Command('shell').description('SQL, a statement a line, until end of input'))
    .option('--write', 'statements may change the database')
    .action((options: StoreOptions & { write?: boolean }) =>
      run(() => withStore(options, shell, { readOnly: !options.write })),
    );
}

async function shell(db: Connection): Promise<void> {
  const terminal = process.stdin.isTTY === true;
  const lines = createInterface({
    input: process.stdin,
    ...(terminal ? { output: process.stdout, prompt: 'sql> ' } : {}),
  });
  if (terminal) process.stdout.write('One statement a line; `show tables` lists the tables. Ctrl-D ends.\n');
  lines.prompt();
  for await (const line of lines) {
    const sql = line.trim().replace(/;$/, '').trim();
    try {
      if (/^(quit|exit)$/i.test(sql)) break;
      if (sql !== '' && !sql.startsWith('--')) process.stdout.write(await answer(db, sql));
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      process.stderr.write(`${error.message}\n`);
      // A script has failed; a person tries again.
      if (!terminal) process.exitCode = FAILED;
    }
    lines.prompt();
  }
  lines.close();
}

async function answer(db: Connection, sql: string): Promise<string> {
  if (!/^(select|with|show|desc|describe|explain|exists)\b/i.test(sql)) {
    await db.command(sql);
    return 'done\n';
  }
  const rows = await db.query<Record<string, unknown>>(
    /^explain\b/i.test(sql) ? `SELECT * FROM (${sql})` : sql,
    {},
    {
      // exact, where a number is larger than JavaScript's
      output_format_json_quote_64bit_integers: 1,
      max_result_rows: String(MOST_ROWS),
      result_overflow_mode: 'break',
    },
  );
  const [first] = rows;
  if (first === undefined) return 'no rows\n';
  const shown = rows.slice(0, MOST_ROWS);
  const columns = Object.keys(first).map((title) => ({
    title,
    cell: (row: Record<string, unknown>) => cellText(row[title]),
    right: shown.every((row) => /^-?\d+(\.\d+)?$/.test(cellText(row[title]))),
  }));
  return `${tableText(columns, shown)}${rows.length >= MOST_ROWS ? `… the first ${MOST_ROWS} rows\n` : ''}`;
}

function cellText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
