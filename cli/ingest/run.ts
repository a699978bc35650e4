// A run of `ingest`: files to units, units through the conveyor of worker threads, counts into the database, days finalised.
import { type Conveyor, type Slot, startConveyor } from '../../analyzer/conveyor.ts';
import { type AnalyzerConfig, unitId } from '../../analyzer/unit.ts';
import { type CaptureFile, STANDARD_INPUT } from '../../collector/discover.ts';
import { NotACapture } from '../../collector/formats/capture.ts';
import type { Progress } from '../../collector/progress.ts';
import { type ByteSource, openSource } from '../../collector/source.ts';
import { type CutEnd, type CutUnit, cutUnits, SLOT_BYTES } from '../../collector/units.ts';
import type { Connection } from '../../store/database.ts';
import { finaliseSensor } from '../../store/finalise/finalise.ts';
import { type Ledger, readLedger } from '../../store/ledger.ts';
import { storedCounts } from '../../store/questions/stored.ts';
import type { Sensor } from '../../store/sensors.ts';
import { addUnit, emptyAccount, fatesSum, type RunAccount } from './account.ts';
import { type Batcher, createBatcher, sendLeftovers } from './batcher.ts';

export interface IngestConfig {
  sensor: Sensor;
  analyzer: AnalyzerConfig;
  workers: number;
  /** Directory for blocks on their way. */
  spool: string;
  files: readonly CaptureFile[];
  /** Made when the files are known. */
  progress: (totalBytes: number) => Progress;
}

interface Run {
  config: IngestConfig;
  conveyor: Conveyor;
  batcher: Batcher;
  ledger: Ledger;
  account: RunAccount;
  progress: Progress;
  /** Bytes of the files before the one being read. */
  bytesBefore: number;
}

/**
 * Ingests the named captures; what the database holds already is not counted again.
 * @throws Error where nothing more can be done: the database or the disk failing
 */
export async function ingest(db: Connection, config: IngestConfig): Promise<RunAccount> {
  const started = performance.now();
  await sendLeftovers(db, config.spool);
  const ledger = await readLedger(db, config.sensor.sensor);
  const account = emptyAccount(config.sensor.sensor);
  const fresh = config.files.filter((file) => !isKnown(file, ledger, account));
  if (fresh.length > 0) await readFiles(db, config, ledger, account, fresh);
  account.seconds = (performance.now() - started) / 1000;
  account.packetsPerSecond = account.frames / account.seconds;
  account.days = await finaliseSensor(db, config.sensor);
  await checkBalance(db, account);
  return account;
}

/** True for a file that is as it was when it was read to its end. */
function isKnown(file: CaptureFile, ledger: Ledger, account: RunAccount): boolean {
  const known = ledger.files.get(file.path);
  if (file.path === STANDARD_INPUT || known?.size !== file.size || known.modified !== file.modified) return false;
  account.alreadyFiles++;
  account.alreadyFrames += known.frames;
  if (known.damage) account.damaged.push({ path: file.path, damage: known.damage });
  return true;
}

async function readFiles(
  db: Connection,
  config: IngestConfig,
  ledger: Ledger,
  account: RunAccount,
  files: CaptureFile[],
): Promise<void> {
  const totalBytes = files.some(({ path }) => path === STANDARD_INPUT)
    ? 0
    : files.reduce((sum, { size }) => sum + size, 0);
  const run: Run = {
    config,
    ledger,
    account,
    conveyor: startConveyor(config.analyzer, config.workers, SLOT_BYTES),
    batcher: createBatcher(db, config.spool, config.sensor.sensor, config.analyzer.rules.version),
    progress: config.progress(totalBytes),
    bytesBefore: 0,
  };
  try {
    const unfinished = new Set<Promise<void>>();
    let failure: Error | undefined;
    for (const file of files) {
      const { done } = await readFile(run, file);
      const finished = done.catch((error: Error) => {
        failure ??= error;
      });
      unfinished.add(finished);
      finished.finally(() => unfinished.delete(finished));
      if (failure) break;
    }
    await Promise.all(unfinished);
    if (failure) throw failure;
    await run.batcher.flush();
  } finally {
    run.progress.stop();
    await run.conveyor.stop();
  }
}

