// From the spool to the database: one batch after another in the order they were written, each until the database has it. While it is
// away batches wait on disk; above the configured size the oldest are thrown away and counted.
import { setTimeout as sleep } from 'node:timers/promises';
import { batchDamage } from '../../collector/spool.ts';
import type { Connection } from '../../store/database.ts';
import { insertBatch } from '../ingest/insert-batch.ts';
import { BATCH_PATIENCE, whileAnswering } from './answering.ts';
import { dropBatch, setAsideAs, type Waiting } from './live-spool.ts';
import type { Log } from './log.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

export interface SenderConfig {
  /** Opens the database with all that batches need in it. */
  open(): Promise<Connection>;
  mostBytes: number;
  /** Work between batches, when none waits and so often. */
  idleWork(db: Connection): Promise<void>;
  idleEveryMs: number;
  log: Log;
  /** A batch is in the database, after so many milliseconds. */
  inserted?(ms: number): void;
}

export interface SenderState {
  batches: number;
  bytes: number;
  frames: number;
  /** When the oldest batch was written, milliseconds since 1970. */
  oldest: number | undefined;
  inserted: number;
  insertedFrames: number;
  damaged: number;
  failures: number;
  /** Why the database does not take batches; undefined when it does. */
  trouble: string | undefined;
}

export class Sender {
  #config: SenderConfig;
  #queue: Waiting[] = [];
  #db: Connection | undefined;
  /** The first of the queue may be in the database in part: it must be sent to its end, never dropped. */
  #touched: Waiting | undefined;
  #stopBy = Number.POSITIVE_INFINITY;
  #wake = () => {};
  #running: Promise<void> | undefined;
  #idleAt: number;
  #done = { inserted: 0, insertedFrames: 0, damaged: 0, failures: 0 };
  #trouble: string | undefined;
  #dropping: Promise<void> = Promise.resolve();

  /** @param leftovers of an earlier process; its first may be in the database in part */
  constructor(config: SenderConfig, leftovers: readonly Waiting[], db: Connection | undefined) {
    this.#config = config;
    this.#queue.push(...leftovers);
    this.#touched = leftovers[0];
    this.#db = db;
    this.#trouble = db ? undefined : 'it has not answered yet';
    this.#idleAt = performance.now() + config.idleEveryMs;
  }

  start(): void {
    this.#running = this.#run();
  }

  add(batch: Waiting): void {
    this.#queue.push(batch);
    this.#dropping = this.#dropping.then(() => this.#dropOldest()).catch((error: Error) => this.#notDropped(error));
    this.#wake();
  }

  /** Sends what waits, for at most so long, and ends; what a database that hangs has not answered by then stays in the spool. */
  async stop(patienceMs: number): Promise<void> {
    await this.#dropping;
    this.#stopBy = performance.now() + patienceMs;
    this.#wake();
    await Promise.race([this.#running, sleep(patienceMs, undefined, { ref: false })]);
  }

  /** The connection, where there is one. */
  get db(): Connection | undefined {
    return this.#db;
  }

  async close(): Promise<void> {
    await this.#db?.close().catch(() => {});
    this.#db = undefined;
  }

  /** Takes batches that wait out of the queue; only when it has ended. */
  take(which: (batch: Waiting) => boolean): Waiting[] {
    const taken = this.#queue.filter(which);
    this.#queue = this.#queue.filter((batch) => !taken.includes(batch));
    return taken;
  }

  /** Frames of a sensor that wait. */
  framesOf(sensor: string): number {
    return this.#queue.reduce((sum, batch) => sum + (batch.sensor === sensor ? batch.frames : 0), 0);
  }

  get state(): SenderState {
    const sum = (value: (batch: Waiting) => number) => this.#queue.reduce((total, batch) => total + value(batch), 0);
    return {
      batches: this.#queue.length,
      bytes: sum(({ bytes }) => bytes),
      frames: sum(({ frames }) => frames),
      oldest: this.#queue[0]?.written,
      ...this.#done,
      trouble: this.#trouble,
    };
  }

  async #run(): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    for (;;) {
      const stopping = this.#stopBy < Number.POSITIVE_INFINITY;
      if (stopping && (this.#queue.length === 0 || performance.now() > this.#stopBy)) return;
      try {
        if (!(await this.#step())) await this.#sleep(Math.max(0, this.#idleAt - performance.now()));
        pause = FIRST_PAUSE_MS;
      } catch (error) {
        this.#done.failures++;
        this.#trouble = (error as Error).message;
        this.#config.log.error(
          'database away',
          { reason: this.#trouble, batches: this.#queue.length },
          'database-away',
        );
        await this.close();
        await this.#sleep(Math.min(pause, Math.max(0, this.#stopBy - performance.now())));
        pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
      }
    }
  }

  /** One batch, or the idle work; false when there was nothing to do. After trouble at least the database is opened again. */
  async #step(): Promise<boolean> {
    const isIdle = performance.now() < this.#idleAt;
    if (this.#queue.length === 0 && isIdle && this.#trouble === undefined) return false;
    this.#db ??= await this.#config.open();
    const batch = this.#queue[0];
    if (batch !== undefined) await this.#send(batch, this.#db);
    else if (!isIdle) {
      await whileAnswering(this.#db, this.#config.idleWork(this.#db));
      this.#idleAt = performance.now() + this.#config.idleEveryMs;
    }
    if (this.#trouble) this.#config.log.info('database back', { batches: this.#queue.length });
    this.#trouble = undefined;
    return true;
  }

  async #send(batch: Waiting, db: Connection): Promise<void> {
    this.#touched = batch; // before anything is awaited: from here on it is not dropped
    const damage = await batchDamage(batch.directory);
    if (damage === undefined) {
      const began = performance.now();
      await whileAnswering(db, insertBatch(db, batch.directory), BATCH_PATIENCE);
      this.#config.inserted?.(performance.now() - began);
      this.#done.inserted++;
      this.#done.insertedFrames += batch.frames;
    } else {
      const { sensor, frames } = batch;
      const place = await setAsideAs('.damaged', batch);
      this.#config.log.error('spool damaged', { sensor, frames, reason: damage, place }, 'spool-damaged');
      this.#done.damaged++;
    }
    this.#queue.shift();
  }

  async #dropOldest(): Promise<void> {
    while (this.state.bytes > this.#config.mostBytes) {
      const oldest = this.#queue.findIndex((batch) => batch !== this.#touched);
      if (oldest < 0) return;
      const [batch] = this.#queue.splice(oldest, 1) as [Waiting];
      await dropBatch(batch);
      const { sensor, frames } = batch;
      this.#config.log.error('spool full', { sensor, droppedFrames: frames }, 'spool-full');
    }
  }

  #notDropped({ message }: Error): void {
    this.#config.log.error('spool full', { reason: `the oldest batch cannot be removed: ${message}` }, 'spool-full');
  }

  async #sleep(ms: number): Promise<void> {
    if (this.#queue.length > 0 && this.#trouble === undefined) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        if (this.#trouble !== undefined && this.#stopBy === Number.POSITIVE_INFINITY) return; // it waits out its pause
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => {};
  }
}
