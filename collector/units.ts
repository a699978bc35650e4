// Cuts a capture into units of work, always at the same places: a record belongs to the unit in whose stretch of UNIT_BYTES of the
// decompressed stream it begins. What the database already holds of a file is recognised by its content and stepped over.
import { createHash } from 'node:crypto';
import type { CutEnd, CutPlan, CutPosition, CutUnit, KnownUnit, UnitBuffer } from './cut.ts';
import {
  type CaptureContext,
  keptContext,
  NotACapture,
  OPENING_BYTES,
  openCapture,
  readRecords,
  walkRecords,
} from './formats/capture.ts';
import { createFrameColumns } from './formats/frames.ts';
import { MAX_BLOCK } from './formats/pcapng.ts';
import { type ByteSource, SMALL_BYTES } from './source.ts';

/**
 * Part of a unit's identity: another value here would cut files, of which a part is already counted, at other places.
 * 8 MiB keep a unit's flow table near the size of the L2 cache: the replay of 20 million packets took 9.4 and 10.5 s, where
 * 4 MiB took 10.7 and 10.6 and 32 MiB 12.1, in turn on the same machine.
 */
export const UNIT_BYTES = 1 << 23;
/** Room for a unit, for its last record, and for some of what follows. */
export const SLOT_BYTES = UNIT_BYTES + MAX_BLOCK + (1 << 16);
/** Room for the whole of a source that gives so little at most, and the byte in whose place its end is noticed. */
export const SMALL_SLOT_BYTES = SMALL_BYTES + 1;
/** Read beyond the unit's end, so that its last record mostly is whole at once; the rest is carried to the next slot. */
const READ_AHEAD = 4096;
/** Where no slot is. */
const NO_BYTES = new Uint8Array();
const NO_VIEW = new DataView(NO_BYTES.buffer);
/** Of each file's first packet, of which only the end matters. */
const FIRST_FRAME = createFrameColumns(1);

/**
 * Yields the file's units in order and returns how it ended.
 * @throws NotACapture when the stream is no capture we read
 */
export async function* cutUnits<Buffer extends UnitBuffer, Known extends KnownUnit>(
  source: ByteSource,
  plan: CutPlan<Buffer, Known>,
): AsyncGenerator<CutUnit<Buffer, Known>, CutEnd<Known>> {
  const cutter = new Cutter(source, plan);
  try {
    await cutter.open();
    for (;;) {
      const unit = await cutter.next();
      if (unit === undefined) return cutter.end();
      yield unit;
    }
  } finally {
    cutter.close();
  }
}

class Cutter<Buffer extends UnitBuffer, Known extends KnownUnit> {
  #damage: string | undefined;
  #unfinished = false;
  #position: CutPosition | undefined;
  #already: Known[] = [];
  #source: ByteSource;
  #plan: CutPlan<Buffer, Known>;
  #slot: Buffer | undefined;
  #bytes: Uint8Array = NO_BYTES;
  #view: DataView = NO_VIEW;
  #context: CaptureContext = { container: 'erf' };
  /** Offset in the stream of the slot's first byte. */
  #base = 0;
  /** Where the next unit begins, and where the bytes read end, in the slot. */
  #from = 0;
  #filled = 0;
  #ended = false;
  #opening: string | undefined;

  constructor(source: ByteSource, plan: CutPlan<Buffer, Known>) {
    this.#source = source;
    this.#plan = plan;
  }

