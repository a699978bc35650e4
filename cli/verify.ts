// `umbrascope verify`: reads captures again and compares what they hold with what is stored of them. Nothing is written to the database.
import { Command } from 'commander';
import { startConveyor } from '../analyzer/conveyor.ts';
import { type CaptureFile, discoverCaptures } from '../collector/discover.ts';
import { createProgress } from '../collector/progress.ts';
import { waitingBatches } from '../collector/spool.ts';
import { SLOT_BYTES } from '../collector/units.ts';
import type { Connection } from '../store/database.ts';
import { dataFiles } from '../store/engine/files.ts';
import { sensorsNamed } from '../store/groups.ts';
import { Ledger, type LedgerUnit } from '../store/ledger.ts';
import { type UnitHours, unitHours } from '../store/questions/units.ts';
import type { Sensor } from '../store/sensors.ts';
import { UsageError } from '../store/usage-error.ts';
import { FAILED, run } from './failures.ts';
import { createBatcher } from './ingest/batcher.ts';
import { analyzerConfig, rulesOf } from './ingest/settings.ts';
import { DEFAULT_SENSOR, DEFAULT_WORKERS } from './ingest.ts';
import { type StoreOptions, storeOptions, wholeNumber } from './options.ts';
import { withStore } from './store.ts';
import { type Verification, verificationText } from './verify/account.ts';
import { Recount } from './verify/recount.ts';
import { type Scratch, withScratch } from './verify/scratch.ts';
import { compareTables, ingestRuns } from './verify/tables.ts';

export interface VerifyOptions extends StoreOptions {
  sensor: string;
  workers: number;
  json?: boolean;
}

export function verifyCommand(): Command {
  return storeOptions(new Command('verify').argument('<file...>', 'captures, directories of captures, globs, or -'))
    .option('--sensor <name>', 'sensor that captured them', DEFAULT_SENSOR)
    .option('--workers <n>', 'threads that count', wholeNumber, DEFAULT_WORKERS)
    .option('--json', 'print what was found as one line of JSON')
    .action((names: string[], options: VerifyOptions) =>
      run(async () => {
        const found = await withStore(options, (db) => verify(db, names, options), { readOnly: true });
        process.stdout.write(options.json ? `${JSON.stringify(found)}\n` : verificationText(found));
        if (!found.equal) process.exitCode = FAILED;
      }),
    );
}

/** Reads the captures again and compares; `db` may be read-only. */
export async function verify(db: Connection, names: readonly string[], options: VerifyOptions): Promise<Verification> {
  const started = performance.now();
  const paths = dataFiles(options.data);
  const [sensor] = (await sensorsNamed(db, [options.sensor])) as [Sensor];
  if (sensor.sensor !== options.sensor)
    throw new UsageError(`${options.sensor} is a group: verify one sensor at a time`);
  const files = await discoverCaptures(names).catch((error: Error) => {
    throw new UsageError(error.message);
  });
  if (!ingestRuns(paths) && (await waitingBatches(paths.spool)) > 0) {
    throw new Error('blocks of an ingest that was killed wait in the spool: run it again, then verify');
  }
  return await withScratch(paths, async (scratch) => {
    const hours = new Map((await unitHours(db, sensor.sensor)).map((unit) => [unit.unit, unit]));
    const recount = await readAgain(db, scratch, sensor, files, hours, options.workers);
    const tables = recount.difference
      ? { difference: recount.difference, hours: NOTHING, days: NOTHING, dropped: [] }
      : await compareTables(db, scratch, sensor, recount, paths);
    const equal = tables.difference === null && recount.notRead.length === 0;
    const { notRead, skipped, bytes } = recount;
    return {
      equal,
      sensor: sensor.sensor,
      files: recount.files,
      bytes,
      units: recount.units.size,
      ...recount.sum,
      ...tables,
      notRead,
      skipped,
      seconds: (performance.now() - started) / 1000,
    };
  });
}

const NOTHING = { exact: 0, lowerBound: 0 };

async function readAgain(
  db: Connection,
  { db: scratch, spool }: Scratch,
  { sensor }: Sensor,
  files: readonly CaptureFile[],
  hours: Map<string, UnitHours>,
  workers: number,
): Promise<Recount> {
  const ledger = await Ledger.read(db, sensor);
  const countedWith = (unit: LedgerUnit) => `${unit.rulesVersion}\n${unit.settings}`;
  const kinds = new Map([...ledger.ids.values()].map((unit) => [countedWith(unit), unit]));
  const numbers = new Map([...kinds.keys()].map((kind, number) => [kind, number]));
  const configs = [];
  for (const { rulesVersion, settings } of kinds.values()) {
    configs.push(analyzerConfig(await rulesOf(db, rulesVersion), settings));
  }
  if (configs.length === 0) throw new UsageError(`nothing was ever ingested for sensor ${sensor}`);
  const conveyor = startConveyor(configs, workers, SLOT_BYTES);
  const progress = createProgress(files.reduce((sum, { size }) => sum + size, 0));
  const recount = new Recount({
    ledger,
    hours,
    configs,
    settingsOf: (unit) => numbers.get(countedWith(unit)) as number,
    conveyor,
    batcher: createBatcher(scratch, spool, sensor, conveyor, workers),
    progress,
  });
  try {
    await recount.read(files);
  } finally {
    progress.stop();
    await conveyor.stop();
  }
  return recount;
}
