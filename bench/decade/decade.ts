// `npm run bench -- decade`: the questions of an annual report over ten years of a telescope of NICTER's size, at the programming interface,
// and what a row of a day takes on disk.
import path from 'node:path';
import { openStore } from '../../store/store.ts';
import { median } from '../contest.ts';
import { machineText } from '../machine.ts';
import { type DecadeSize, generate } from './generate.ts';
import { FIRST_YEAR, NAMED_PORTS, YEARS } from './model.ts';
import { percentile95, serve, timed } from './serving.ts';

const TIMES = 50;
/** Milliseconds, at full size. */
const BAR_MS = 200;
const BAR_BYTES = 7;
/** Made of days by finalising, and read in their stead. */
const ROLLUPS = ['portDays', 'categoryDays', 'portMonths', 'portYears', 'days', 'months', 'years'];

export interface Section {
  title: string;
  /** Markdown. */
  body: string;
}

export function decadeDirectory(cache: string, { scale, seed }: DecadeSize): string {
  return path.join(cache, `decade-${scale}-${seed}`);
}

/** @param until makes the years up to this one, and measures nothing */
export async function benchDecade(cache: string, size: DecadeSize, until?: number): Promise<Section | undefined> {
  const directory = decadeDirectory(cache, size);
  await generate(directory, size, console.log, until);
  if (until !== undefined) return undefined;
  const disk = await diskOf(directory);
  const { url, stop } = await serve(directory);
  const rows: string[] = [];
  try {
    for (const [name, addresses] of Object.entries(QUESTIONS)) {
      for (const address of addresses.slice(0, WARM_UP)) await timed(url + address);
      const took: number[] = [];
      // No address twice: the service answers the same one again without asking the database.
      for (const address of addresses.slice(WARM_UP)) took.push(await timed(url + address));
      rows.push(`| ${name} | ${ms(median(took))} | ${ms(percentile95(took))} | ${ms(Math.max(...took))} | ${BAR_MS} |`);
    }
  } finally {
    await stop();
  }
  const section = {
    title: `Ten years of days (scale ${size.scale}, ${disk.rows.toLocaleString('en')} rows of portDays)`,
    body: [
      `${machineText()}, ClickHouse ${disk.version}; seed ${size.seed}; ${TIMES} different requests each, one after the other, the answer cache never hit.`,
      '',
      '| question | median ms | p95 ms | slowest | bar (p95, scale 1) |',
      '|---|---|---|---|---|',
      ...rows,
      '',
      `| on disk | bytes | a row of portDays | bar |`,
      '|---|---|---|---|',
      ...disk.tables.map(
        ({ table, bytes }) => `| ${table} | ${bytes.toLocaleString('en')} | ${perRow(bytes, disk.rows)} | |`,
      ),
      `| together | ${disk.bytes.toLocaleString('en')} | ${perRow(disk.bytes, disk.rows)} | ${BAR_BYTES} |`,
    ].join('\n'),
  };
  console.log(`\n## ${section.title}\n\n${section.body}`);
  return section;
}

const ms = (value: number) => value.toFixed(0);
const perRow = (bytes: number, rows: number) => (bytes / rows).toFixed(2);

const WARM_UP = 2;
const times = <T>(make: (index: number) => T) => Array.from({ length: TIMES + WARM_UP }, (_, index) => make(index));
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

const QUESTIONS: Record<string, string[]> = {
  'year on year, ten years': times((index) => `api/v1/yearly?years=${ALL_YEARS}&top=${30 + index}`),
  'year on year, per address': times(
    (index) => `api/v1/yearly?years=${ALL_YEARS}&normalise=perAddress&top=${30 + index}`,
  ),
  'one port by the day, ten years': times(
    (index) => `api/v1/trend?${WHOLE}&scale=day&by=scanClass&port=${portOf(index)}`,
  ),
  'top risers month on month': times((index) => `api/v1/risers?month=${monthOf(index)}`),
};

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