/**
 * Reads one file. What is returned settles when its units are counted and on their way, so that the next file is read meanwhile.
 */
async function readFile(run: Run, file: CaptureFile): Promise<{ done: Promise<void> }> {
  const counts: Promise<UnitCounts>[] = [];
  let end: CutEnd;
  let source: ByteSource | undefined;
  try {
    source = await openSource(file.path);
    end = await readUnits(run, file, source, counts);
  } catch (error) {
    if (!isAboutTheFile(error)) throw error;
    const beside = !file.named && error instanceof NotACapture && error.unknown;
    (beside ? run.account.skipped : run.account.refused).push({ path: file.path, damage: (error as Error).message });
    return { done: Promise.all(counts).then(() => {}) };
  } finally {
    run.account.bytes += source?.taken() ?? 0;
    await source?.close();
  }
  run.bytesBefore += file.size;
  run.account.files++;
  if (end.damage) run.account.damaged.push({ path: file.path, damage: end.damage });
  return { done: finishFile(run, file, end, counts) };
}

interface UnitCounts {
  frames: number;
  counted: number;
}

async function readUnits(
  run: Run,
  file: CaptureFile,
  source: ByteSource,
  counts: Promise<UnitCounts>[],
): Promise<CutEnd> {
  const { conveyor, ledger, progress, account } = run;
  const units = cutUnits(source, {
    acquire: conveyor.acquire,
    release: conveyor.release,
    known: (opening) => ledger.units.get(opening) ?? [],
    identify: unitId,
  });
  for (;;) {
    const step = await units.next();
    progress.update({ bytes: run.bytesBefore + source.taken(), packets: account.frames });
    if (step.done) return step.value;
    const counted = countUnit(run, file, step.value);
    counted.catch(() => {}); // a failure is reported where the file is finished
    counts.push(counted);
  }
}

/** Counts a unit and sends it on, unless its like is in the database already (a copy of the file within one run). */
async function countUnit(
  { conveyor, batcher, ledger, account }: Run,
  file: CaptureFile,
  cut: CutUnit<Slot>,
): Promise<UnitCounts> {
  const { slot, from, to, context, start, end, opening } = cut;
  try {
    const result = await conveyor.count(slot, from, to, context);
    if (ledger.ids.has(result.id)) {
      account.alreadyFrames += result.account.frames;
    } else {
      ledger.ids.add(result.id);
      addUnit(account, result.account);
      await batcher.add({ unit: result.id, opening, path: file.path, start, end }, result);
    }
    return result.account;
  } finally {
    conveyor.release(slot); // only now: reading waits for a slow database
  }
}

async function finishFile(run: Run, file: CaptureFile, end: CutEnd, counts: Promise<UnitCounts>[]): Promise<void> {
  const all: UnitCounts[] = [...(await Promise.all(counts)), ...end.already];
  for (const { frames } of end.already) run.account.alreadyFrames += frames;
  if (file.path === STANDARD_INPUT) return;
  await run.batcher.addFile({
    ...file,
    frames: all.reduce((sum, { frames }) => sum + frames, 0),
    counted: all.reduce((sum, { counted }) => sum + counted, 0),
    damage: end.damage ?? '',
  });
}

/** A file that cannot be read is that file's trouble; the run goes on. */
function isAboutTheFile(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return error instanceof NotACapture || ['EACCES', 'EISDIR', 'EIO', 'ENOENT', 'EPERM'].includes(code ?? '');
}

/** Frames = counted + fates in this run; and over all runs of the sensor, every table holds just what was counted. */
async function checkBalance(db: Connection, account: RunAccount): Promise<void> {
  const stored = await storedCounts(db, account.sensor);
  account.balanced =
    account.frames === account.counted + fatesSum(account.fates) &&
    stored.framesOfUnits === stored.frames &&
    [stored.countedOfUnits, stored.flows, stored.minutes, stored.dark].every((packets) => packets === stored.counted);
}
