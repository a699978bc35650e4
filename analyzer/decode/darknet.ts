// The monitored prefixes of a sensor: is an address one of them, and how many addresses are they.
import type { Addresses6 } from './addresses6.ts';

/** One prefix as `--darknet` names it, its address as 4 or 16 bytes. */
export interface Prefix {
  bytes: number[];
  bits: number;
}

export class Darknet {
  #starts: Uint32Array;
  #ends: Uint32Array;
  #prefixes6: { words: number[]; masks: number[] }[];

  constructor(prefixes: readonly Prefix[]) {
    const ranges = mergedRanges(prefixes.filter((prefix) => prefix.bytes.length === 4));
    this.#starts = Uint32Array.from(ranges, (range) => range.start);
    this.#ends = Uint32Array.from(ranges, (range) => range.end);
    this.#prefixes6 = prefixes.filter((prefix) => prefix.bytes.length === 16).map(words6);
  }

  /** @param addr an IPv4 address, or an IPv6 address's number in `addresses` */
  holds(version: number, addr: number, addresses: Addresses6): boolean {
    if (version === 6) return this.#holds6(addr, addresses);
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ends[middle] < addr) low = middle + 1;
      else high = middle;
    }
    return low < this.#starts.length && this.#starts[low] <= addr;
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
