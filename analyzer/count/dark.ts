// Packets and bytes by day, kind and dark address (or its /24): is the whole block heard, and where do packets fall.
import type { FrameColumns } from '../../collector/formats/frames.ts';
import type { PacketColumns } from '../decode/packets.ts';
import { COUNTED } from '../fates.ts';

/** Words of a row. */
export const ROW = 6;
export const DST_ADDR = 0;
/** Days since 1970-01-01 in the sensor's time zone. */
export const DAY = 1;
/** kind, 1 << 8 when dstAddr is the number of an IPv6 address. */
export const META = 2;
/** 0 = the row is empty. */
export const PACKETS = 3;
/** Bytes are a double in words 4 and 5. */
export const BYTES = 2;
export const IPV6_FLAG = 1 << 8;

const SMALLEST = 1 << 12;

export class DarkTable {
  rows: Uint32Array;
  doubles: Float64Array;
  size = 0;
  #capacity: number;
  /** Bits of a hash below those that name a slot. */
  #shift: number;

  constructor(capacity = SMALLEST) {
    this.#capacity = capacity;
    this.#shift = 32 - Math.log2(capacity);
    this.rows = new Uint32Array(capacity * ROW);
    this.doubles = new Float64Array(this.rows.buffer);
  }

  /**
   * Adds the counted rows `from … to` of a batch, which are of one day.
   * @param addressMask 0xffffffff, or 0xffffff00 to count by /24
   * @param onlyIpv6 IPv4 rows are counted elsewhere (`dark-planes.ts`)
   */
  addSpan(
    { wireLength }: FrameColumns,
    { fate, version, kind, dstAddr }: PacketColumns,
    from: number,
    to: number,
    day: number,
    addressMask: number,
    onlyIpv6: boolean,
  ): void {
    if ((this.size + to - from) * 2 > this.#capacity) this.#grow(this.size + to - from);
    const { rows, doubles } = this;
    const mask = this.#capacity - 1;
    const shift = this.#shift;
    for (let row = from; row < to; row++) {
      if (fate[row] !== COUNTED || (onlyIpv6 && version[row] !== 6)) continue;
      const six = version[row] === 6;
      const address = six ? dstAddr[row] : (dstAddr[row] & addressMask) >>> 0;
      const meta = six ? kind[row] | IPV6_FLAG : kind[row];
      let slot = hash(address, meta, day) >>> shift;
      for (;;) {
        const at = slot * ROW;
        if (rows[at + PACKETS] === 0) {
          rows[at + DST_ADDR] = address;
          rows[at + DAY] = day;
          rows[at + META] = meta;
          rows[at + PACKETS] = 1;
          doubles[(at >> 1) + BYTES] = wireLength[row];
          this.size++;
          break;
        }
        if (rows[at + DST_ADDR] === address && rows[at + DAY] === day && rows[at + META] === meta) {
          rows[at + PACKETS]++;
          doubles[(at >> 1) + BYTES] += wireLength[row];
          break;
        }
        slot = (slot + 1) & mask;
      }
    }
  }

  clear(): void {
    this.rows.fill(0);
    this.size = 0;
  }

  #grow(least: number): void {
    let capacity = this.#capacity;
    while (least * 2 > capacity) capacity *= 2;
    const wider = new DarkTable(capacity);
    const mask = capacity - 1;
    const shift = wider.#shift;
    for (let from = 0; from < this.rows.length; from += ROW) {
      if (this.rows[from + PACKETS] === 0) continue;
      let slot = hash(this.rows[from + DST_ADDR], this.rows[from + META], this.rows[from + DAY]) >>> shift;
      while (wider.rows[slot * ROW + PACKETS] !== 0) slot = (slot + 1) & mask;
      wider.rows.set(this.rows.subarray(from, from + ROW), slot * ROW);
    }
    this.rows = wider.rows;
    this.doubles = wider.doubles;
    this.#capacity = capacity;
    this.#shift = shift;
  }
}

/**
 * Fibonacci hashing: neighbouring addresses, as those of a darknet are, come to lie evenly over the table. Its upper bits are the slot.
 */
function hash(address: number, meta: number, day: number): number {
  return Math.imul(address + Math.imul(meta + day * 3, 0x85ebca6b), 0x9e3779b1) >>> 0;
}
