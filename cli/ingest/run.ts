// A run of `ingest`: files to units, units through the worker threads, counts into the database, days finalised.
// A run makes one pass over its files, or many (`--watch`): each pass reads what is new or has grown.
import { type Conveyor, type Counted, startConveyor } from '../../analyzer/conveyor.ts';
import type { AnalyzerConfig } from '../../analyzer/unit.ts';
import type { CutPosition } from '../../collector/cut.ts';
import { type CaptureFile, STANDARD_INPUT } from '../../collector/discover.ts';
import { NotACapture } from '../../collector/formats/capture.ts';
import type { Progress } from '../../collector/progress.ts';
import { type ByteSource, openSource } from '../../collector/source.ts';
import { SLOT_BYTES } from '../../collector/units.ts';
import type { Connection } from '../../store/database.ts';
import { finaliseSensor } from '../../store/finalise/finalise.ts';
import { type FrameCounts, Ledger, type LedgerRow, type LedgerUnit } from '../../store/ledger.ts';
import { storedCounts } from '../../store/questions/stored.ts';
import type { Sensor } from '../../store/sensors.ts';
import { addCounts, addUnit, emptyAccount, fatesSum, noFrames, type RunAccount } from './account.ts';
import { type Batcher, createBatcher, sendLeftovers } from './batcher.ts';
import { type Cut, isAboutTheFile, readUnits } from './reading.ts';
import { accountOf, unitGoingOn } from './shorter-copy.ts';
import { UnderWay } from './under-way.ts';

export interface IngestConfig {
  sensor: Sensor;
  analyzer: AnalyzerConfig;
  /** The same as the ledger keeps it. */
  countedWith: Pick<LedgerUnit, 'rulesVersion' | 'settings'>;
  workers: number;
  /** Directory for blocks on their way. */
  spool: string;
  /** Stop at the first damaged or refused file. */
  strict: boolean;
  /** Made for each pass, when its files are known. */
  progress: (totalBytes: number) => Progress;
}

/** How far a file was read: taken up there again when it has grown. */
interface Reached {
  size: number;
  modified: number;
  /** Undefined where it must be read from its beginning. */
  position: CutPosition | undefined;
  /** What lies before the position. */
  before: FrameCounts;
}

/** A unit's row for the ledger, and the round its counts are in. */
interface CountedRow {
  row: LedgerRow;
  round: number;
}

export class Ingest {
  readonly account: RunAccount;
  #db: Connection;
  #config: IngestConfig;
  #ledger: Ledger;
  /** The worker threads and where their counts go; made by the first pass that has something to read. */
  #line: { conveyor: Conveyor; batcher: Batcher } | undefined;
  #reached = new Map<string, Reached>();
  #read = new Set<string>();
  /** Units that the account has met, by file: a file that is read again meets them again. */
  #met = new Set<string>();
  #underWay = new UnderWay();
  /** Units being counted. */
  #counting = new Map<string, Promise<CountedRow>>();
  /** Time in passes that read something. */
  #milliseconds = 0;
  #bytesBefore = 0;

  private constructor(db: Connection, config: IngestConfig, ledger: Ledger) {
    this.#db = db;
    this.#config = config;
    this.#ledger = ledger;
    this.account = emptyAccount(config.sensor.sensor);
  }

  /** Sends what an earlier run left in the spool, and reads the ledger. */
  static async begin(db: Connection, config: IngestConfig): Promise<Ingest> {
    await sendLeftovers(db, config.spool);
    return new Ingest(db, config, await Ledger.read(db, config.sensor.sensor));
  }

