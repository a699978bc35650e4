// `umbrascope engine status`: which database answers, how large its tables are. Starts nothing.
import { Command } from 'commander';
import { bytesText } from '../../collector/progress.ts';
import { clusterOf } from '../../store/cluster.ts';
import { dataFiles } from '../../store/engine/files.ts';
import { type EngineState, engineState } from '../../store/questions/engine.ts';
import { run } from '../failures.ts';
import { type StoreOptions, storeOptions } from '../options.ts';
import { withStore } from '../store.ts';
import { count, tableText } from '../table.ts';
import { runningEngine } from './start.ts';

interface Answer extends EngineState {
  running: boolean;
  /** Of the embedded engine's process. */
  pid: number | null;
  cluster: string | null;
}

export function statusCommand(): Command {
  return storeOptions(new Command('status').description('which database answers, and how large its tables are'))
    .option('--json', 'print it as JSON')
    .action((options: StoreOptions & { json?: boolean }) =>
      run(async () => {
        const answer = await statusOf(options);
        process.stdout.write(options.json ? `${JSON.stringify(answer)}\n` : text(answer, options));
      }),
    );
}

async function statusOf(options: StoreOptions): Promise<Answer> {
  const address = options.clickhouse ? undefined : await runningEngine(dataFiles(options.data));
  const nothing = { running: false, pid: null, cluster: null, version: '', rows: 0, bytes: 0, tables: [] };
  if (!options.clickhouse && address === undefined) return nothing;
  return await withStore(
    options,
    async (db) => {
      const cluster = (await clusterOf(db))?.name ?? null;
      return { running: true, pid: address?.pid ?? null, cluster, ...(await engineState(db)) };
    },
    { readOnly: true },
  );
}

function text({ running, pid, cluster, version, rows, bytes, tables }: Answer, { data }: StoreOptions): string {
  if (!running) return `no engine runs on ${dataFiles(data).directory}: the next command starts it\n`;
  const lines = [
    `database    ClickHouse ${version}${pid === null ? '' : `, process ${pid}`}${cluster === null ? '' : `, cluster ${cluster}`}`,
    `tables      ${bytesText(bytes)} in ${count(rows)} rows`,
    '',
    tableText(
      [
        { title: 'table', cell: ({ table }: EngineState['tables'][number]) => table },
        { title: 'rows', cell: (table) => count(table.rows), right: true },
        { title: 'on disk', cell: (table) => bytesText(table.bytes), right: true },
      ],
      tables,
    ),
  ];
  return lines.join('\n');
}
