// `umbrascope top`: the ports, sources or tools with most packets.
import { Argument, Command, Option } from 'commander';
import type { Connection } from '../store/database.ts';
import { finaliseStale } from '../store/finalise/finalise.ts';
import { sensorsNamed } from '../store/groups.ts';
import { type TopPort, type TopScope, topPorts } from '../store/questions/top-ports.ts';
import { type TopSource, topSources } from '../store/questions/top-sources.ts';
import { type TopTool, topTools } from '../store/questions/top-tools.ts';
import { run } from './failures.ts';
import { calendarDay, type StoreOptions, sensorOption, storeOptions, wholeNumber } from './options.ts';
import { withStore } from './store.ts';
import { count, type TableColumn, tableText } from './table.ts';

interface TopOptions extends StoreOptions {
  from: string;
  to: string;
  kind: TopScope['kind'];
  survey: TopScope['survey'];
  limit: number;
  sensor?: string[];
  json?: boolean;
}

const PORTS: TableColumn<TopPort>[] = [
  { title: 'port', cell: ({ proto, dstPort }) => `${proto}/${dstPort}` },
  { title: 'category', cell: ({ category }) => category },
  { title: 'packets', cell: ({ packets }) => count(packets), right: true },
  { title: 'bytes', cell: ({ bytes }) => count(bytes), right: true },
  { title: 'sources', cell: ({ sources }) => (sources === null ? '–' : count(sources)), right: true },
];
const SOURCES: TableColumn<TopSource>[] = [
  { title: 'source', cell: ({ srcAddr }) => srcAddr },
  { title: 'packets', cell: ({ packets }) => count(packets), right: true },
  { title: 'bytes', cell: ({ bytes }) => count(bytes), right: true },
  { title: 'days', cell: ({ days }) => count(days), right: true },
  { title: 'ports', cell: ({ ports }) => count(ports), right: true },
  { title: 'scan class', cell: ({ scanClass }) => scanClass },
];
const TOOLS: TableColumn<TopTool>[] = [
  { title: 'tool', cell: ({ tool }) => tool },
  { title: 'packets', cell: ({ packets }) => count(packets), right: true },
  { title: 'sources', cell: ({ sources }) => count(sources), right: true },
  { title: 'source-days', cell: ({ sourceDays }) => count(sourceDays), right: true },
];

export function topCommand(): Command {
  return storeOptions(
    new Command('top').addArgument(new Argument('<what>', 'what to list').choices(['ports', 'sources', 'tools'])),
  )
    .option('--from <day>', 'first day', calendarDay, '1970-01-01')
    .option('--to <day>', 'last day', calendarDay, '2106-02-06')
    .addOption(
      new Option(
        '--kind <kind>',
        'kind of packets; a port of backscatter is its SOURCE port, of all kinds together the destination port',
      )
        .choices(['scan', 'backscatter', 'other', 'all'])
        .default('scan'),
    )
    .addOption(
      new Option('--survey <choice>', 'survey scanners').choices(['exclude', 'include', 'only']).default('include'),
    )
    .option('--limit <n>', 'rows', wholeNumber, 10)
    .addOption(sensorOption())
    .option('--json', 'print the rows as JSON')
    .action((what: string, options: TopOptions) =>
      run(async () => {
        const text = await withStore(options, (db) => top(db, what, options));
        process.stdout.write(text);
      }),
    );
}

async function top(db: Connection, what: string, options: TopOptions): Promise<string> {
  const scope: TopScope = {
    ...options,
    sensors: (await sensorsNamed(db, options.sensor ?? [])).map(({ sensor }) => sensor),
  };
  await finaliseStale(db);
  if (what === 'ports') return printed(PORTS, await topPorts(db, scope), options);
  if (what === 'sources') return printed(SOURCES, await topSources(db, scope), options);
  return printed(TOOLS, await topTools(db, scope), options);
}

function printed<Row>(columns: TableColumn<Row>[], rows: Row[], { json }: TopOptions): string {
  return json ? `${JSON.stringify(rows)}\n` : tableText(columns, rows);
}
