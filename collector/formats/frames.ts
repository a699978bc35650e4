// A batch of frames as columns: where each frame lies in its unit's bytes and what the capture file says of it.
// Readers of every capture format fill it, the decoder reads it; a frame is a row number.

/** Rows a batch holds: small enough for all columns of a batch to stay in the L2 cache. */
export const BATCH_ROWS = 4096;

export interface FrameColumns {
  /** Rows filled, 0 … BATCH_ROWS. */
  rows: number;
  /** Offset of the frame's first byte in the unit's bytes. */
  at: Uint32Array;
  /** Bytes captured. */
  capLength: Uint32Array;
  /** Bytes on the wire, as the capture file says. */
  wireLength: Uint32Array;
  /** Seconds since 1970-01-01 UTC; 0 where there is none, `NO_TIME` where it is negative or does not fit. */
  seconds: Uint32Array;
  /** LINKTYPE_ number (https://www.tcpdump.org/linktypes.html). */
  linkType: Uint32Array;
}

/** The `seconds` of a frame whose time no 32-bit second can hold; no time limit accepts it. */
export const NO_TIME = 0xffffffff;

export function createFrameColumns(rows = BATCH_ROWS): FrameColumns {
  return {
    rows: 0,
    at: new Uint32Array(rows),
    capLength: new Uint32Array(rows),
    wireLength: new Uint32Array(rows),
    seconds: new Uint32Array(rows),
    linkType: new Uint32Array(rows),
  };
}

/**
 * Largest captured length a record may claim, as libpcap and Wireshark have it (MAXIMUM_SNAPLEN).
 * Anything above is damage: a length from a file never sizes an allocation.
 */
export const MAX_FRAME = 262_144;

/** How far a reader came in a stretch of bytes: it stops before the first record that is not whole, or at damage. */
export interface Reach {
  /** Offset just behind the last whole record. */
  at: number;
  /** Bytes the next record needs from `at` on, as far as known; 0 when the stretch ended exactly there. */
  needs: number;
  /** What is wrong with the record at `at`; nothing behind it can be read. */
  damage?: string;
}
