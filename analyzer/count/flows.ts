// The flow table of a unit: (hour, kind, proto, ports, source, marks) → packets, bytes, first and last second of the hour.
// Rows stand one after another in the order in which flows were first seen; a small index of slots finds them. Cache misses on a table
// larger than the L2 are what counting costs, so a first pass over a batch only touches what the second pass will need: its loads do not
// wait for one another (`npm run bench -- stages` shows what a packet costs).
import { BATCH_ROWS, type FrameColumns } from '../../collector/formats/frames.ts';
import { BACKSCATTER } from '../classify/kinds.ts';
import { ZMAP, ZMAP_UNTIL } from '../classify/tools.ts';
import type { PacketColumns } from '../decode/packets.ts';
import { COUNTED } from '../fates.ts';
import { mix } from './mix.ts';

/** Words of a row: 32 bytes, half a cache line. */
export const ROW = 8;
export const SRC_ADDR = 0;
/** dstPort, and above it srcPort with backscatter (0 with every other kind: it is noise there). */
export const PORTS = 1;
/** proto, kind << 8, marks << 16, 1 << 24 when srcAddr is the number of an IPv6 address. */
export const META = 2;
export const HOUR = 3;
export const PACKETS = 4;
/** First second in the hour, last << 16. */
export const FIRST_LAST = 5;
/** Bytes are a double in words 6 and 7 (exact up to 2^53): at `row * ROW / 2 + BYTES` of `doubles`. */
export const BYTES = 3;
export const IPV6_FLAG = 1 << 24;

const SMALLEST = 1 << 13;
/** A slot holds a row's number + 1 in its lower bits and bits of the hash above, so that few wrong rows are looked at. */
const NUMBER_BITS = 22;
const NUMBER_MASK = (1 << NUMBER_BITS) - 1;

export class FlowTable {
  size = 0;
  rows: Uint32Array = new Uint32Array(SMALLEST * ROW);
  doubles: Float64Array = new Float64Array(this.rows.buffer);
  #slots: Uint32Array = new Uint32Array(SMALLEST * 2);
  #hashes: Uint32Array = new Uint32Array(BATCH_ROWS);
  /** Where the first pass leaves what it read, so that it is not optimised away. */
  #touched = 0;

  /** Adds the counted rows of a batch. */
  add(frames: FrameColumns, packets: PacketColumns): void {
    this.#reserve(this.size + frames.rows);
    this.#touch(frames, packets);
    const { seconds, wireLength, rows: count } = frames;
    const { fate, version, proto, kind, toolMarks, srcAddr, srcPort, dstPort } = packets;
    const { rows, doubles } = this;
    const slots = this.#slots;
    const hashes = this.#hashes;
    const mask = slots.length - 1;
    let size = this.size;
    let hour = 0;
    for (let row = 0; row < count; row++) {
      if (fate[row] !== COUNTED) continue;
      // Packets come nearly in order of time: the hour is mostly that of the packet before.
      let inHour = seconds[row] - hour * 3600;
      if (inHour < 0 || inHour >= 3600) {
        hour = Math.floor(seconds[row] / 3600);
        inHour = seconds[row] - hour * 3600;
      }
      const source = srcAddr[row];
      const ports = kind[row] === BACKSCATTER ? (dstPort[row] | (srcPort[row] << 16)) >>> 0 : dstPort[row];
      const marks = seconds[row] >= ZMAP_UNTIL ? toolMarks[row] & ~ZMAP : toolMarks[row];
      const meta = proto[row] | (kind[row] << 8) | (marks << 16) | (version[row] === 6 ? IPV6_FLAG : 0);
      const hash = hashes[row];
      const tag = (hash & ~NUMBER_MASK) >>> 0;
      let slot = hash & mask;
      for (;;) {
        const entry = slots[slot];
        if (entry === 0) {
          const at = size * ROW;
          rows[at + SRC_ADDR] = source;
          rows[at + PORTS] = ports;
          rows[at + META] = meta;
          rows[at + HOUR] = hour;
          rows[at + PACKETS] = 1;
          rows[at + FIRST_LAST] = inHour | (inHour << 16);
          doubles[(at >> 1) + BYTES] = wireLength[row];
          size++;
          slots[slot] = (tag | size) >>> 0;
          break;
        }
        const at = ((entry & NUMBER_MASK) - 1) * ROW;
        if (
          (entry & ~NUMBER_MASK) >>> 0 === tag &&
          rows[at + SRC_ADDR] === source &&
          rows[at + PORTS] === ports &&
          rows[at + META] === meta &&
          rows[at + HOUR] === hour
        ) {
          rows[at + PACKETS]++;
          const firstLast = rows[at + FIRST_LAST];
          const first = Math.min(firstLast & 0xffff, inHour);
          const last = Math.max(firstLast >>> 16, inHour);
          rows[at + FIRST_LAST] = first | (last << 16);
          doubles[(at >> 1) + BYTES] += wireLength[row];
          break;
        }
        slot = (slot + 1) & mask;
      }
    }
    this.size = size;
  }

  clear(): void {
    this.#slots.fill(0);
    this.size = 0;
  }

  /** The first pass: hashes of all rows, and one read of each slot and of the row it names. */
  #touch({ seconds, rows: count }: FrameColumns, { kind, proto, srcAddr, srcPort, dstPort }: PacketColumns): void {
    const { rows } = this;
    const slots = this.#slots;
    const hashes = this.#hashes;
    const mask = slots.length - 1;
    let touched = 0;
    let hour = 0;
    for (let row = 0; row < count; row++) {
      const inHour = seconds[row] - hour * 3600;
      if (inHour < 0 || inHour >= 3600) hour = Math.floor(seconds[row] / 3600);
      const ports = kind[row] === BACKSCATTER ? (dstPort[row] | (srcPort[row] << 16)) >>> 0 : dstPort[row];
      const hash = mix(mix(srcAddr[row], ports), hour) ^ (proto[row] << 24);
      hashes[row] = hash;
      const number = slots[hash & mask] & NUMBER_MASK;
      touched ^= rows[number === 0 ? 0 : (number - 1) * ROW];
    }
    this.#touched ^= touched;
  }

  /** Makes room for `most` rows, at half full slots. */
  #reserve(most: number): void {
    if ((most + 1) * ROW > this.rows.length) {
      const wider = new Uint32Array(this.rows.length * 2);
      wider.set(this.rows.subarray(0, this.size * ROW));
      this.rows = wider;
      this.doubles = new Float64Array(wider.buffer);
    }
    if (most * 2 <= this.#slots.length) return;
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    const { rows } = this;
    for (let number = 0; number < this.size; number++) {
      const at = number * ROW;
      const hash = mix(mix(rows[at + SRC_ADDR], rows[at + PORTS]), rows[at + HOUR]) ^ ((rows[at + META] & 0xff) << 24);
      let slot = hash & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = (((hash & ~NUMBER_MASK) >>> 0) | (number + 1)) >>> 0;
    }
    this.#slots = slots;
  }
}
