// One record of 16 bytes a counted packet: what its flow's key is made of, and what the packet adds to the flow. Records are kept in the
// order of the packets and sorted when the run is collected (`sort-records.ts`): sorting costs less than a hash table that is larger
// than the cache, and the database takes sorted rows in half the time.
import { BATCH_ROWS, type FrameColumns } from '../../collector/formats/frames.ts';
import { BACKSCATTER } from '../classify/kinds.ts';
import { ZMAP, ZMAP_UNTIL } from '../classify/tools.ts';
import type { PacketColumns } from '../decode/packets.ts';
import { COUNTED } from '../fates.ts';
import { FlowClasses } from './flow-classes.ts';
import type { MinuteSpans } from './spans.ts';

/** Words of a record. The odd ones never have all of their bits 20 to 30 set: two words of a record are then never a NaN. */
export const RECORD = 4;
/** Class << 16, dstPort. */
export const CLASS_PORT = 0;
/** IPV6 or 0, marks << 16, srcPort with backscatter (0 with every other kind: it is noise there). */
export const MARKS_PORT = 1;
/** The address, or an IPv6 address's number. */
export const SRC_ADDR = 2;
/** EXTENDS or 0, second in the hour (below 3600) << 19, bytes on the wire. */
export const SECOND_BYTES = 3;

export const IPV6 = 1 << 24;
/** The record is no packet: its bytes, times 2^19, belong to the packet before it. */
export const EXTENDS = 1 << 31;
export const BYTES_BITS = 19;
export const BYTES_MASK = (1 << BYTES_BITS) - 1;
export const SECOND_MASK = 0xfff;

/** Records kept at most: 40 MB, and as much again to sort them. A round of one worker, with the units that were on their way at its end, fits. */
export const MOST_RECORDS = 2_500_000;
const FIRST_RECORDS = 1 << 16;

export class FlowRecords {
  size = 0;
  words: Uint32Array = new Uint32Array(FIRST_RECORDS * RECORD);
  classes: FlowClasses = new FlowClasses();
  /** Classes of a batch's rows. */
  #numbers: Uint16Array = new Uint16Array(BATCH_ROWS);

  /** True when the next batch may not fit: then the records must be taken out first. */
  get full(): boolean {
    return this.size + 2 * BATCH_ROWS > MOST_RECORDS || this.classes.nearlyFull;
  }

  /** Adds the counted rows of a batch. */
  add(frames: FrameColumns, packets: PacketColumns, spans: MinuteSpans): void {
    this.#reserve(this.size + 2 * frames.rows);
    for (let span = 0; span < spans.size; span++) {
      const from = spans.starts[span];
      const to = spans.starts[span + 1];
      const second = spans.minutes[span] * 60;
      this.classes.enter(Math.floor(second / 3600));
      this.#classify(packets, from, to);
      const longest = this.#append(frames, packets, from, to, second >= ZMAP_UNTIL ? ~ZMAP : ~0);
      if (longest > BYTES_MASK) this.#extend(frames, packets, from, to);
    }
  }

  /** Finds the class of every counted row of the current hour. */
  #classify({ fate, kind, proto }: PacketColumns, from: number, to: number): void {
    const { ofHour, counts } = this.classes;
    const numbers = this.#numbers;
    for (let row = from; row < to; row++) {
      if (fate[row] !== COUNTED) continue;
      const what = (kind[row] << 8) | proto[row];
      let number = ofHour[what];
      if (number < 0) number = this.classes.add(what);
      numbers[row] = number;
      counts[number]++;
    }
  }

  /** Appends a record for every counted row of the current hour; returns bits of the lengths, all together. */
  #append(frames: FrameColumns, packets: PacketColumns, from: number, to: number, validMarks: number): number {
    const { seconds, wireLength } = frames;
    const { fate, version, kind, toolMarks, srcAddr, srcPort, dstPort } = packets;
    const { words } = this;
    const numbers = this.#numbers;
    const hourStart = this.classes.hour * 3600;
    let at = this.size * RECORD;
    let lengths = 0;
    for (let row = from; row < to; row++) {
      if (fate[row] !== COUNTED) continue;
      const length = wireLength[row];
      const port = kind[row] === BACKSCATTER ? srcPort[row] : 0;
      const ipv6 = version[row] === 6 ? IPV6 : 0;
      words[at + CLASS_PORT] = (numbers[row] << 16) | dstPort[row];
      words[at + MARKS_PORT] = ipv6 | ((toolMarks[row] & validMarks) << 16) | port;
      words[at + SRC_ADDR] = srcAddr[row];
      words[at + SECOND_BYTES] = ((seconds[row] - hourStart) << BYTES_BITS) | (length & BYTES_MASK);
      lengths |= length;
      at += RECORD;
    }
    this.size = at / RECORD;
    return lengths >>> 0;
  }

  /** Appends what is missing of lengths that a record does not hold, with records that are no packets. */
  #extend({ wireLength }: FrameColumns, { fate }: PacketColumns, from: number, to: number): void {
    const { words } = this;
    const { counts } = this.classes;
    const end = this.size * RECORD;
    let at = end;
    let record = end;
    for (let row = to - 1; row >= from; row--) {
      if (fate[row] !== COUNTED) continue;
      record -= RECORD;
      const upper = wireLength[row] >>> BYTES_BITS;
      if (upper === 0) continue;
      words.copyWithin(at, record, record + RECORD);
      words[at + SECOND_BYTES] = EXTENDS | (words[at + SECOND_BYTES] & ~BYTES_MASK) | upper;
      counts[this.#numbers[row]]++;
      at += RECORD;
    }
    this.size = at / RECORD;
  }

  clear(): void {
    this.size = 0;
    this.classes.clear();
  }

  #reserve(most: number): void {
    if (most * RECORD <= this.words.length) return;
    const wider = new Uint32Array(Math.max(most, Math.min(2 * (this.words.length / RECORD), MOST_RECORDS)) * RECORD);
    wider.set(this.words.subarray(0, this.size * RECORD));
    this.words = wider;
  }
}
