// `npm run bench -- decade`: the questions of an annual report over ten years of a telescope of NICTER's size, at the programming interface,
// and what a row of a day takes on disk.
import path from 'node:path';
import { positiveNumber, wholeNumber } from '../../cli/options.ts';
import { openStore } from '../../store/store.ts';
import type { BenchCase, CaseOptions } from '../case.ts';
import { median } from '../contest.ts';
import { atMost, type Bar } from '../results.ts';
import { type DecadeSize, generate } from './generate.ts';
import { FIRST_YEAR, NAMED_PORTS, YEARS } from './model.ts';
import { percentile95, serve, timed } from './serving.ts';

/** Requests of each question in each run: 50 in five; fewer of one that has no bar. */
const REQUESTS = 10;
const OTHERS = 2;
const BAR_MS = 200;
const BAR_BYTES = 7;
/** Made of days by finalising, and read in their stead. */
const ROLLUPS = [
  ...['portDays', 'portSketches', 'categoryDays', 'categorySketches', 'days'],
  ...['portMonths', 'categoryMonths', 'months', 'portYears', 'years'],
];

export interface DecadeOptions extends CaseOptions {
  /** Share of the ports; the bars are those of 1. */
  scale: number;
  /** Only make the years up to this one, and measure nothing. */
  until?: number;
}

export function decadeDirectory(cache: string, { scale, seed }: DecadeSize): string {
  return path.join(cache, `decade-${scale}-${seed}`);
}

export const DECADE: BenchCase<DecadeOptions> = {
  name: 'decade',
  title: "questions over ten years of a telescope of NICTER's size, at the programming interface",
  options: (command) => {
    command.option(
      '--scale <n>',
      'share of the ports: 1 makes 480 million rows of days, and takes 4 GB',
      positiveNumber,
      0.1,
    );
    command.option('--until <year>', 'only make the years up to this one, and measure nothing', wholeNumber);
  },
  run: async ({ cache, seed, scale, until, runs }) => {
    const directory = decadeDirectory(cache, { scale, seed });
    await generate(directory, { scale, seed }, console.log, until);
    if (until !== undefined) return undefined;
    const disk = await diskOf(directory);
    const answers = await askAll(directory, runs);
    const bars: Bar[] = answers
      .filter(({ hasBar }) => hasBar)
      .map(({ name, took }) => atMost(`${name}, p95`, BAR_MS, percentile95(took), ' ms'));
    bars.push(atMost('bytes on disk for a row of portDays, all rollups', BAR_BYTES, disk.bytes / disk.rows));
    const lines = [
      `${disk.rows.toLocaleString('en')} rows of portDays (scale ${scale}); ${runs * REQUESTS} different requests of each question, in turn; no answer`,
      'comes from the cache of answers',
      '',
      `${'question'.padEnd(34)}${['median ms', 'p95 ms', 'slowest ms'].map((head) => head.padStart(12)).join('')}`,
      ...answers.map(
        ({ name, took }) =>
          name.padEnd(34) +
          [median(took), percentile95(took), Math.max(...took)].map((ms) => ms.toFixed(0).padStart(12)).join(''),
      ),
      '',
      `${'on disk'.padEnd(16)}${'bytes'.padStart(16)}${'a row of portDays'.padStart(20)}`,
      ...[...disk.tables, { table: 'together', bytes: disk.bytes }].map(
        ({ table, bytes }) =>
          table.padEnd(16) + bytes.toLocaleString('en').padStart(16) + (bytes / disk.rows).toFixed(2).padStart(20),
      ),
    ];
    return { text: lines.join('\n'), bars: scale === 1 ? bars : [] };
  },
};

interface Answers {
  name: string;
  hasBar: boolean;
  /** Milliseconds of each request. */
  took: number[];
}

/** No address twice: the service answers the same one again without asking the database. */
async function askAll(directory: string, runs: number): Promise<Answers[]> {
  const { url, stop } = await serve(directory);
  try {
    const answers = QUESTIONS.map(({ name, hasBar }): Answers => ({ name, hasBar, took: [] }));
    for (let run = 0; run < runs; run++)
      for (const [place, { of, hasBar }] of QUESTIONS.entries())
        for (let index = run * REQUESTS; index < run * REQUESTS + (hasBar ? REQUESTS : OTHERS); index++)
          answers[place]?.took.push(await timed(url + of(index)));
    return answers;
  } finally {
    await stop();
  }
}

const LAST_YEAR = FIRST_YEAR + YEARS - 1;
const ALL_YEARS = Array.from({ length: YEARS }, (_, index) => FIRST_YEAR + index).join(',');
const WHOLE = `from=${FIRST_YEAR}-01-01&to=${LAST_YEAR}-12-31`;
const monthOf = (index: number) =>
  `${FIRST_YEAR + 1 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
/** Every other one of them stands out. */
const portOf = (index: number) => {
  const named = NAMED_PORTS[(index / 2) % NAMED_PORTS.length];
  return index % 2 === 0 && named
    ? `${named.proto === 6 ? 'tcp' : 'udp'}/${named.dstPort}`
    : `tcp/${1000 + 1237 * index}`;
};

/** Each with its address for the n-th request. */
const QUESTIONS = [
  {
    name: 'year on year, ten years',
    hasBar: true,
    of: (index: number) => `api/v1/yearly?years=${ALL_YEARS}&top=${30 + index}`,
  },
  {
    name: 'year on year, per address',
    hasBar: false,
    of: (index: number) => `api/v1/yearly?years=${ALL_YEARS}&normalise=perAddress&top=${30 + index}`,
  },
  {
    name: 'one port by the day, ten years',
    hasBar: true,
    of: (index: number) => `api/v1/trend?${WHOLE}&scale=day&by=scanClass&port=${portOf(index)}`,
  },
  {
    name: 'top risers month on month',
    hasBar: true,
    of: (index: number) => `api/v1/risers?month=${monthOf(index)}`,
  },
];

async function diskOf(directory: string) {
  const db = await openStore({ directory, readOnly: true });
  try {
    const tables = await db.query<{ table: string; rows: number; bytes: number }>(
      `SELECT table, sum(rows) AS rows, sum(bytes_on_disk) AS bytes FROM system.parts
       WHERE active AND database = currentDatabase() AND table IN {tables:Array(String)} GROUP BY table ORDER BY bytes DESC`,
      { tables: ROLLUPS },
    );
    const [server] = await db.query<{ version: string }>('SELECT version() AS version');
    return {
      tables,
      rows: tables.find(({ table }) => table === 'portDays')?.rows ?? 0,
      bytes: tables.reduce((sum, { bytes }) => sum + bytes, 0),
      version: server?.version ?? '',
    };
  } finally {
    await db.close();
  }
}
