// `umbrascope report`: the year-on-year report as a table in the terminal, or as a picture, CSV or JSON.
import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { finaliseStale } from '../store/finalise/finalise.ts';
import { UsageError } from '../store/usage-error.ts';
import { renderSvg } from '../web/charts/render.ts';
import { yearlyChart } from '../web/charts/yearly.ts';
import type { YearlyQuery } from '../web/questions.ts';
import { yearlyCsv } from '../web/report/csv.ts';
import { SCHEME_NAMES } from '../web/report/schemes.ts';
import type { YearlyReport } from '../web/report/shape.ts';
import { yearlyReport } from '../web/report/yearly.ts';
import { run } from './failures.ts';
import { clickhouseOption, dataOption, type StoreOptions, sensorOption, wholeNumber } from './options.ts';
import { reportText } from './report-text.ts';
import { withStore } from './store.ts';

interface ReportOptions extends StoreOptions, Omit<YearlyQuery, 'sensors'> {
  sensor?: string[];
  output?: string;
  json?: boolean;
}

const FORMATS: Record<string, (report: YearlyReport, lang: YearlyQuery['lang']) => string> = {
  '.svg': (report, lang) => renderSvg((document) => yearlyChart(document, report, { lang })),
  '.csv': (report) => yearlyCsv(report),
  '.json': (report) => `${JSON.stringify(report, null, 2)}\n`,
};

export function reportCommand(): Command {
  return new Command('report')
    .addOption(dataOption())
    .addOption(clickhouseOption())
    .requiredOption('--years <list>', 'years, e.g. 2019,2020', yearList)
    .option('--base <year>', 'year whose volume is 100 % (default: the first)', wholeNumber)
    .option('--top <n>', 'ports analysed in each year; all others are "other"', wholeNumber, 30)
    .option('--scheme <name>', `groups of categories: ${SCHEME_NAMES.join(', ')}`, 'mic-2020')
    .addOption(
      new Option('--survey <choice>', 'survey scans').choices(['exclude', 'include', 'only']).default('exclude'),
    )
    .addOption(
      new Option('--months <from-to>', 'the same months of every year, e.g. 1-11')
        .argParser(monthRange)
        .default([1, 12], '1-12'),
    )
    .addOption(
      new Option('--normalise <how>', 'volumes as packets, or as packets per monitored address')
        .choices(['total', 'perAddress'])
        .default('total'),
    )
    .addOption(new Option('--lang <lang>', 'language').choices(['ja', 'en']).default('en'))
    .addOption(sensorOption())
    .option('-o, --output <file>', `write a file instead: ${Object.keys(FORMATS).join(', ')}`)
    .option('--json', 'print JSON')
    .action((options: ReportOptions) => run(() => report(options)));
}

async function report(options: ReportOptions): Promise<void> {
  const format = options.output === undefined ? undefined : formatOf(options.output);
  const query: YearlyQuery = { ...options, sensors: options.sensor ?? [] };
  const answer = await withStore(options, async (db) => {
    await finaliseStale(db);
    return yearlyReport(db, query);
  });
  if (options.output !== undefined && format) writeFileSync(options.output, format(answer, options.lang));
  else process.stdout.write(options.json ? `${JSON.stringify(answer)}\n` : reportText(answer, options.lang));
}

function formatOf(output: string): (typeof FORMATS)[string] {
  const ending = Object.keys(FORMATS).find((known) => output.endsWith(known));
  if (ending === undefined)
    throw new UsageError(`-o ${output}: the name must end with one of ${Object.keys(FORMATS).join(', ')}`);
  return FORMATS[ending] as (typeof FORMATS)[string];
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
