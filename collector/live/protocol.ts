// What a ring's thread and its owner say to each other; this is the whole protocol.
//
//   owner → thread   `slot`: a free slot, the thread's until it comes back in `unit` or `ended`
//                    `flush`: hand over what you have, then say `flushed`; `stop`: read the ring to its end, then say `ended`
//   thread → owner   `unit`: a filled slot; `tick`, once a second: what the kernel received and lost since the last; `state`: the
//                    interface changed; `flushed`, `ended`
//
// The thread sleeps in the kernel's poll, not in its event loop: it looks for messages between two looks at the ring, every
// POLL_MS at the latest. A slot is touched by one side at a time, and ownership moves with the message.
import type { CaptureSocket, LinkState } from './socket.ts';

/** Longest sleep of a ring's thread. */
export const POLL_MS = 100;
/** Slots are at least this large: some blocks of the ring must fit. */
export const RING_SLOT_BYTES = 1 << 23;

export interface RingSetup {
  socket: CaptureSocket;
}

export interface LiveSlot {
  number: number;
  buffer: SharedArrayBuffer;
}

export type ToThread = { say: 'slot'; slot: LiveSlot } | { say: 'flush' } | { say: 'stop' };

/** Counts since the last tick. */
export interface Tick {
  /** Frames taken from the ring. */
  frames: number;
  /** As the kernel says: frames it had for the ring, and those of them it had no room for. */
  received: number;
  dropped: number;
  /** Time in which the interface was up and the ring was read. */
  observedMs: number;
  /** Of it, how long the thread did not sleep. */
  busyMs: number;
  /** Share of the ring's blocks that wait to be read. */
  fill: number;
}

export type FromThread =
  | { say: 'unit'; slot: LiveSlot; bytes: number; frames: number }
  | { say: 'tick'; tick: Tick }
  | { say: 'state'; state: LinkState }
  | { say: 'flushed' }
  | { say: 'ended'; slots: LiveSlot[] };
