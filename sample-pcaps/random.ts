// A small seeded random generator (sfc32) and the few draws the sample traffic needs.
// The same seed gives the same numbers on every machine: only 32-bit integer arithmetic is used.

export interface Random {
  /** A whole number of 32 bits. */
  uint32(): number;
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** One item, with a probability in proportion to its weight. */
  weighted<T>(items: readonly T[], weightOf: (item: T) => number): T;
  /** Puts the array in random order, in place, and returns it. */
  shuffle<T>(items: T[]): T[];
}

/** A generator for one part of the traffic; the text names the part, so that parts never disturb each other. */
export function createRandom(seed: string): Random {
  const uint32 = sfc32(seed);
  const below = (bound: number) => Math.floor((uint32() / 2 ** 32) * bound);
  return {
    uint32,
    int: (low, high) => low + below(high - low + 1),
    chance: (probability) => uint32() < probability * 2 ** 32,
    pick: (items) => items[below(items.length)]!,
    weighted(items, weightOf) {
      let left = below(items.reduce((sum, item) => sum + weightOf(item), 0));
      for (const item of items) {
        left -= weightOf(item);
        if (left < 0) return item;
      }
      return items.at(-1)!;
    },
    shuffle(items) {
      for (let last = items.length - 1; last > 0; last--) {
        const other = below(last + 1);
        [items[last], items[other]] = [items[other]!, items[last]!];
      }
      return items;
    },
  };
}

/** Chris Doty-Humphrey's "small fast counter" generator, 32-bit flavour, seeded by an FNV-1a hash of the text. */
function sfc32(seed: string): () => number {
  let hash = 0x811c9dc5;
  for (const char of seed) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193);
  let a = hash;
  let b = hash ^ 0x9e3779b9;
  let c = ~hash;
  let counter = 1;
  const next = () => {
    const result = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + result;
    return result >>> 0;
  };
  for (let round = 0; round < 15; round++) next();
  return next;
}

/** Cuts `total` into whole parts in proportion to the weights; the parts add up to `total` exactly (largest remainders). */
export function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const parts = exact.map(Math.floor);
  const left = total - parts.reduce((all, part) => all + part, 0);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, left)) parts[index]!++;
  return parts;
}
