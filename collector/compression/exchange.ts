// What the main thread and a decompressing thread say to each other about one stream; this is their whole protocol.
//
//   main ──── input pieces, by message ────► thread ──── output pieces, in the slots of a ring ────► main
//
// A slot of the ring belongs to the thread from when main has taken its piece (TAKEN counts them) until the thread gives it again, and
// to main in between; the message that tells of a piece orders the thread's writes before main's reads. The thread is synchronous: where
// it has no input, or no free slot, it waits for WAKE to change, which main does after every message, every taken piece, and a stop.

import type { MessagePort } from 'node:worker_threads';
import type { StreamDamage } from '../source.ts';

/** Bytes of a piece of input: always full but for the last, so that a damage cuts the output at a place that the file alone decides. */
export const INPUT_BYTES = 256 * 1024;
export const SLOT_BYTES = 512 * 1024;
/** Pieces that are decompressed ahead of the reader. */
export const SLOTS = 12;

/** Words of `state`. */
export const WAKE = 0;
export const TAKEN = 1;
export const STOPPED = 2;
export const STATE_WORDS = 3;

export interface StreamJob {
  decoder: DecoderName;
  port: MessagePort;
  state: Int32Array<SharedArrayBuffer>;
  ring: SharedArrayBuffer;
}

export type DecoderName = 'zstd' | 'xz' | 'bzip2' | 'lz4';

/** From main to the thread: a piece of the compressed stream, or null at its end. */
export type InputMessage = Uint8Array | null;

/** From the thread to main. */
export type OutputMessage =
  /** A piece of input has been begun: another may be sent. */
  | { pulled: true }
  /** The next slot of the ring holds a piece of this many bytes. */
  | { piece: number }
  /** The stream has ended; nothing follows. */
  | { end: StreamDamage | undefined };
