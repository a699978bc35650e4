// Which file of a shared archive a process reads next: one that is not in the database and that no other has just now. Each process begins
// at another place, so that they seldom meet.
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CaptureFile } from '../../../collector/discover.ts';
import { liveFiles, type OpenClaim, openFiles } from '../../../store/claims.ts';
import type { Connection } from '../../../store/database.ts';
import type { Claimant } from '../../../store/lease.ts';
import { Ledger, type LedgerFile } from '../../../store/ledger.ts';

/** Files that are looked up at once, and how long that is believed. */
const PORTION = 100;
const FRESH_MS = 2000;
const LONGEST_PAUSE_MS = 1000;
/** What dead holders have begun is looked for so often in a lease. */
const LOOKS_FOR_LEFT = 2;
/** Waiting for longer is said. */
const SAY_AFTER_MS = 5000;

export interface ChoicePlan {
  db: Connection;
  who: Claimant;
  /** Told of each file that is in the database already. */
  already(file: CaptureFile, known: LedgerFile): void;
  say(line: string): void;
}

export class Choice {
  #plan: ChoicePlan;
  #pending: CaptureFile[];
  /** Looked up and found free. */
  #free: CaptureFile[] = [];
  #lookedUp = 0;
  /** Being read by this process. */
  #busy = new Set<string>();
  #lookingUp: Promise<void> | undefined;
  #waitingSince = 0;
  #lookedForLeft = 0;
  #ended = false;

  constructor(plan: ChoicePlan, files: readonly CaptureFile[]) {
    this.#plan = plan;
    const from = Math.floor(Math.random() * files.length);
    this.#pending = [...files.slice(from), ...files.slice(0, from)];
  }

  /** Waits while others have all that is left. @returns undefined when nothing is left */
  async next(): Promise<CaptureFile | undefined> {
    while (!this.#ended) {
      if (performance.now() - this.#lookedUp > FRESH_MS) this.#pending.push(...this.#free.splice(0));
      const file = this.#free.shift();
      if (file) {
        this.#waitingSince = 0;
        this.#busy.add(file.path);
        return file;
      }
      if (this.#pending.length === 0 && this.#busy.size === 0 && !this.#lookingUp) return undefined;
      this.#lookingUp ??= this.#lookUp().finally(() => {
        this.#lookingUp = undefined;
      });
      await this.#lookingUp;
    }
    return undefined;
  }

  /** It is in the database. */
  done({ path }: CaptureFile): void {
    this.#busy.delete(path);
  }

  /** It is to be tried again. */
  later(file: CaptureFile): void {
    this.#busy.delete(file.path);
    this.#pending.push(file);
  }

  /** Nothing more is to be read. */
  end(): void {
    this.#ended = true;
  }

  /** What others began and cannot finish comes first: the database remembers for a while only what of it was inserted. */
  async #leftFirst(): Promise<void> {
    const { db, who } = this.#plan;
    if (performance.now() - this.#lookedForLeft < who.leaseMs / LOOKS_FOR_LEFT) return;
    this.#lookedForLeft = performance.now();
    const left = (await openFiles(db, who.sensor)).filter(({ alive }) => !alive).map(({ path }) => basename(path));
    if (left.length === 0) return;
    const isLeft = new Set(left);
    const [first, others]: [CaptureFile[], CaptureFile[]] = [[], []];
    for (const file of this.#pending) (isLeft.has(basename(file.path)) ? first : others).push(file);
    this.#pending = [...first, ...others];
  }

  async #lookUp(): Promise<void> {
    const { db, who, already } = this.#plan;
    await this.#leftFirst();
    const files = this.#pending.splice(0, PORTION);
    const known = await Ledger.readFiles(
      db,
      who.sensor,
      files.map(({ path }) => path),
    );
    const inLedger = new Map(known.map((row) => [row.path, row]));
    const taken = new Map((await liveFiles(db, who.sensor)).map((claim) => [claim.path, claim]));
    const others: OpenClaim[] = [];
    for (const file of files) {
      const row = inLedger.get(file.path);
      const other = taken.get(file.path);
      if (row?.size === file.size && row.modified === file.modified) already(file, row);
      else if (other) {
        others.push(other);
        this.#pending.push(file);
      } else this.#free.push(file);
    }
    this.#lookedUp = performance.now();
    if (this.#free.length === 0 && this.#pending.length <= others.length) await this.#pause(others);
  }

  /** All that is left is in other hands, or in our own. */
  async #pause(others: readonly OpenClaim[]): Promise<void> {
    const now = performance.now();
    this.#waitingSince ||= now;
    const [first] = others;
    if (first && now - this.#waitingSince > SAY_AFTER_MS) {
      this.#waitingSince = Number.POSITIVE_INFINITY;
      this.#plan.say(
        `waits for ${others.length} files that others have, such as ${first.path} (${first.holder}); whoever is silent for ${this.#plan.who.leaseMs / 1000} s loses them`,
      );
    }
    await sleep(Math.min(LONGEST_PAUSE_MS, this.#plan.who.leaseMs / 8));
  }
}
