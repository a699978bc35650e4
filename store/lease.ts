// A claim's row in the database, renewed while its holder lives. The database decides by its own clock whether it still holds.
import { randomUUID } from 'node:crypto';
import { ClickHouseError } from '@clickhouse/client';
import type { Connection } from './database.ts';
import { quoted } from './sql.ts';

export interface Claimant {
  sensor: string;
  /** Machine and process, for messages. */
  holder: string;
  /** What units are counted with: the same for all who share. */
  settings: string;
  /** A holder that is silent for so long is taken for dead. */
  leaseMs: number;
}

/** The file that a work is; days are none. */
export interface ClaimedFile {
  path: string;
  size: number;
}

/** The lease ended before its holder did: others may have taken the work. */
export class LeaseLost extends Error {
  override name = 'LeaseLost';
}

/** A lease is renewed so often in its time, and nothing is begun in its last part. */
const PARTS = 4;
const LAST_BEAT = 1_000_000_000;
const THROWN = '395'; // FUNCTION_THROW_IF_VALUE_IS_NON_ZERO

export class Lease {
  readonly claim = randomUUID();
  readonly work: string;
  readonly file: ClaimedFile;
  #db: Connection;
  #who: Claimant;
  #renewing: NodeJS.Timeout | undefined;
  /** Renewals under way. */
  #renewals = new Set<Promise<void>>();
  #lost = false;

  private constructor(db: Connection, who: Claimant, work: string, file: ClaimedFile) {
    this.#db = db;
    this.#who = who;
    this.work = work;
    this.file = file;
  }

  /** Inserts the claim. Whether it holds is seen when the others have been read. */
  static async begin(db: Connection, who: Claimant, work: string, file: ClaimedFile): Promise<Lease> {
    const lease = new Lease(db, who, work, file);
    await db.command(
      `INSERT INTO claims (sensor, work, claim, beat, holder, path, size, settings, made, expires, finished)
       SELECT {sensor:String}, {work:String}, {claim:String}, 0, {holder:String}, {path:String}, {size:UInt64}, {settings:String},
         now64(3), now64(3) + toIntervalMillisecond({leaseMs:UInt32}), 0`,
      { ...who, ...file, work, claim: lease.claim },
    );
    lease.#renewing = setInterval(() => lease.#renewBeside(), who.leaseMs / PARTS).unref();
    return lease;
  }

  /** For an insert: the database refuses it once the lease has run out, whatever its holder believes. */
  get fence(): string {
    const { sensor } = this.#who;
    const own = `sensor = ${quoted(sensor)} AND work = ${quoted(this.work)} AND claim = ${quoted(this.claim)}`;
    return this.#inTime(`(SELECT max(expires) FROM claims WHERE ${own})`);
  }

  /** @throws LeaseLost */
  async renew(): Promise<void> {
    if (this.#lost) throw this.#gone();
    const expires = 'now64(3) + toIntervalMillisecond({leaseMs:UInt32})';
    const having = `max(finished) = 0 AND ${this.#inTime('max(expires)')}`;
    await this.guarded(() => this.#next('AND claim = {claim:String}', having, { expires, finished: 0 }));
  }

  /** Any failure but a loss meets the work itself. */
  #renewBeside(): void {
    if (this.#renewals.size >= PARTS) return;
    const renewal = this.renew().catch((error: Error) => {
      if (error instanceof LeaseLost) clearInterval(this.#renewing);
    });
    this.#renewals.add(renewal);
    renewal.finally(() => this.#renewals.delete(renewal));
  }

  /** Does something that the fence may forbid. @throws LeaseLost */
  async guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const { cause } = error as Error;
      if (!(cause instanceof ClickHouseError && cause.code === THROWN)) throw error;
      this.#lost = true;
      throw this.#gone();
    }
  }

  /** The work is done, also what holders that are gone had begun of the same file. */
  async finish(): Promise<void> {
    await this.abandon();
    const sameFile = 'max(expires) < now64(3) AND (any(path) = {path:String} OR any(size) = {size:UInt64})';
    const having = `max(finished) = 0 AND (claim = {claim:String} OR ${sameFile})`;
    await this.#next('', having, { expires: 'max(expires)', finished: 1 });
  }

  /** Nothing was begun. */
  async withdraw(): Promise<void> {
    await this.abandon();
    await this.#next('AND claim = {claim:String}', '1', { expires: 'max(expires)', finished: 1 });
  }

  /** Leaves it to run out: what was begun is for others to complete. */
  async abandon(): Promise<void> {
    clearInterval(this.#renewing);
    await Promise.all(this.#renewals);
  }

  /** The next row of claims of this work; what is finished stays so, whatever row of it is merged with that one. */
  async #next(
    which: string,
    having: string,
    { expires, finished }: { expires: string; finished: 0 | 1 },
  ): Promise<void> {
    const { sensor, leaseMs } = this.#who;
    const beat = finished ? LAST_BEAT : 'max(beat) + 1';
    await this.#db.command(
      `INSERT INTO claims (sensor, work, claim, beat, holder, path, size, settings, made, expires, finished)
       SELECT sensor, work, claim, ${beat}, any(holder), any(path), any(size), any(settings), min(made), ${expires}, ${finished}
       FROM claims WHERE sensor = {sensor:String} AND work = {work:String} ${which}
       GROUP BY sensor, work, claim HAVING ${having}`,
      { sensor, leaseMs, work: this.work, claim: this.claim, ...this.file },
    );
  }

  #inTime(expires: string): string {
    const margin = Math.round(this.#who.leaseMs / PARTS);
    return `throwIf(${expires} < now64(3) + toIntervalMillisecond(${margin}), 'the lease has run out') = 0`;
  }

  #gone(): LeaseLost {
    return new LeaseLost(`the lease of ${this.#who.leaseMs / 1000} s ran out`);
  }
}
