// Packets and bytes by day, kind and dark address (or its /24): is the whole block heard, and where do packets fall.
import type { FrameColumns } from '../../collector/formats/frames.ts';
import type { PacketColumns } from '../decode/packets.ts';
import { COUNTED } from '../fates.ts';
import { mix } from './mix.ts';

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

  constructor(capacity = SMALLEST) {
    this.#capacity = capacity;
    this.rows = new Uint32Array(capacity * ROW);
    this.doubles = new Float64Array(this.rows.buffer);
  }

  get capacity(): number {
    return this.#capacity;
  }

  /**
   * Adds the counted rows of a batch.
   * @param addressMask 0xffffffff, or 0xffffff00 to count by /24
   * @param dayOfHour the day of an hour since 1970 in the sensor's time zone
   */
  add(frames: FrameColumns, packets: PacketColumns, addressMask: number, dayOfHour: (hour: number) => number): void {
    const { seconds, wireLength, rows: count } = frames;
    const { fate, version, kind, dstAddr } = packets;
    if ((this.size + count) * 2 > this.#capacity) this.#grow(this.size + count);
    const { rows, doubles } = this;
    const mask = this.#capacity - 1;
    let hour = -1;
    let day = 0;
    for (let row = 0; row < count; row++) {
      if (fate[row] !== COUNTED) continue;
      const itsHour = (seconds[row] / 3600) >>> 0;
      if (itsHour !== hour) {
        hour = itsHour;
        day = dayOfHour(hour);
      }
      const six = version[row] === 6;
      const address = six ? dstAddr[row] : (dstAddr[row] & addressMask) >>> 0;
      const meta = six ? kind[row] | IPV6_FLAG : kind[row];
      let slot = mix(address, meta ^ Math.imul(day, 0x9e3779b1)) & mask;
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
    for (let from = 0; from < this.rows.length; from += ROW) {
      if (this.rows[from + PACKETS] === 0) continue;
      let slot =
        mix(this.rows[from + DST_ADDR], this.rows[from + META] ^ Math.imul(this.rows[from + DAY], 0x9e3779b1)) & mask;
      while (wider.rows[slot * ROW + PACKETS] !== 0) slot = (slot + 1) & mask;
      wider.rows.set(this.rows.subarray(from, from + ROW), slot * ROW);
    }
    this.rows = wider.rows;
    this.doubles = wider.doubles;
    this.#capacity = capacity;
  }
}
