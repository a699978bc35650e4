// An interface's clock in pcapng: ticks of 10^-n or 2^-n seconds in two 32-bit halves, plus an offset in whole seconds
// (if_tsresol, if_tsoffset). Whole seconds are exact for every resolution: doubles alone would round at a second's edge.
import { NO_TIME } from './frames.ts';

export interface InterfaceClock {
  /** Ticks a second. */
  ticks: bigint;
  offset: bigint;
  /** The same as a double; 0 where doubles are not exact. */
  perSecond: number;
  /** For the last upper half seen: whole seconds, and the ticks left over. */
  high: number;
  highSeconds: number;
  highTicks: number;
}

/**
 * @param resolution if_tsresol: the top bit chooses powers of 2 over powers of 10, the rest is the negative exponent
 * @param offset if_tsoffset in seconds
 */
export function interfaceClock(resolution: number, offset: bigint): InterfaceClock {
  const exponent = BigInt(resolution & 0x7f);
  const ticks = resolution & 0x80 ? 2n ** exponent : 10n ** exponent;
  const perSecond = ticks < 1n << 52n ? Number(ticks) : 0;
  return { ticks, offset, perSecond, high: -1, highSeconds: 0, highTicks: 0 };
}

/** Whole seconds since 1970 of a tick count given in two halves; NO_TIME when they do not fit an unsigned 32-bit second. */
export function secondsOf(clock: InterfaceClock, high: number, low: number): number {
  if (clock.perSecond === 0) return exactSeconds(clock, high, low);
  if (high !== clock.high) {
    const upper = BigInt(high) << 32n;
    clock.high = high;
    clock.highSeconds = Number(upper / clock.ticks + clock.offset);
    clock.highTicks = Number(upper % clock.ticks);
  }
  const seconds = clock.highSeconds + Math.floor((clock.highTicks + low) / clock.perSecond);
  return seconds >= 0 && seconds < NO_TIME ? seconds : NO_TIME;
}

function exactSeconds(clock: InterfaceClock, high: number, low: number): number {
  const seconds = ((BigInt(high) << 32n) + BigInt(low)) / clock.ticks + clock.offset;
  return seconds >= 0n && seconds < BigInt(NO_TIME) ? Number(seconds) : NO_TIME;
}