  /**
   * Ingests what is new of these files. When it returns, all of it is in the database.
   * @returns the number of files read
   * @throws Error where nothing more can be done: the database or the disk failing
   */
  async pass(files: readonly CaptureFile[]): Promise<number> {
    const fresh = files.filter((file) => !this.#isKnown(file));
    if (fresh.length === 0 || this.account.stoppedAt) return 0;
    const started = performance.now();
    const progress = this.#config.progress(totalBytes(fresh));
    this.#bytesBefore = 0;
    const line = this.#start();
    try {
      const unfinished = new Set<Promise<void>>();
      let failure: Error | undefined;
      for (const file of fresh) {
        const { done } = await this.#readFile(file, line, progress);
        const finished = done.catch((error: Error) => {
          failure ??= error;
        });
        unfinished.add(finished);
        finished.finally(() => unfinished.delete(finished));
        if (failure || this.account.stoppedAt) break;
      }
      await Promise.all(unfinished);
      if (failure) throw failure;
      await line.batcher.flush();
    } finally {
      progress.stop();
    }
    this.#milliseconds += performance.now() - started;
    this.account.seconds = this.#milliseconds / 1000;
    this.account.packetsPerSecond = this.account.frames / this.account.seconds;
    return fresh.length;
  }

  /** Makes the days that the packets changed. */
  async finalise(): Promise<void> {
    this.account.days += await finaliseSensor(this.#db, this.#config.sensor);
  }

  /** Frames = counted + fates in this run; and over all runs of the sensor, every table holds just what was counted. */
  async checkBalance(): Promise<void> {
    const { account } = this;
    const stored = await storedCounts(this.#db, account.sensor);
    account.balanced =
      account.frames === account.counted + fatesSum(account.fates) &&
      stored.framesOfUnits === stored.frames &&
      [stored.countedOfUnits, stored.flows, stored.minutes, stored.dark].every((packets) => packets === stored.counted);
  }

  async stop(): Promise<void> {
    await this.#line?.conveyor.stop();
  }

  #start(): { conveyor: Conveyor; batcher: Batcher } {
    if (this.#line) return this.#line;
    const { analyzer, workers, spool, sensor } = this.#config;
    const conveyor = startConveyor([analyzer], workers, SLOT_BYTES);
    this.#line = { conveyor, batcher: createBatcher(this.#db, spool, sensor.sensor, conveyor, workers) };
    return this.#line;
  }

  /** True for a file that is as it was when it was read to its end, by this run or an earlier one. */
  #isKnown(file: CaptureFile): boolean {
    if (file.path === STANDARD_INPUT) return false;
    const same = (before: { size: number; modified: number } | undefined) =>
      before?.size === file.size && before.modified === file.modified;
    if (this.#reached.has(file.path)) return same(this.#reached.get(file.path));
    const known = this.#ledger.files.get(file.path);
    if (known === undefined || !same(known)) return false;
    this.#reached.set(file.path, { ...file, position: undefined, before: noFrames() });
    this.account.alreadyFiles++;
    this.account.alreadyFrames += known.frames;
    if (known.damage) this.#report(this.account.damaged, file.path, known.damage);
    return true;
  }

  /** Reads one file. `done` settles when its units are on their way to the database: the next file is read meanwhile. */
  async #readFile(
    file: CaptureFile,
    { conveyor, batcher }: { conveyor: Conveyor; batcher: Batcher },
    progress: Progress,
  ): Promise<{ done: Promise<void> }> {
    const { account } = this;
    const reached = this.#reached.get(file.path);
    const from = reached && file.size >= reached.size ? reached.position : undefined;
    const before = from ? (reached?.before ?? noFrames()) : noFrames();
    const counts: (FrameCounts & { start: number })[] = [];
    let source: ByteSource | undefined;
    this.#forget(file.path);
    try {
      source = await openSource(file.path, from?.at);
      const opened = source;
      const end = await readUnits(source, {
        conveyor,
        settingsOf: () => 0,
        known: async (opening) => {
          await this.#underWay.othersTaken(opening, file.path);
          return this.#ledger.units.get(opening) ?? [];
        },
        handedOut: ({ opening }, taken) => this.#underWay.add(opening, file.path, taken),
        from,
        take: async (cut, count) => {
          counts.push({ start: cut.start, ...(await this.#takeUnit(file, cut, count, batcher)) });
        },
        progress: () => progress.update({ bytes: this.#bytesBefore + opened.taken(), packets: account.frames }),
      });
      if (!this.#read.has(file.path)) account.files++;
      this.#read.add(file.path);
      if (end.damage) this.#report(account.damaged, file.path, end.damage, end.unfinished);
      const finish = async () => {
        await end.taken;
        for (const known of end.already) this.#meet(file.path, known.unit, known.frames);
        const all = [...counts, ...end.already];
        const position = opened.seekable ? end.position : undefined;
        const counted = sumOf(before, all, Number.POSITIVE_INFINITY);
        this.#reached.set(file.path, { ...file, position, before: sumOf(before, all, position?.at ?? 0) });
        if (file.path === STANDARD_INPUT) return;
        const row = { path: file.path, size: file.size, modified: file.modified, damage: end.damage ?? '', ...counted };
        await batcher.addFile(row);
      };
      return { done: finish() };
    } catch (error) {
      if (!isAboutTheFile(error)) throw error;
      const beside = !file.named && error instanceof NotACapture && error.unknown;
      if (beside) account.skipped.push({ path: file.path, damage: error.message });
      else this.#report(account.refused, file.path, error.message);
      this.#reached.set(file.path, { ...file, position: undefined, before: noFrames() });
      return { done: Promise.resolve() };
    } finally {
      account.bytes += source?.taken() ?? 0;
      this.#bytesBefore += file.size;
      await source?.close();
    }
  }

  /** Has a unit counted and sends it on, unless its like is in the database or on its way there (a copy of the file within one run). */
  async #takeUnit(file: CaptureFile, cut: Cut, count: () => Promise<Counted>, batcher: Batcher): Promise<FrameCounts> {
    const id = cut.unit;
    const alike = this.#ledger.ids.get(id) ?? (await this.#counting.get(id))?.row;
    if (alike !== undefined) {
      this.#meet(file.path, id, alike.frames);
      return alike;
    }
    if (await unitGoingOn(this.#ledger, file.path, cut)) {
      const account = accountOf(cut, this.#config.analyzer);
      this.#meet(file.path, id, account.frames);
      return account;
    }
    const counting = this.#count(file, cut, count);
    this.#counting.set(id, counting);
    const { row, round } = await counting.finally(() => this.#counting.delete(id));
    await batcher.add(row, round);
    return row;
  }

  async #count(file: CaptureFile, cut: Cut, count: () => Promise<Counted>): Promise<CountedRow> {
    const { account, round } = await count();
    const { unit, start, end, opening } = cut;
    const { frames, counted, fates, firstHour, lastHour } = account;
    const known = { unit, path: file.path, start, end, frames, counted, fates, ...this.#config.countedWith };
    this.#ledger.add(opening, known);
    this.#met.add(`${unit} ${file.path}`);
    addUnit(this.account, account);
    const row = { ...known, opening, firstHour: firstHour ?? 0, lastHour: lastHour ?? 0 };
    return { row, round };
  }

  #meet(path: string, unit: string, frames: number): void {
    const key = `${unit} ${path}`;
    if (!this.#met.has(key)) this.account.alreadyFrames += frames;
    this.#met.add(key);
  }

  #report(list: RunAccount['damaged'], path: string, damage: string, unfinished = false): void {
    list.push({ path, damage, ...(unfinished ? { unfinished } : {}) });
    if (this.#config.strict) this.account.stoppedAt = path;
  }

  /** What was said of a file before it was read again. */
  #forget(path: string): void {
    const { account } = this;
    for (const list of ['damaged', 'refused', 'skipped'] as const)
      account[list] = account[list].filter((said) => said.path !== path);
  }
}

function totalBytes(files: readonly CaptureFile[]): number {
  const sizeKnown = files.every(({ path }) => path !== STANDARD_INPUT);
  return sizeKnown ? files.reduce((sum, { size }) => sum + size, 0) : 0;
}

/** The counts of the units that begin before a place in the file. */
function sumOf(before: FrameCounts, units: readonly (FrameCounts & { start: number })[], until: number): FrameCounts {
  const sum = { ...before, fates: { ...before.fates } };
  for (const unit of units) if (unit.start < until) addCounts(sum, unit);
  return sum;
}
