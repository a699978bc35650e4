// The books of a run: its account as it grows, each file and each unit of a file entered once, however often a run reads them.
import type { UnitAccount } from '../../analyzer/unit.ts';
import type { CaptureFile } from '../../collector/discover.ts';
import { NotACapture } from '../../collector/formats/capture.ts';
import { addUnit, emptyAccount, type RunAccount } from './account.ts';

const SAID = ['damaged', 'refused', 'skipped'] as const;

export class Books {
  readonly account: RunAccount;
  /** The first damaged or refused file ends the run. */
  #strict: boolean;
  #read = new Set<string>();
  /** Units that the account has met, by file: a file that is read again meets them again. */
  #met = new Set<string>();
  /** Files of which something is said. */
  #said = new Set<string>();

  constructor(sensor: string, strict: boolean) {
    this.account = emptyAccount(sensor);
    this.#strict = strict;
  }

  /** A unit was counted by this run. */
  counted(path: string, unit: string, account: UnitAccount): void {
    this.#met.add(`${unit} ${path}`);
    addUnit(this.account, account);
  }

  /** A unit was found counted. */
  met(path: string, unit: string, frames: number): void {
    const key = `${unit} ${path}`;
    if (!this.#met.has(key)) this.account.alreadyFrames += frames;
    this.#met.add(key);
  }

  /** A file is as an earlier run has read it. */
  unchanged(path: string, frames: number, damage: string): void {
    this.forget(path);
    this.account.alreadyFiles++;
    this.account.alreadyFrames += frames;
    if (damage) this.damaged(path, damage);
  }

  /** @param bytes of the file that were read this time */
  read(path: string, bytes: number): void {
    this.account.bytes += bytes;
    if (!this.#read.has(path)) this.account.files++;
    this.#read.add(path);
  }

  damaged(path: string, damage: string, unfinished = false): void {
    this.#say('damaged', path, damage, unfinished);
    this.#stopIfStrict(path);
  }

  /** A file that cannot be read; one that merely lies beside captures is no fault. */
  notRead({ path, named }: CaptureFile, bytes: number, error: Error): void {
    this.account.bytes += bytes;
    if (!named && error instanceof NotACapture && error.unknown) {
      this.#say('skipped', path, error.message);
      return;
    }
    this.#say('refused', path, error.message);
    this.#stopIfStrict(path);
  }

  /** What was said of a file before it is read again. */
  forget(path: string): void {
    if (!this.#said.delete(path)) return;
    for (const list of SAID) this.account[list] = this.account[list].filter((said) => said.path !== path);
  }

  #say(list: (typeof SAID)[number], path: string, damage: string, unfinished = false): void {
    this.#said.add(path);
    this.account[list].push({ path, damage, ...(unfinished ? { unfinished } : {}) });
  }

  #stopIfStrict(path: string): void {
    if (this.#strict) this.account.stoppedAt = path;
  }
}
