// What a sensor listens to: an interface, through the kernel's ring, or a capture that flows in.
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Slot } from '../../analyzer/slots.ts';
import type { CaptureContext } from '../../collector/formats/capture.ts';
import type { Tick } from '../../collector/live/protocol.ts';
import { startRing } from '../../collector/live/ring.ts';
import type { CaptureSocket, LinkState } from '../../collector/live/socket.ts';
import { startStream } from '../../collector/live/stream.ts';

export type SourcePlan = { kind: 'ring'; name: string; socket: CaptureSocket } | StreamPlan;

interface StreamPlan {
  kind: 'stream';
  name: string;
  input: Readable;
  /** Has its writer end it; without, it is read no further. */
  end?: () => void;
  /** What its writer says it lost, when it has ended. */
  lost?: Promise<number>;
  /** Its writer says nothing of what it lost. */
  dropsUnknown?: true;
}

export interface SourceHandlers {
  acquire(): Promise<Slot>;
  release(slot: Slot): void;
  unit(slot: Slot, from: number, to: number, context: CaptureContext): void;
  /** Once a second, of a ring. */
  tick(tick: Tick & { cardDropped: number }): void;
  state(state: LinkState): void;
  /** Frames that a stream's writer lost. */
  lost(frames: number): void;
  /** Nothing more comes; with the reason where that is a fault. */
  ended(reason: string | undefined): void;
}

export interface LiveSource {
  name: string;
  /** Of a ring; undefined before its first tick. */
  last: Tick | undefined;
  state: LinkState | undefined;
  flush(): Promise<void>;
  stop(): Promise<void>;
}

export function startSource(plan: SourcePlan, handlers: SourceHandlers): LiveSource {
  return plan.kind === 'ring' ? ringSource(plan.name, plan.socket, handlers) : streamSource(plan, handlers);
}

function ringSource(name: string, socket: CaptureSocket, handlers: SourceHandlers): LiveSource {
  const cardLosses = cardCounter(socket.interface);
  const source: LiveSource = {
    name,
    last: undefined,
    state: undefined,
    flush: () => ring.flush(),
    stop: () => ring.stop(),
  };
  const ring = startRing<Slot>(socket, {
    acquire: handlers.acquire,
    release: handlers.release,
    unit: (slot, bytes) => handlers.unit(slot, 0, bytes, { container: 'ring', linkType: socket.linkType }),
    tick: (tick) => {
      source.last = tick;
      handlers.tick({ ...tick, cardDropped: cardLosses() });
    },
    state: (state) => {
      source.state = state;
      handlers.state(state);
    },
    failed: (error) => handlers.ended(error.message),
  });
  return source;
}

function streamSource({ name, input, end, lost }: StreamPlan, handlers: SourceHandlers): LiveSource {
  const stream = startStream<Slot>(input, {
    acquire: handlers.acquire,
    release: handlers.release,
    unit: handlers.unit,
  });
  handlers.state('up');
  void stream.ended.then(handlers.ended);
  const stop = async () => {
    if (end === undefined) await stream.stop();
    else end();
    await stream.ended;
    handlers.lost((await lost) ?? 0);
  };
  return { name, last: undefined, state: 'up', flush: stream.flush, stop };
}

/**
 * Frames that the card has missed since this was last asked: before any program could see them. rx_dropped is left out: it also counts
 * frames that the ring has heard and nobody else wanted.
 */
function cardCounter(name: string): () => number {
  const read = () => {
    let missed = 0;
    for (const counter of ['rx_missed_errors', 'rx_fifo_errors']) {
      try {
        missed += Number(readFileSync(`/sys/class/net/${name}/statistics/${counter}`, 'utf8'));
      } catch {
        // the interface is gone, or not in this view of /sys
      }
    }
    return missed;
  };
  let before = read();
  return () => {
    const now = read();
    const missed = Math.max(0, now - before); // an interface made again begins at 0
    before = now;
    return missed;
  };
}
