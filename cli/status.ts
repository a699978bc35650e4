// `umbrascope status`: the account and coverage of every sensor, and the engine.
import { Command } from 'commander';
import { bytesText } from '../collector/progress.ts';
import { waitingBatches } from '../collector/spool.ts';
import type { Connection } from '../store/database.ts';
import { dataFiles } from '../store/engine/files.ts';
import { finaliseStale } from '../store/finalise/finalise.ts';
import { coverageBySensor, type SensorDays } from '../store/questions/days.ts';
import { type EngineState, engineState } from '../store/questions/engine.ts';
import { readSensors, type Sensor } from '../store/sensors.ts';
import type { Account } from '../web/questions.ts';
import { readAccount } from '../web/report/answers.ts';
import { FAILED, run } from './failures.ts';
import { clickhouseOption, dataOption, type StoreOptions } from './options.ts';
import { withStore } from './store.ts';
import { count } from './table.ts';

interface Status {
  balanced: boolean;
  engine: EngineState;
  /** Batches in the spool: of an ingest that runs, or that was killed. */
  spooled: number;
  sensors: (Account['sensors'][number] & Sensor & { coverage: SensorDays | null })[];
}

export function statusCommand(): Command {
  return new Command('status')
    .addOption(dataOption())
    .addOption(clickhouseOption())
    .option('--json', 'print it as JSON')
    .action((options: StoreOptions & { json?: boolean }) =>
      run(async () => {
        const status = await withStore(options, (db) => readStatus(db, dataFiles(options.data).spool));
        process.stdout.write(options.json ? `${JSON.stringify(status)}\n` : statusText(status));
        if (!status.balanced) process.exitCode = FAILED;
      }),
    );
}

async function readStatus(db: Connection, spool: string): Promise<Status> {
  await finaliseStale(db);
  const [account, coverage, sensors, engine] = await Promise.all([
    readAccount(db),
    coverageBySensor(db),
    readSensors(db),
    engineState(db),
  ]);
  return {
    balanced: account.balanced,
    engine,
    spooled: await waitingBatches(spool),
    sensors: account.sensors.map((row) => ({
      ...row,
      ...(sensors.find(({ sensor }) => sensor === row.sensor) as Sensor),
      coverage: coverage.find(({ sensor }) => sensor === row.sensor) ?? null,
    })),
  };
}

function statusText({ balanced, engine, spooled, sensors }: Status): string {
  const lines = [`database    ClickHouse ${engine.version}, ${bytesText(engine.bytes)} in ${count(engine.rows)} rows`];
  if (spooled > 0)
    lines.push(`spool       ${count(spooled)} batches wait: an ingest runs, or was killed and must be run again`);
  for (const row of sensors) {
    lines.push(
      '',
      `sensor      ${row.sensor} (days in ${row.timeZone}, rules ${row.rulesVersion})`,
      `darknet     ${row.darknet.length > 0 ? `${row.darknet.join(' ')} (${count(row.coverage?.monitoredAddresses ?? 0)} IPv4 addresses)` : 'not known: give --darknet when ingesting'}`,
      `files       ${count(row.files)}${row.damagedFiles > 0 ? `, ${count(row.damagedFiles)} of them damaged` : ''}`,
      `frames      ${count(row.frames)}`,
      `= counted   ${count(row.counted)}`,
    );
    for (const [fate, frames] of Object.entries(row.fates)) lines.push(`+ ${fate.padEnd(16)} ${count(frames)}`);
    lines.push(`stored      ${count(row.stored)} packets, ${bytesText(row.bytes)} on the wire`);
    if (row.first) lines.push(`packets     from ${row.first} to ${row.last}`);
    if (row.coverage) {
      const { observedHours, spanHours, days } = row.coverage;
      lines.push(`heard       in ${count(observedHours)} of ${count(spanHours)} hours, on ${count(days)} days`);
    }
  }
  lines.push('', balanced ? 'the account balances' : 'THE ACCOUNT DOES NOT BALANCE');
  return `${lines.join('\n')}\n`;
}
