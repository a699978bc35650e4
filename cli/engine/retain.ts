// `umbrascope engine retain`: how long tables are kept, what that would free, and freeing it.
import { closeSync, existsSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { bytesText } from '../../collector/progress.ts';
import type { Connection } from '../../store/database.ts';
import { dataFiles } from '../../store/engine/files.ts';
import { tryLock } from '../../store/engine/libc.ts';
import { finaliseStale } from '../../store/finalise/finalise.ts';
import { sensorsNamed } from '../../store/groups.ts';
import { dropMonths } from '../../store/retention/drop.ts';
import { droppable, heldMonths, type SensorMonth } from '../../store/retention/plan.ts';
import {
  checkedTable,
  LIVE_RULES,
  type Limits,
  mergedRules,
  RETAINED_TABLES,
  type RetentionRule,
  readRetention,
  writeRetention,
} from '../../store/retention/rules.ts';
import { UsageError } from '../../store/usage-error.ts';
import { FAILED, run } from '../failures.ts';
import { byteSize, type StoreOptions, sensorOption, storeOptions } from '../options.ts';
import { withStore } from '../store.ts';
import { count, tableText } from '../table.ts';

interface RetainOptions extends StoreOptions {
  keep?: Kept[];
  sensor?: string[];
  save?: boolean;
  apply?: boolean;
  json?: boolean;
}

/** A table and how long, or `live`. */
type Kept = 'live' | Limits;

interface Answer {
  rules: RetentionRule[];
  /** What the tables hold that may be dropped. */
  held: SensorMonth[];
  /** What is to be dropped, or was. */
  dropped: SensorMonth[];
  /** What stays for now, since days of it are not finalised. */
  left: SensorMonth[];
  applied: boolean;
}

export function retainCommand(): Command {
  return storeOptions(new Command('retain').description('how long tables are kept; shows what it would free'))
    .addOption(
      new Option(
        '--keep <table=time|size>',
        'flows=90d, minutes=1y, flows=50GB, flows=all; or live: 90d of flows, 1y of minutes, 2y of darkDays and sourceDays',
      ).argParser((text: string, before: Kept[] | undefined) => [...(before ?? []), keptOf(text)]),
    )
    .addOption(sensorOption())
    .option('--save', 'write --keep down: later runs without it keep to it')
    .option('--apply', 'free it')
    .option('--json', 'print it as JSON')
    .action((options: RetainOptions) =>
      run(async () => {
        const answer = await unlessIngesting(options, () =>
          withStore(options, (db) => retain(db, options), { readOnly: !options.save && !options.apply }),
        );
        process.stdout.write(options.json ? `${JSON.stringify(answer)}\n` : text(answer));
        if (answer.left.length > 0) process.exitCode = FAILED;
      }),
    );
}

/** What an ingest puts into a month between the look and the drop would be gone. */
async function unlessIngesting<T>({ apply, clickhouse, data }: RetainOptions, work: () => Promise<T>): Promise<T> {
  const { directory, ingestLock } = dataFiles(data);
  if (!apply || clickhouse || !existsSync(directory)) return work();
  const lock = tryLock(ingestLock);
  if (lock === undefined) throw new Error(`an ingest runs in ${directory}: drop when it has ended`);
  try {
    return await work();
  } finally {
    closeSync(lock);
  }
}

async function retain(db: Connection, options: RetainOptions): Promise<Answer> {
  const sensors = (await sensorsNamed(db, options.sensor ?? [])).map(({ sensor }) => sensor);
  const given = rulesOf(options, sensors);
  if (options.save && given.length === 0) throw new UsageError('--save: what? such as --keep live or --keep flows=90d');
  if (options.save) await writeRetention(db, given);
  const rules = mergedRules(await readRetention(db), given).filter(({ days, bytes }) => days > 0 || bytes > 0);
  if (options.apply) await finaliseStale(db);
  const held = await heldMonths(db);
  const dropped = droppable(held, rules, Date.now()).filter(({ sensor }) => sensors.includes(sensor));
  if (!options.apply) return { rules, held, dropped, left: [], applied: false };
  const left = await dropMonths(db, dropped, held);
  return { rules, held, dropped: dropped.filter((month) => !left.includes(month)), left, applied: true };
}

function rulesOf({ keep = [], sensor }: RetainOptions, sensors: readonly string[]): RetentionRule[] {
  const named = sensor === undefined ? [''] : sensors;
  const rules = new Map<string, Limits>();
  for (const limits of keep.flatMap((kept) => (kept === 'live' ? LIVE_RULES : [kept]))) {
    const { days, bytes } = rules.get(limits.tableName) ?? limits;
    // an age and a size of one table go together
    rules.set(limits.tableName, { ...limits, days: limits.days || days, bytes: limits.bytes || bytes });
  }
  if (sensor !== undefined && [...rules.values()].some(({ bytes }) => bytes > 0))
    throw new UsageError('--keep TABLE=SIZE is for all sensors together: leave --sensor away');
  return [...rules.values()].flatMap((rule) => named.map((name) => ({ ...rule, sensor: name })));
}

const DAYS: Record<string, number> = { d: 1, w: 7, m: 30, y: 365 };

function keptOf(text: string): Kept {
  if (text === 'live') return 'live';
  const [, name = '', amount = ''] = /^(\w+)=(\w+)$/.exec(text) ?? [];
  const tableName = checkedName(name, text);
  if (amount === 'all') return { tableName, days: 0, bytes: 0 };
  const [, number, unit = ''] = /^(\d+)([dwmy])$/.exec(amount) ?? [];
  if (number !== undefined && Number(number) > 0)
    return { tableName, days: Number(number) * (DAYS[unit] as number), bytes: 0 };
  return { tableName, days: 0, bytes: byteSize(amount) };
}

function checkedName(name: string, text: string) {
  if (name === '') throw new InvalidArgumentError(`${text} is not live, TABLE=TIME or TABLE=SIZE.`);
  try {
    return checkedTable(name);
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
}

function text({ rules, held, dropped, left, applied }: Answer): string {
  const sums = RETAINED_TABLES.map((table) => ({ table, ...sumOf(held, table), rule: ruleText(rules, table) }));
  const all = tableText(
    [
      { title: 'table', cell: ({ table }: (typeof sums)[number]) => table },
      { title: 'kept', cell: ({ rule }) => rule },
      { title: 'months', cell: ({ span }) => span },
      { title: 'rows', cell: ({ rows }) => count(rows), right: true },
      { title: 'on disk', cell: ({ bytes }) => bytesText(bytes), right: true },
    ],
    sums,
  );
  return `${all}\n${droppedText(dropped, applied)}${leftText(left)}`;
}

function droppedText(dropped: readonly SensorMonth[], applied: boolean): string {
  if (dropped.length === 0) return 'nothing is older or larger than it is to be kept\n';
  const months = tableText(
    [
      { title: applied ? 'dropped' : 'would drop', cell: ({ table }: SensorMonth) => table },
      { title: 'month', cell: ({ month }) => monthText(month) },
      { title: 'sensor', cell: ({ sensor }) => sensor },
      { title: 'rows', cell: ({ rows }) => count(rows), right: true },
      { title: 'packets', cell: ({ packets }) => count(packets), right: true },
      { title: 'on disk', cell: ({ bytes }) => bytesText(bytes), right: true },
    ],
    dropped,
  );
  const bytes = bytesText(dropped.reduce((sum, month) => sum + month.bytes, 0));
  const verdict = applied
    ? `${bytes} freed; no figure of a finalised day has changed`
    : `${bytes} would be freed: --apply frees it; figures of finalised days stay`;
  return `${months}\n${verdict}\n`;
}

function leftText(left: readonly SensorMonth[]): string {
  return left
    .map(
      ({ table, month, sensor }) => `LEFT        ${table} of ${monthText(month)}, ${sensor}: days not finalised yet\n`,
    )
    .join('');
}

function sumOf(held: readonly SensorMonth[], table: string): { span: string; rows: number; bytes: number } {
  const months = held.filter((month) => month.table === table);
  const [first, last] = [months[0]?.month, months.at(-1)?.month];
  return {
    span: first && last ? `${monthText(first)} – ${monthText(last)}` : '',
    rows: months.reduce((sum, { rows }) => sum + rows, 0),
    bytes: months.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function ruleText(rules: readonly RetentionRule[], table: string): string {
  const texts = rules
    .filter(({ tableName }) => tableName === table)
    .map(({ sensor, days, bytes }) =>
      [days > 0 ? `${count(days)} days` : '', bytes > 0 ? bytesText(bytes) : '', sensor && `of ${sensor}`]
        .filter(Boolean)
        .join(' '),
    );
  return texts.join(', ') || 'for ever';
}

function monthText(month: number): string {
  return `${Math.floor(month / 100)}-${String(month % 100).padStart(2, '0')}`;
}