  async open(): Promise<void> {
    await this.#takeSlot();
    const { from } = this.#plan;
    if (from) {
      this.#base = from.at;
      this.#context = keptContext(from.context);
      this.#opening = from.opening;
      return;
    }
    await this.#fill(this.#source.most ?? OPENING_BYTES);
    if (this.#filled === 0) {
      const fault = this.#source.damage();
      throw new NotACapture(fault?.what ?? 'it is empty', fault === undefined);
    }
    const { context, at } = openCapture(this.#view, 0, this.#filled);
    this.#context = context;
    this.#from = at;
  }

  async next(): Promise<CutUnit<Buffer, Known> | undefined> {
    for (;;) {
      const start = this.#base + this.#from;
      const context = keptContext(this.#context);
      const to = await this.#walk((Math.floor(start / UNIT_BYTES) + 1) * UNIT_BYTES - this.#base);
      if (to === this.#from) return undefined;
      this.#opening ??= this.#openingOf(context, to);
      this.#position = { at: start, context, opening: this.#opening };
      const identity = this.#plan.identify(this.#bytes.subarray(this.#from, to), context);
      const known = await this.#knownFrom(start, context, to, identity);
      if (known !== undefined && !this.#plan.again) {
        this.#already.push(known);
        this.#stepOver(known.end - known.start);
        continue;
      }
      const end = known?.end ?? this.#base + to;
      const unit = known?.unit ?? identity;
      const cut = { from: this.#from, to: end - this.#base, context, unit, start, end, opening: this.#opening, known };
      return { slot: await this.#handOver(cut.to), ...cut };
    }
  }

  end(): CutEnd<Known> {
    return {
      damage: this.#damage,
      unfinished: this.#unfinished,
      position: this.#position,
      already: this.#already,
    };
  }

  close(): void {
    if (this.#slot) this.#plan.release(this.#slot);
    this.#slot = undefined;
  }

  /** Walks whole records that begin before `until`, reading on as needed; returns the offset behind the last. */
  async #walk(until: number): Promise<number> {
    let at = this.#from;
    while (this.#damage === undefined) {
      const reach = walkRecords(this.#view, at, until, this.#filled, this.#context);
      at = reach.at;
      this.#damage = reach.damage && `${reach.damage}, at byte ${this.#base + at}`;
      if (reach.needs === 0) break;
      const had = this.#filled;
      await this.#fill(Math.max(at + reach.needs, until + READ_AHEAD));
      if (this.#filled < at + reach.needs && this.#ended) {
        this.#damage = this.#endsEarly(at);
        break;
      }
      if (this.#filled === had && this.#ended) break;
    }
    return at;
  }

  /** What is wrong with a stream that ended where a record at `at` was expected. */
  #endsEarly(at: number): string | undefined {
    const fault = this.#source.damage();
    this.#unfinished = fault ? fault.unfinished : this.#filled > at;
    if (fault) return `${fault.what}, after byte ${this.#base + this.#filled} of the decompressed stream`;
    return this.#filled > at ? `cut short in the middle of a record, at byte ${this.#base + at}` : undefined;
  }

  /** A known unit that begins here and whose bytes are the same; the context is then moved to its end. */
  async #knownFrom(start: number, context: CaptureContext, to: number, identity: string): Promise<Known | undefined> {
    const all = await this.#plan.known(this.#opening ?? '');
    if (all.length === 0) return undefined;
    const candidates = all
      .filter((known) => known.start === start && known.end <= this.#base + to)
      .sort((a, b) => b.end - a.end);
    for (const known of candidates) {
      const end = known.end - this.#base;
      const its = end === to ? identity : this.#plan.identify(this.#bytes.subarray(this.#from, end), context);
      if (its !== known.unit) continue;
      this.#context = keptContext(context);
      walkRecords(this.#view, this.#from, end, end, this.#context);
      this.#damage = undefined; // what lies behind is walked again
      this.#unfinished = false;
      return known;
    }
    return undefined;
  }

  /** Moves what lies behind a known unit to the slot's beginning: the next unit needs the room. */
  #stepOver(bytes: number): void {
    const rest = this.#from + bytes;
    this.#bytes.copyWithin(0, rest, this.#filled);
    this.#base += rest;
    this.#filled -= rest;
    this.#from = 0;
  }

  /** Gives the slot away and carries what lies behind `to` into the next one. */
  async #handOver(to: number): Promise<Buffer> {
    const slot = this.#slot as Buffer;
    const rest = this.#bytes.slice(to, this.#filled);
    this.#slot = undefined;
    this.#base += to;
    this.#from = 0;
    this.#filled = rest.length;
    if (rest.length > 0 || !this.#ended) {
      await this.#takeSlot();
      this.#bytes.set(rest);
    } else {
      this.#view = NO_VIEW;
    }
    return slot;
  }

  async #takeSlot(): Promise<void> {
    this.#slot = await this.#plan.acquire();
    this.#bytes = new Uint8Array(this.#slot.buffer);
    this.#view = new DataView(this.#slot.buffer);
  }

  /** Reads until `least` bytes are in the slot or the stream ends. */
  async #fill(least: number): Promise<void> {
    const target = Math.min(least, this.#bytes.length);
    while (this.#filled < target && !this.#ended) {
      const count = await this.#source.read(this.#bytes, this.#filled, target - this.#filled);
      this.#filled += count;
      if (count === 0) this.#ended = true;
    }
  }

  /** SHA-256 of the stream up to and with its first packet: what a growing or cut file keeps. */
  #openingOf(context: CaptureContext, to: number): string {
    const end = readRecords(this.#view, this.#from, to, keptContext(context), FIRST_FRAME);
    return createHash('sha256').update(this.#bytes.subarray(0, end)).digest('hex');
  }
}
