// `umbrascope report`: the year-on-year report as a table in the terminal, or this and the page's other charts as a picture, CSV or JSON.
import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Connection } from '../store/database.ts';
import { finaliseStale } from '../store/finalise/finalise.ts';
import { UsageError } from '../store/usage-error.ts';
import { renderSvg } from '../web/charts/render.ts';
import { yearlyChart } from '../web/charts/yearly.ts';
import type { YearlyQuery } from '../web/questions.ts';
import { yearlyCsv } from '../web/report/csv.ts';
import { SCHEME_NAMES } from '../web/report/schemes.ts';
import { yearlyReport } from '../web/report/yearly.ts';
import { run } from './failures.ts';
import { calendarDay, type StoreOptions, sensorOption, storeOptions, wholeNumber } from './options.ts';
import { type Chart, type ChartQuery, type Drawn, RANGE_CHARTS } from './report/charts.ts';
import { SOURCE_CHARTS } from './report/source-charts.ts';
import { reportText } from './report/text.ts';
import { withStore } from './store.ts';

interface ReportOptions extends StoreOptions, Omit<YearlyQuery, 'sensors' | 'years'>, Omit<ChartQuery, 'sensors'> {
  chart: string;
  years?: number[];
  sensor?: string[];
  output?: string;
  json?: boolean;
}

const CHARTS = { ...RANGE_CHARTS, ...SOURCE_CHARTS };

/** What an answer can be written as; the format stands in the file's ending. */
const ENDINGS = ['.svg', '.png', '.csv', '.json'];

export function reportCommand(): Command {
  const choices = (flags: string, about: string, values: string[]) => new Option(flags, about).choices(values);
  return storeOptions(new Command('report'))
    .addOption(choices('--chart <name>', 'what to show', ['yearly', ...Object.keys(CHARTS)]).default('yearly'))
    .option('--years <list>', 'yearly: years, e.g. 2019,2020', yearList)
    .option('--base <year>', 'yearly: year whose volume is 100 % (default: the first)', wholeNumber)
    .option('--top <n>', 'yearly: ports analysed in each year; all others are "other"', wholeNumber, 30)
    .option('--scheme <name>', `yearly: groups of categories: ${SCHEME_NAMES.join(', ')}`, 'mic-2020')
    .addOption(choices('--survey <choice>', 'survey scans', ['exclude', 'include', 'only']).default('exclude'))
    .addOption(
      new Option('--months <from-to>', 'yearly: the same months of every year, e.g. 1-11')
        .argParser(monthRange)
        .default([1, 12], '1-12'),
    )
    .addOption(
      choices('--normalise <how>', 'yearly: volumes as packets, or as packets per monitored address', [
        'total',
        'perAddress',
      ]).default('total'),
    )
    .option('--from <day>', 'all but yearly: first day', calendarDay)
    .option('--to <day>', 'all but yearly: last day', calendarDay)
    .addOption(
      choices('--by <series>', 'trend: series', ['category', 'port', 'kind', 'scanClass', 'tool']).default('category'),
    )
    .addOption(
      choices('--measure <what>', 'trend, hilbert: what is counted', ['packets', 'sources']).default('packets'),
    )
    .addOption(
      choices('--scale <step>', 'trend, backscatter: steps (default: by the span)', ['minute', 'hour', 'day', 'month']),
    )
    .addOption(
      choices('--kind <kind>', 'trend, sources (default: scan), hilbert (all)', [
        'scan',
        'backscatter',
        'other',
        'all',
      ]),
    )
    .option('--port <port>', 'trend, port: only this port, e.g. tcp/23', portName)
    .option('--year-before', 'trend: with the total of one year earlier')
    .option('--log', 'trend: logarithmic')
    .option('--fresh', 'sources: only those that no earlier day has')
    .option('--source <address>', 'source: whose ports over time')
    .addOption(
      choices('--of <which>', 'hilbert: the Internet, or the monitored block', ['sources', 'dark']).default('sources'),
    )
    .addOption(
      new Option('--bits <n>', 'hilbert: bits of a source address that make a cell')
        .choices(['8', '10', '12', '14', '16'])
        .default('8'),
    )
    .addOption(choices('--lang <lang>', 'language', ['ja', 'en']).default('en'))
    .addOption(sensorOption())
    .option('-o, --output <file>', `write a file instead: ${ENDINGS.join(', ')}`)
    .option('--json', 'print JSON')
    .action((options: ReportOptions) => run(() => report(options)));
}

async function report(options: ReportOptions): Promise<void> {
  const ending = options.output === undefined ? undefined : endingOf(options.output);
  const drawn = await withStore(options, async (db) => {
    await finaliseStale(db);
    return drawnOf(db, options);
  });
  if (options.output !== undefined && ending) writeFileSync(options.output, await fileOf(drawn, ending));
  else process.stdout.write(options.json ? `${JSON.stringify(drawn.answer)}\n` : drawn.text());
}

/** On the terminal the year-on-year report is tables, the others are CSV. */
async function drawnOf(db: Connection, options: ReportOptions): Promise<Drawn & { text: () => string }> {
  const sensors = options.sensor ?? [];
  const chart = (CHARTS as Record<string, Chart>)[options.chart];
  if (chart) {
    const drawn = await chart(db, { ...options, sensors, bits: Number(options.bits) });
    return { ...drawn, text: drawn.csv };
  }
  if (options.years === undefined) throw new UsageError('--years: which? such as --years 2019,2020');
  const { lang } = options;
  const answer = await yearlyReport(db, { ...options, years: options.years, sensors });
  return {
    answer,
    svg: () => renderSvg((document) => yearlyChart(document, answer, { lang })),
    csv: () => yearlyCsv(answer),
    text: () => reportText(answer, lang),
  };
}

async function fileOf({ svg, csv, answer }: Drawn, ending: string): Promise<string | Uint8Array> {
  if (ending === '.svg') return svg();
  if (ending === '.csv') return csv();
  if (ending === '.json') return `${JSON.stringify(answer, null, 2)}\n`;
  const { renderPng } = await import('./report/png.ts');
  return renderPng(svg());
}

function endingOf(output: string): string {
  const ending = ENDINGS.find((known) => output.endsWith(known));
  if (ending === undefined) throw new UsageError(`-o ${output}: the name must end with one of ${ENDINGS.join(', ')}`);
  return ending;
}

function portName(text: string): string {
  if (!/^((tcp|udp)\/\d{1,5}|icmp(v6)?\/\d{1,3}\.\d{1,3})$/.test(text))
    throw new InvalidArgumentError('not a port such as tcp/23.');
  return text;
}

function yearList(text: string): number[] {
  if (!/^\d{4}(,\d{4})*$/.test(text)) throw new InvalidArgumentError('not a list of years such as 2019,2020.');
  return text.split(',').map(Number);
}

function monthRange(text: string): [number, number] {
  const [, first, last] = /^(\d{1,2})-(\d{1,2})$/.exec(text) ?? [];
  const months: [number, number] = [Number(first), Number(last)];
  if (!(months[0] >= 1 && months[0] <= months[1] && months[1] <= 12))
    throw new InvalidArgumentError('not months such as 1-11.');
  return months;
}
