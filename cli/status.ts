// `umbrascope status`: the account and coverage of every sensor, and the engine; by file and by day where asked.
import { closeSync, existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { bytesText } from '../collector/progress.ts';
import { waitingBatches } from '../collector/spool.ts';
import type { Connection } from '../store/database.ts';
import { type DataFiles, dataFiles } from '../store/engine/files.ts';
import { tryLock } from '../store/engine/libc.ts';
import { finaliseStale } from '../store/finalise/finalise.ts';
import { sensorsNamed } from '../store/groups.ts';
import { coverageBySensor, type SensorDays } from '../store/questions/days.ts';
import { type LateDay, lateDays } from '../store/questions/dropped.ts';
import { type EngineState, engineState } from '../store/questions/engine.ts';
import { type FileAccount, fileAccounts } from '../store/questions/files.ts';
import { readSensors, type Sensor } from '../store/sensors.ts';
import { UsageError } from '../store/usage-error.ts';
import type { Account } from '../web/questions.ts';
import { readAccount } from '../web/report/answers.ts';
import { FAILED, run } from './failures.ts';
import { lateText } from './late.ts';
import { type StoreOptions, sensorOption, storeOptions, wholeNumber } from './options.ts';
import { waitingLive } from './sensor/live-spool.ts';
import { daysText, readDaysStatus } from './status/days.ts';
import { filesText, readFilesStatus } from './status/files.ts';
import { withStore } from './store.ts';
import { count } from './table.ts';

interface Status {
  balanced: boolean;
  engine: EngineState;
  /** Batches in the spool: of an ingest that runs, or that was killed. */
  spooled: number;
  /** Batches that a live sensor has on disk and not in the database. */
  live: number;
  sensors: (Account['sensors'][number] &
    Sensor & { coverage: SensorDays | null; damaged: FileAccount[]; late: LateDay[] })[];
}

interface StatusOptions extends StoreOptions {
  files?: boolean;
  days?: boolean;
  limit: number;
  sensor?: string[];
  json?: boolean;
}

const SHOWN = 30;
const LOOKS = 4;
const BETWEEN_LOOKS_MS = 700;

export function statusCommand(): Command {
  return storeOptions(new Command('status'))
    .option('--files', 'the account of every file, damaged ones first')
    .option('--days', 'the account of every day')
    .option('--limit <n>', 'files or days shown of each sensor', wholeNumber, SHOWN)
    .addOption(sensorOption())
    .option('--json', 'print it as JSON, nothing left out')
    .action((options: StatusOptions) =>
      run(async () => {
        if (options.files && options.days) throw new UsageError('--files or --days, one of them');
        const { answer, text } = await withStore(options, (db) => settledStatus(db, options));
        process.stdout.write(options.json ? `${JSON.stringify(answer)}\n` : text());
        if (!answer.balanced) process.exitCode = FAILED;
      }),
    );
}

/** A batch of a running sensor goes into one table after another: what does not balance is looked at again before it is said. */
async function settledStatus(db: Connection, options: StatusOptions): ReturnType<typeof statusOf> {
  for (let look = 1; ; look++) {
    const status = await statusOf(db, options);
    if (status.answer.balanced || look === LOOKS || !sensorRuns(dataFiles(options.data))) return status;
    await sleep(BETWEEN_LOOKS_MS);
  }
}

function sensorRuns({ sensorLock }: DataFiles): boolean {
  if (!existsSync(sensorLock)) return false;
  const lock = tryLock(sensorLock);
  if (lock !== undefined) closeSync(lock);
  return lock === undefined;
}

async function statusOf(
  db: Connection,
  options: StatusOptions,
): Promise<{ answer: { balanced: boolean }; text: () => string }> {
  const sensors = await sensorsNamed(db, options.sensor ?? []);
  if (options.files) {
    const names = sensors.map(({ sensor }) => sensor);
    const answer = await readFilesStatus(db, names, options.json ? 0 : options.limit);
    return { answer, text: () => filesText(answer) };
  }
  if (options.days) {
    const answer = await readDaysStatus(db, sensors, () => finaliseStale(db));
    return { answer, text: () => daysText(answer, sensors, options.limit) };
  }
  const answer = await readStatus(db, sensors, dataFiles(options.data));
  return { answer, text: () => statusText(answer) };
}

async function readStatus(db: Connection, chosen: readonly Sensor[], place: DataFiles): Promise<Status> {
  await finaliseStale(db);
  const names = chosen.map(({ sensor }) => sensor);
  const [account, coverage, sensors, engine, files] = await Promise.all([
    readAccount(db),
    coverageBySensor(db),
    readSensors(db),
    engineState(db),
    fileAccounts(db, names, DAMAGED_NAMED),
  ]);
  const late = new Map<string, LateDay[]>();
  for (const sensor of chosen) late.set(sensor.sensor, await lateDays(db, sensor));
  return {
    balanced: account.balanced,
    engine,
    spooled: await waitingBatches(place.spool),
    live: await waitingLive(place.sensorSpool),
    sensors: account.sensors
      .filter(({ sensor }) => names.includes(sensor))
      .map((row) => ({
        ...row,
        late: late.get(row.sensor) ?? [],
        damaged: files.filter(({ sensor, damage }) => sensor === row.sensor && damage !== ''),
        ...(sensors.find(({ sensor }) => sensor === row.sensor) as Sensor),
        coverage: coverage.find(({ sensor }) => sensor === row.sensor) ?? null,
      })),
  };
}

function statusText({ balanced, engine, spooled, live, sensors }: Status): string {
  const lines = [`database    ClickHouse ${engine.version}, ${bytesText(engine.bytes)} in ${count(engine.rows)} rows`];
  if (spooled > 0)
    lines.push(`spool       ${count(spooled)} batches wait: an ingest runs, or was killed and must be run again`);
  if (live > 0)
    lines.push(`live        ${count(live)} batches of a live sensor wait on disk; it sends them when it runs`);
  for (const row of sensors) {
    lines.push(
      '',
      `sensor      ${row.sensor} (days in ${row.timeZone}, rules ${row.rulesVersion})`,
      `darknet     ${row.darknet.length > 0 ? `${row.darknet.join(' ')} (${count(row.coverage?.monitoredAddresses ?? 0)} IPv4 addresses)` : 'not known: give --darknet when ingesting'}`,
      `files       ${count(row.files)}${row.damagedFiles > 0 ? `, ${count(row.damagedFiles)} of them damaged` : ''}`,
      ...damagedText(row.damaged, row.damagedFiles),
      `frames      ${count(row.frames)}`,
      `= counted   ${count(row.counted)}`,
    );
    for (const [fate, frames] of Object.entries(row.fates)) lines.push(`+ ${fate.padEnd(16)} ${count(frames)}`);
    lines.push(`stored      ${count(row.stored)} packets, ${bytesText(row.bytes)} on the wire`);
    if (row.dropped > 0) lines.push(`+ dropped   ${count(row.dropped)} packets: their flows are no longer kept`);
    if (row.late.length > 0) lines.push(lateText(row.late));
    if (row.first) lines.push(`packets     from ${row.first} to ${row.last}`);
    if (row.coverage) {
      const { observedHours, spanHours, days } = row.coverage;
      lines.push(`heard       in ${count(observedHours)} of ${count(spanHours)} hours, on ${count(days)} days`);
    }
  }
  lines.push('', balanced ? 'the account balances' : 'THE ACCOUNT DOES NOT BALANCE');
  return `${lines.join('\n')}\n`;
}

/** Damaged files that are named; all stand in `--files`. */
const DAMAGED_NAMED = 5;

function damagedText(damaged: readonly FileAccount[], all: number): string[] {
  const lines = damaged.map(({ path, damage }) => `DAMAGED     ${path}: ${damage}`);
  if (all > damaged.length)
    lines.push(`            and ${count(all - damaged.length)} more: umbrascope status --files`);
  return lines;
}
