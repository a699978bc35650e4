// `umbrascope engine copy`: from the embedded database to a server, or back down for a laptop.
import { closeSync, existsSync } from 'node:fs';
import { Command } from 'commander';
import { waitingBatches } from '../../collector/spool.ts';
import { type CopiedSums, copySensors } from '../../store/copy/copy.ts';
import { checkAtRest, checkRules, checkTarget, copyShared, databaseId, noteCopy } from '../../store/copy/target.ts';
import type { Connection } from '../../store/database.ts';
import { dataFiles, prepareSpool } from '../../store/engine/files.ts';
import { tryLock } from '../../store/engine/libc.ts';
import { sensorsNamed } from '../../store/groups.ts';
import { UsageError } from '../../store/usage-error.ts';
import { FAILED, run } from '../failures.ts';
import { type StoreOptions, sensorOption, storeOptions } from '../options.ts';
import { waitingLive } from '../sensor/live-spool.ts';
import { withStore } from '../store.ts';
import { count, tableText } from '../table.ts';

interface CopyOptions extends StoreOptions {
  to: string;
  toDatabase?: string;
  toCa?: string;
  sensor?: string[];
  json?: boolean;
}

interface Answer {
  sensors: string[];
  equal: boolean;
  tables: CopiedSums[];
}

export function copyCommand(): Command {
  return storeOptions(new Command('copy').description('copy all of a database into another; given again, it goes on'))
    .requiredOption('--to <url or dir>', 'a ClickHouse server (http://user:password@host:8123), or a data directory')
    .option('--to-database <name>', 'database of that server (default: umbrascope)')
    .option('--to-ca <file>', 'certificate of the authority that signed that server’s')
    .addOption(sensorOption())
    .option('--json', 'print the sums as JSON')
    .action((options: CopyOptions) =>
      run(async () => {
        const answer = await copy(options);
        process.stdout.write(options.json ? `${JSON.stringify(answer)}\n` : text(answer));
        if (!answer.equal) process.exitCode = FAILED;
      }),
    );
}

async function copy(options: CopyOptions): Promise<Answer> {
  const to = targetOf(options);
  // a source that is not there is refused below, and not made here
  const from = options.clickhouse || !existsSync(options.data) ? [] : [options.data];
  const directories = [...from, ...(to.clickhouse ? [] : [to.data])];
  const locks: number[] = [];
  try {
    for (const directory of new Set(directories.map((one) => dataFiles(one).directory)))
      locks.push(...(await held(directory)));
    return await withStore(options, (source) => copyTo(source, to, options.sensor ?? []), { readOnly: true });
  } finally {
    for (const lock of locks) closeSync(lock);
  }
}

async function copyTo(source: Connection, to: StoreOptions, names: readonly string[]): Promise<Answer> {
  const sensors = (await sensorsNamed(source, names)).map(({ sensor }) => sensor);
  const id = await databaseId(source);
  return await withStore(to, async (target) => {
    if ((await databaseId(target)) === id) throw new UsageError('--to names the database that is to be copied');
    for (const db of [source, target]) await checkAtRest(db, sensors);
    await checkTarget(source, target, id, sensors);
    await checkRules(source, target);
    for (const sensor of sensors) await noteCopy(target, sensor, id, false);
    await copyShared(source, target);
    try {
      const tables = await copySensors({ source, target, id, sensors, progress });
      const equal = tables.every((table) => table.equal);
      if (equal) for (const sensor of sensors) await noteCopy(target, sensor, id, true);
      return { sensors, equal, tables };
    } finally {
      if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    }
  });
}

function targetOf({ to, toDatabase, toCa }: CopyOptions): StoreOptions {
  const server = /^https?:\/\//.test(to);
  if (!server && (toDatabase || toCa))
    throw new UsageError(`--to-${toDatabase ? 'database' : 'ca'} is of a server, and --to ${to} is a directory`);
  return {
    data: server ? '' : to,
    ...(server ? { clickhouse: to } : {}),
    ...(toDatabase ? { database: toDatabase } : {}),
    ...(toCa ? { ca: toCa } : {}),
  };
}

/** Nothing may write into a data directory meanwhile, nor wait to be written. */
async function held(directory: string): Promise<number[]> {
  const files = dataFiles(directory);
  prepareSpool(files);
  const waiting = (await waitingBatches(files.spool)) + (await waitingLive(files.sensorSpool));
  if (waiting > 0)
    throw new Error(
      `${waiting} batches wait in the spool of ${directory}: give the last ingest (start the sensor) again`,
    );
  const locks = [files.ingestLock, files.sensorLock].map((file) => tryLock(file));
  if (locks.every((lock) => lock !== undefined)) return locks;
  for (const lock of locks) if (lock !== undefined) closeSync(lock);
  throw new Error(`an ingest or a sensor runs in ${directory}: copy when it has ended`);
}

let shown = 0;
const SHOW_MS = 200;

function progress(table: string, sensor: string): void {
  if (!process.stderr.isTTY || Date.now() - shown < SHOW_MS) return;
  shown = Date.now();
  process.stderr.write(`\r\x1b[K${table} of ${sensor}`);
}

function text({ sensors, equal, tables }: Answer): string {
  const already = tables.reduce((sum, table) => sum + table.already, 0);
  const verdict = equal
    ? `all tables are equal: ${sensors.join(', ')}`
    : 'NOT EQUAL: something wrote into one of the two meanwhile; end it and give the same command again';
  return [
    tableText(
      [
        { title: 'table', cell: ({ table }: CopiedSums) => table },
        { title: 'pieces', cell: ({ pieces }) => count(pieces), right: true },
        { title: 'here', cell: ({ source }) => count(source), right: true },
        { title: 'there', cell: ({ target }) => count(target), right: true },
        { title: '', cell: (table) => (table.equal ? 'equal' : 'NOT EQUAL') },
      ],
      tables,
    ),
    already > 0 ? `${count(already)} pieces were there already\n` : '',
    `${verdict}\n`,
  ].join('');
}
