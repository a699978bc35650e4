// Takes the units of one file of a shared archive. Soundness, from the outside in:
//
// - a lease on the file's beginning: of all files that begin alike, copies and longer ones, one is read at a time, by one process;
// - a fence: the database refuses an insert of a holder whose lease has run out, however long that was stopped;
// - every unit is a batch of its own, made of nothing but its bytes and the settings that all share. So whoever completes what another
//   had begun sends the same rows under the same tokens, and what is in a table already is not taken twice.
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Conveyor, Counted, Round } from '../../../analyzer/conveyor.ts';
import type { CaptureFile } from '../../../collector/discover.ts';
import { type SpoolBlock, writeBatch } from '../../../collector/spool.ts';
import { claimWork } from '../../../store/claims.ts';
import type { Connection } from '../../../store/database.ts';
import type { Claimant, Lease } from '../../../store/lease.ts';
import { type FrameCounts, Ledger, type LedgerFile, type LedgerUnit } from '../../../store/ledger.ts';
import { ledgerBlocks, spoolBlocks } from '../batcher.ts';
import type { Books } from '../books.ts';
import type { Taker } from '../file-reader.ts';
import { insertBatch } from '../insert-batch.ts';
import type { Cut } from '../reading.ts';
import { accountOf, unitGoingOn } from '../shorter-copy.ts';
import { type CountingConfig, ledgerRow } from '../unit-taker.ts';

/** Another has the file. */
export class Elsewhere extends Error {}

/** Another has read the file to its end. */
export class AlreadyIn extends Error {
  readonly file: LedgerFile;

  constructor(file: LedgerFile) {
    super('already in');
    this.file = file;
  }
}

/** What the takers of a process have in common. */
export interface Sharing extends CountingConfig {
  db: Connection;
  who: Claimant;
  books: Books;
  /** A directory of this process alone. */
  spool: string;
  /** Units on their way, by identity: a process meets one once, in whichever files it lies. */
  onTheWay: Map<string, Promise<FrameCounts>>;
}

export class SharedTaker implements Taker {
  #sharing: Sharing;
  #conveyor: Conveyor;
  #file: CaptureFile;
  #begun: Promise<Ledger> | undefined;
  #lease: Lease | undefined;
  /** A unit is counted in a round of its own, one after another. */
  #counting: Promise<unknown> = Promise.resolve();
  #taking = new Set<Promise<unknown>>();

  /** @param conveyor of one worker, which nobody else uses until this file is done */
  constructor(sharing: Sharing, conveyor: Conveyor, file: CaptureFile) {
    this.#sharing = sharing;
    this.#conveyor = conveyor;
    this.#file = file;
  }

  /** Claims the file when its beginning is known. @throws Elsewhere, AlreadyIn */
  async known(opening: string): Promise<readonly LedgerUnit[]> {
    this.#begun ??= this.#begin(opening);
    return (await this.#begun).units.get(opening) ?? [];
  }

  async take(path: string, cut: Cut, count: () => Promise<Counted>): Promise<FrameCounts> {
    const { onTheWay, books } = this.#sharing;
    const before = onTheWay.get(cut.unit);
    if (before) {
      const frames = await before;
      books.met(path, cut.unit, frames.frames);
      return frames;
    }
    const taking = this.#takeFirst(path, cut, count);
    onTheWay.set(cut.unit, taking);
    this.#taking.add(taking);
    return await taking.finally(() => onTheWay.delete(cut.unit));
  }

  async takeFile(file: LedgerFile): Promise<void> {
    await this.#insert(
      `${file.path} ${file.size} ${file.modified}`,
      spoolBlocks(this.#sensor, ledgerBlocks([], [file])),
    );
    await this.#lease?.finish();
  }

  /** Lets go of the file; what was inserted of one that was not taken to its end is for whoever claims it next. */
  async leave(): Promise<void> {
    await Promise.allSettled(this.#taking);
    await this.#lease?.abandon();
  }

  get #sensor(): string {
    return this.#sharing.who.sensor;
  }

  async #begin(opening: string): Promise<Ledger> {
    const { db, who } = this.#sharing;
    this.#lease = await claimWork(db, who, opening, this.#file);
    if (this.#lease === undefined) throw new Elsewhere();
    const done = await fileInLedger(db, who.sensor, this.#file);
    if (done) {
      await this.#lease.finish();
      throw new AlreadyIn(done);
    }
    return await Ledger.readOpening(db, who.sensor, opening);
  }

  async #takeFirst(path: string, cut: Cut, count: () => Promise<Counted>): Promise<FrameCounts> {
    const { db, books, analyzer, countedWith } = this.#sharing;
    const alike = await Ledger.readUnit(db, this.#sensor, cut.unit);
    if (alike) {
      books.met(path, cut.unit, alike.frames);
      return alike;
    }
    if (await unitGoingOn((await this.#begun) as Ledger, path, cut)) {
      const account = accountOf(cut, analyzer);
      books.met(path, cut.unit, account.frames);
      return account;
    }
    const { account, round } = await this.#countAlone(count);
    const row = ledgerRow(path, cut, account, countedWith);
    await this.#insert(cut.unit, spoolBlocks(this.#sensor, [...round.blocks, ...ledgerBlocks([row], [])]));
    round.release();
    books.counted(path, cut.unit, account);
    return row;
  }

  async #countAlone(count: () => Promise<Counted>): Promise<{ account: Counted['account']; round: Round }> {
    const counted = this.#counting.then(async () => {
      const { account } = await count();
      return { account, round: await this.#conveyor.collect() };
    });
    this.#counting = counted.catch(() => {});
    return await counted;
  }

  /** @param what names it the same for everybody */
  async #insert(what: string, blocks: readonly SpoolBlock[]): Promise<void> {
    const { db, spool } = this.#sharing;
    const name = createHash('sha256').update(`share\n${this.#sensor}\n${what}`).digest('hex').slice(0, 32);
    const batch = await writeBatch(spool, [], blocks, name, false);
    const lease = this.#lease;
    try {
      if (lease) await lease.guarded(() => insertBatch(db, batch, { fence: lease.fence }));
      else await insertBatch(db, batch); // a file without a packet
    } finally {
      await rm(batch, { recursive: true, force: true }); // what failed is made again
    }
  }
}

/** The file, where it was read to its end as it is now. */
async function fileInLedger(db: Connection, sensor: string, file: CaptureFile): Promise<LedgerFile | undefined> {
  const [known] = await Ledger.readFiles(db, sensor, [file.path]);
  return known?.size === file.size && known.modified === file.modified ? known : undefined;
}
