// A run of `ingest`: files to units, units through the worker threads, counts into the database, days finalised.
// A run makes one pass over its files, or many (`--watch`): each pass reads what is new or has grown.
import { type Conveyor, startConveyor } from '../../analyzer/conveyor.ts';
import { type CaptureFile, STANDARD_INPUT } from '../../collector/discover.ts';
import type { Progress } from '../../collector/progress.ts';
import { SLOT_BYTES } from '../../collector/units.ts';
import type { Connection } from '../../store/database.ts';
import { finaliseSensor } from '../../store/finalise/finalise.ts';
import { Ledger } from '../../store/ledger.ts';
import { lateDays } from '../../store/questions/dropped.ts';
import type { Sensor } from '../../store/sensors.ts';
import { together } from '../../store/together.ts';
import type { RunAccount } from './account.ts';
import { isBalanced, isStoreBalanced } from './balance.ts';
import { type Batcher, createBatcher } from './batcher.ts';
import { Books } from './books.ts';
import { FileReader } from './file-reader.ts';
import { sendLeftovers } from './insert-batch.ts';
import { type CountingConfig, UnitTaker } from './unit-taker.ts';

export interface IngestConfig extends CountingConfig {
  sensor: Sensor;
  workers: number;
  /** Directory for blocks on their way. */
  spool: string;
  /** Stop at the first damaged or refused file. */
  strict: boolean;
  /** Made for each pass, when its files are known. */
  progress: (totalBytes: number) => Progress;
}

/** The worker threads, where their counts go, and who reads for them. */
interface Line {
  conveyor: Conveyor;
  batcher: Batcher;
  reader: FileReader;
}

export class Ingest {
  readonly account: RunAccount;
  #books: Books;
  #db: Connection;
  #config: IngestConfig;
  #ledger: Ledger;
  /** Nothing is written to the spool before. */
  #ready: Promise<void>;
  /** Made by the first pass that has something to read. */
  #line: Line | undefined;
  /** Files found unchanged. */
  #unchanged = new Map<string, { size: number; modified: number }>();
  /** Time in passes that read something. */
  #milliseconds = 0;

  private constructor(db: Connection, config: IngestConfig, ledger: Ledger, ready: Promise<void>) {
    this.#db = db;
    this.#config = config;
    this.#ledger = ledger;
    this.#ready = ready;
    ready.catch(() => {}); // told by the first batch, or by finalising
    this.#books = new Books(config.sensor.sensor, config.strict);
    this.account = this.#books.account;
  }

  /** Sends what an earlier run left in the spool, and reads the ledger. */
  static async begin(db: Connection, config: IngestConfig): Promise<Ingest> {
    await sendLeftovers(db, config.spool);
    return new Ingest(db, config, await Ledger.read(db, config.sensor.sensor), Promise.resolve());
  }

  /** Into a database that holds nothing. @param ready settles when it may be inserted into */
  static beginNew(db: Connection, config: IngestConfig, ready: Promise<void>): Ingest {
    return new Ingest(db, config, new Ledger(), ready);
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
    let bytesBefore = 0;
    const { reader, batcher } = this.#start();
    try {
      const unfinished = new Set<Promise<void>>();
      let failure: Error | undefined;
      for (const file of fresh) {
        const { done } = await reader.read(file, progress, bytesBefore);
        bytesBefore += file.size;
        const finished = done.catch((error: Error) => {
          failure ??= error;
        });
        unfinished.add(finished);
        finished.finally(() => unfinished.delete(finished));
        if (failure || this.account.stoppedAt) break;
      }
      await Promise.all(unfinished);
      if (failure) throw failure;
      await batcher.flush();
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
    await this.#ready;
    this.account.days += await finaliseSensor(this.#db, this.#config.sensor);
  }

  /**
   * The same at the end of all, and meanwhile looks whether everything balances: frames = counted + fates in this run; and over all runs of
   * the sensor, every table holds just what was counted.
   */
  async finish(): Promise<void> {
    const { account } = this;
    await this.#ready;
    const [isStored] = await together([isStoreBalanced(this.#db, account.sensor), this.finalise()]);
    account.balanced = isBalanced(account) && isStored;
    if (account.counted > 0) account.late = await lateDays(this.#db, this.#config.sensor);
  }

  async stop(): Promise<void> {
    await this.#line?.conveyor.stop();
  }

  #start(): Line {
    if (this.#line) return this.#line;
    const { analyzer, workers, spool, sensor } = this.#config;
    const conveyor = startConveyor([analyzer], workers, SLOT_BYTES);
    const batcher = createBatcher(this.#db, spool, sensor.sensor, conveyor, workers, this.#ready);
    const taker = new UnitTaker(this.#ledger, this.#books, this.#config, batcher);
    this.#line = { conveyor, batcher, reader: new FileReader(conveyor, taker, this.#books) };
    return this.#line;
  }

  /** True for a file that is as it was when it was read to its end, by this run or an earlier one. */
  #isKnown(file: CaptureFile): boolean {
    if (file.path === STANDARD_INPUT) return false;
    const same = (before: { size: number; modified: number } | undefined) =>
      before?.size === file.size && before.modified === file.modified;
    const met = this.#line?.reader.lastRead(file.path) ?? this.#unchanged.get(file.path);
    if (met) return same(met);
    const known = this.#ledger.files.get(file.path);
    if (known === undefined || !same(known)) return false;
    this.#unchanged.set(file.path, file);
    this.#books.unchanged(file.path, known.frames, known.damage);
    return true;
  }
}

function totalBytes(files: readonly CaptureFile[]): number {
  const sizeKnown = files.every(({ path }) => path !== STANDARD_INPUT);
  return sizeKnown ? files.reduce((sum, { size }) => sum + size, 0) : 0;
}
