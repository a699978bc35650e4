// A sensor's counted units on their way to the spool: gathered for a flush interval, then written as one batch. What the disk does not
// take stays in memory and is tried again with the next flush; when that is too much, units wait, and the ring says what it lost.
import type { Conveyor } from '../../analyzer/conveyor.ts';
import { type SpoolBlock, writeBatch } from '../../collector/spool.ts';
import type { LedgerRow } from '../../store/ledger.ts';
import type { Block } from '../../store/native.ts';
import { ledgerBlocks, spoolBlocks } from '../ingest/batcher.ts';
import { batchName, describe, figuresOfMark, forgetMarks, lossMarks, type Waiting } from './live-spool.ts';
import type { Log } from './log.ts';
import type { Tally } from './tally.ts';

/** A round of counting ends before the flush when it has so many frames. */
const MOST_FRAMES = 2_000_000;
/** Bytes that wait in memory for the disk, at most. */
const MOST_HELD_BYTES = 256_000_000;

/** The source under which captureMinutes has what the spool lost. */
const SPOOL_SOURCE = 'spool';

export interface BatchesConfig {
  sensor: string;
  run: string;
  /** The sensor's directory of the spool. */
  directory: string;
  conveyor: Conveyor;
  tally: Tally;
  log: Log;
  /** The next number of a batch: one row for all sensors of the process. */
  sequence(): number;
  written(batch: Waiting): void;
}

interface Held {
  name: string;
  units: string[];
  frames: number;
  blocks: SpoolBlock[];
  bytes: number;
  /** Marks whose loss it tells of. */
  marks: string[];
}

export class Batches {
  #config: BatchesConfig;
  /** Counted units by the round that has their counts. */
  #rounds = new Map<number, LedgerRow[]>();
  #framesOfRound = 0;
  #held: Held[] = [];
  #writing: Promise<void> = Promise.resolve();
  #room: (() => void)[] = [];
  /** Marks that a batch not yet written tells of. */
  #told = new Set<string>();
  /** Why the last batch could not be written; undefined when it was. */
  trouble: string | undefined;
  /** On the wire, of all frames in batches. */
  wireBytes = 0;

  constructor(config: BatchesConfig) {
    this.#config = config;
  }

  /** Takes a counted unit; waits while too much waits for the disk. */
  async add(row: LedgerRow, round: number): Promise<void> {
    this.#rounds.set(round, [...(this.#rounds.get(round) ?? []), row]);
    this.#framesOfRound += row.frames;
    if (this.#framesOfRound >= MOST_FRAMES) this.#close([]);
    while (this.heldBytes > MOST_HELD_BYTES) await new Promise<void>((resolve) => this.#room.push(resolve));
  }

  /** Writes what was counted, with what the tally has to say, and settles when it is on disk or was tried. */
  async flush(time: number, always = false): Promise<void> {
    const { tally, directory } = this.#config;
    const marks = (await lossMarks(directory)).filter((mark) => !this.#told.has(mark));
    for (const { frames, losses } of marks.map(figuresOfMark)) {
      tally.add(SPOOL_SOURCE, time, { spoolDropped: frames });
      tally.tellAgain(SPOOL_SOURCE, time, losses);
    }
    if (this.#rounds.size > 0 || marks.length > 0 || tally.isDue(time) || always) this.#close(marks);
    else this.#writing = this.#writing.then(() => this.#writeHeld());
    await this.#writing;
  }

  get heldBytes(): number {
    return this.#held.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Frames that are counted and not on disk: they are lost if the disk never takes them. */
  get unwrittenFrames(): number {
    const rows = [...this.#rounds.values()].flat();
    return [...rows, ...this.#held].reduce((sum, { frames }) => sum + frames, 0);
  }

  /** Ends the round and makes a batch of it; batches are written in the order of their rounds. */
  #close(marks: string[]): void {
    for (const mark of marks) this.#told.add(mark);
    this.#framesOfRound = 0;
    const collected = this.#config.conveyor.collect();
    const told = this.#config.tally.take();
    this.#writing = this.#writing.then(async () => {
      const { round, blocks } = await collected;
      this.#hold(this.#rounds.get(round) ?? [], [...blocks, ...told.blocks], told.losses, marks);
      this.#rounds.delete(round);
      await this.#writeHeld();
    });
    this.#writing.catch(() => {}); // whoever counts is told why it failed
  }

  #hold(rows: readonly LedgerRow[], blocks: readonly Block[], losses: number, marks: string[]): void {
    const { sensor, run, sequence } = this.#config;
    const spooled = spoolBlocks(sensor, [...blocks, ...ledgerBlocks(rows, [])]);
    if (spooled.length === 0) return;
    this.wireBytes += bytesOf(blocks);
    const frames = rows.reduce((sum, unit) => sum + unit.frames, 0);
    const bytes = spooled.flatMap(({ pieces }) => pieces).reduce((sum, { byteLength }) => sum + byteLength, 0);
    const units = rows.map(({ unit }) => unit);
    this.#held.push({ name: batchName(run, sequence(), frames, losses), units, frames, blocks: spooled, bytes, marks });
  }

  async #writeHeld(): Promise<void> {
    const { directory, sensor, log, written } = this.#config;
    for (let next = this.#held[0]; next !== undefined; next = this.#held[0]) {
      try {
        const batch = await writeBatch(directory, next.units, next.blocks, next.name);
        written(await describe(sensor, batch));
        await forgetMarks(next.marks);
      } catch (error) {
        this.trouble = (error as Error).message;
        log.error('spool not written', { sensor, reason: this.trouble, frames: this.unwrittenFrames }, 'disk-full');
        return;
      }
      for (const mark of next.marks) this.#told.delete(mark);
      this.#held.shift();
      this.trouble = undefined;
      for (const settle of this.#room.splice(0)) settle();
    }
  }
}

/** Bytes on the wire of all frames: the account by fate has them. */
function bytesOf(blocks: readonly Block[]): number {
  let sum = 0;
  for (const { table, columns } of blocks) {
    if (table !== 'fateHours') continue;
    const words = columns.bytes as Uint32Array;
    for (let i = 0; i < words.length; i += 2) sum += (words[i] ?? 0) + (words[i + 1] ?? 0) * 2 ** 32;
  }
  return sum;
}
