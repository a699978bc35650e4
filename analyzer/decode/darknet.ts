// The monitored prefixes of a sensor: is an address one of them, and how many addresses are they.
import { COUNTED, OUTSIDE_DARKNET } from '../fates.ts';
import type { Addresses6 } from './addresses6.ts';
import type { PacketColumns } from './packets.ts';

/** One prefix as `--darknet` names it, its address as 4 or 16 bytes. */
export interface Prefix {
  bytes: number[];
  bits: number;
}

export class Darknet {
  #starts: Uint32Array;
  #ends: Uint32Array;
  #prefixes6: { words: number[]; masks: number[] }[];
  /** By shift: see #firstPlaces. */
  #places = new Map<number, Float64Array>();

  constructor(prefixes: readonly Prefix[]) {
    const ranges = mergedRanges(prefixes.filter((prefix) => prefix.bytes.length === 4));
    this.#starts = Uint32Array.from(ranges, (range) => range.start);
    this.#ends = Uint32Array.from(ranges, (range) => range.end);
    this.#prefixes6 = prefixes.filter((prefix) => prefix.bytes.length === 16).map(words6);
  }

  /** Gives counted packets to other addresses their fate. */
  markOutside(rows: number, packets: PacketColumns, addresses: Addresses6): void {
    const { fate, version, dstAddr } = packets;
    // Most sensors have one prefix: a packet inside it needs no search.
    const start = this.#starts.length > 0 ? this.#starts[0] : 1;
    const end = this.#ends.length > 0 ? this.#ends[0] : 0;
    for (let row = 0; row < rows; row++) {
      if (fate[row] !== COUNTED) continue;
      if (version[row] === 4 && dstAddr[row] >= start && dstAddr[row] <= end) continue;
      if (!this.holds(version[row], dstAddr[row], addresses)) fate[row] = OUTSIDE_DARKNET;
    }
  }

  /**
   * Number of places: the monitored IPv4 addresses counted through, or their blocks of 2^shift addresses. Prefixes that share a block
   * have a place each.
   */
  places(shift: number): number {
    return this.#firstPlaces(shift).at(-1) as number;
  }

  /** The place of each row's address, which must be monitored; of others the answer means nothing. */
  placesOf(rows: number, dstAddr: Uint32Array, shift: number, places: Uint32Array): void {
    const starts = this.#starts;
    const first = this.#firstPlaces(shift);
    const start = starts[0] >>> shift;
    if (starts.length === 1) {
      for (let row = 0; row < rows; row++) places[row] = (dstAddr[row] >>> shift) - start;
      return;
    }
    for (let row = 0; row < rows; row++) {
      const range = Math.min(this.#rangeOf(dstAddr[row]), starts.length - 1);
      places[row] = first[range] + (dstAddr[row] >>> shift) - (starts[range] >>> shift);
    }
  }

  /** The first address of a place. */
  addressAt(place: number, shift: number): number {
    const first = this.#firstPlaces(shift);
    let range = 0;
    while (first[range + 1] <= place) range++;
    return (((this.#starts[range] >>> shift) + place - first[range]) << shift) >>> 0;
  }

  /** The first place of each range, and behind the last the number of places. */
  #firstPlaces(shift: number): Float64Array {
    const known = this.#places.get(shift);
    if (known !== undefined) return known;
    const first = new Float64Array(this.#starts.length + 1);
    for (let range = 0; range < this.#starts.length; range++) {
      first[range + 1] = first[range] + (this.#ends[range] >>> shift) - (this.#starts[range] >>> shift) + 1;
    }
    this.#places.set(shift, first);
    return first;
  }

  /** @param addr an IPv4 address, or an IPv6 address's number in `addresses` */
  holds(version: number, addr: number, addresses: Addresses6): boolean {
    if (version === 6) return this.#holds6(addr, addresses);
    const range = this.#rangeOf(addr);
    return range < this.#starts.length && this.#starts[range] <= addr;
  }

  /** The first range that does not end before the address; the number of ranges when all do. */
  #rangeOf(addr: number): number {
    const ends = this.#ends;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (ends[middle] < addr) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #holds6(number: number, addresses: Addresses6): boolean {
    const { words } = addresses;
    const at = number * 4;
    return this.#prefixes6.some((prefix) =>
      prefix.masks.every((mask, i) => (words[at + i] & mask) >>> 0 === prefix.words[i]),
    );
  }
}

/**
 * Monitored IPv4 addresses, each once. IPv6 prefixes hold more addresses than anyone counts packets by, so they add none.
 */
export function monitoredAddresses(prefixes: readonly Prefix[]): number {
  const ranges = mergedRanges(prefixes.filter((prefix) => prefix.bytes.length === 4));
  return ranges.reduce((sum, range) => sum + range.end - range.start + 1, 0);
}

function mergedRanges(prefixes: readonly Prefix[]): { start: number; end: number }[] {
  const ranges = prefixes
    .map(({ bytes, bits }) => {
      const size = 2 ** (32 - bits);
      const address = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
      const start = Math.floor(address / size) * size;
      return { start, end: start + size - 1 };
    })
    .sort((a, b) => a.start - b.start);
  const merged: { start: number; end: number }[] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (last !== undefined && range.start <= last.end + 1) last.end = Math.max(last.end, range.end);
    else merged.push({ ...range });
  }
  return merged;
}

function words6({ bytes, bits }: Prefix): { words: number[]; masks: number[] } {
  const masks = [0, 1, 2, 3].map((i) => {
    const set = Math.max(0, Math.min(32, bits - 32 * i));
    return set === 0 ? 0 : (0xffffffff << (32 - set)) >>> 0;
  });
  const words = masks.map((mask, i) => {
    const word = bytes.slice(4 * i, 4 * i + 4).reduce((sum, byte) => sum * 256 + byte, 0);
    return (word & mask) >>> 0;
  });
  return { words, masks };
}
