// `ingest --share`: one of many processes, on one machine or several, that ingest the same archive. Each has lanes, one a worker thread; a
// lane claims a file, reads it to its end, and claims the next. The run ends when every file is in, whoever read it.
import { type Conveyor, startConveyor } from '../../../analyzer/conveyor.ts';
import type { CaptureFile } from '../../../collector/discover.ts';
import type { Progress } from '../../../collector/progress.ts';
import { SLOT_BYTES } from '../../../collector/units.ts';
import { claimDays, openFiles } from '../../../store/claims.ts';
import type { Connection } from '../../../store/database.ts';
import { finaliseSensor } from '../../../store/finalise/finalise.ts';
import { type Claimant, LeaseLost } from '../../../store/lease.ts';
import type { LedgerFile } from '../../../store/ledger.ts';
import { lateDays } from '../../../store/questions/dropped.ts';
import type { RunAccount } from '../account.ts';
import { isBalanced, isStoreBalanced } from '../balance.ts';
import { Books } from '../books.ts';
import { FileReader } from '../file-reader.ts';
import type { IngestConfig } from '../run.ts';
import { Choice } from './choice.ts';
import { LanesProgress } from './progress.ts';
import { AlreadyIn, Elsewhere, SharedTaker, type Sharing } from './taker.ts';

export interface SharedConfig extends IngestConfig {
  who: Claimant;
}

/** Others may have inserted while it was compared, and have ended before one looked for them. */
const LOOKS = 3;

export class SharedIngest {
  readonly account: RunAccount;
  #db: Connection;
  #config: SharedConfig;
  #books: Books;
  #sharing: Sharing;

  constructor(db: Connection, config: SharedConfig) {
    this.#db = db;
    this.#config = config;
    this.#books = new Books(config.sensor.sensor, config.strict);
    this.account = this.#books.account;
    this.#sharing = { ...config, db, books: this.#books, onTheWay: new Map() };
  }

  /**
   * Ingests these files together with others. When it returns, all of them are in the database.
   * @throws Error where nothing more can be done: the database or the disk failing
   */
  async pass(files: readonly CaptureFile[]): Promise<void> {
    const { workers } = this.#config;
    const { account } = this;
    const started = performance.now();
    const progress = new LanesProgress(this.#config.progress(files.reduce((sum, { size }) => sum + size, 0)));
    const choice = this.#choice(files, progress);
    try {
      const lanes = Array.from({ length: workers }, (_, lane) => this.#lane(choice, progress.lane(lane), progress));
      for (const lane of lanes) lane.catch(() => choice.end());
      const ends = await Promise.allSettled(lanes);
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    } finally {
      progress.stop();
    }
    account.seconds = (performance.now() - started) / 1000;
    account.packetsPerSecond = account.frames / account.seconds;
  }

  /** Makes the days that the packets changed, one process at a time; the others then find them made. */
  async finalise(): Promise<void> {
    const lease = await claimDays(this.#db, this.#config.who);
    try {
      this.account.days += await finaliseSensor(this.#db, this.#config.sensor);
      await lease.finish();
    } finally {
      await lease.abandon();
    }
  }

  /** What is stored can be compared only when no others insert. */
  async checkBalance(): Promise<void> {
    const { account } = this;
    account.balanced = isBalanced(account);
    if (account.counted > 0) account.late = await lateDays(this.#db, this.#config.sensor);
    for (let look = 0; look < LOOKS && account.balanced; look++) {
      const before = await openFiles(this.#db, account.sensor);
      if (await isStoreBalanced(this.#db, account.sensor)) return;
      const open = [...before, ...(await openFiles(this.#db, account.sensor))];
      const holders = new Set(open.filter(({ alive }) => alive).map(({ holder }) => holder));
      account.atWork = holders.size;
      account.unfinished = [...new Set(open.filter(({ alive }) => !alive).map(({ path }) => path))];
      if (holders.size > 0) return;
    }
    account.balanced = false;
  }

  #choice(files: readonly CaptureFile[], progress: LanesProgress): Choice {
    const already = (file: CaptureFile, { frames, damage }: LedgerFile) => {
      this.#books.unchanged(file.path, frames, damage);
      progress.done(file.size);
    };
    return new Choice({ db: this.#db, who: this.#config.who, already, say }, files);
  }

  async #lane(choice: Choice, progress: Progress, files: LanesProgress): Promise<void> {
    const conveyor = startConveyor([this.#config.analyzer], 1, SLOT_BYTES);
    try {
      for (let file = await choice.next(); file; file = await choice.next()) {
        const isIn = await this.#isIn(file, conveyor, progress);
        progress.stop();
        if (isIn) {
          files.done(file.size);
          choice.done(file);
        } else choice.later(file);
        if (this.account.stoppedAt) choice.end();
      }
    } finally {
      await conveyor.stop();
    }
  }

  /** Reads a file unless another has it; true when it is in the database. */
  async #isIn(file: CaptureFile, conveyor: Conveyor, progress: Progress): Promise<boolean> {
    const taker = new SharedTaker(this.#sharing, conveyor, file);
    try {
      const { done } = await new FileReader(conveyor, taker, this.#books).read(file, progress, 0);
      await done;
      return true;
    } catch (error) {
      if (error instanceof AlreadyIn) {
        this.#books.unchanged(file.path, error.file.frames, error.file.damage);
        return true;
      }
      if (error instanceof Elsewhere) return false;
      if (!(error instanceof LeaseLost)) throw error;
      say(`${file.path}: ${error.message}, others may have taken it; what is missing of it is read again`);
      return false;
    } finally {
      await taker.leave();
    }
  }
}

function say(line: string): void {
  process.stderr.write(`umbrascope: ${line}\n`);
}
