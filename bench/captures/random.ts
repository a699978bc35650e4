// Numbers and addresses of made captures: the same for the same seed, on every machine.

/** Marsaglia's xorshift: 32 bits a call, never 0. */
export function xorshift(seed: number): () => number {
  let state = (seed * 0x9e3779b1) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}

/** A public-looking address, well spread. */
export function sourceAddress(number: number): number {
  const mixed = Math.imul(number + 1, 0x9e3779b1) >>> 0;
  return (((1 + ((mixed >>> 24) % 126)) << 24) | (mixed & 0xffffff)) >>> 0;
}
