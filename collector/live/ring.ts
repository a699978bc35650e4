// The owner's side of a ring: starts its thread, keeps it in slots, and hands on what it says.
import { Worker } from 'node:worker_threads';
import type { FromThread, LiveSlot, RingSetup, Tick, ToThread } from './protocol.ts';
import type { CaptureSocket, LinkState } from './socket.ts';

export interface RingHandlers<Slot extends LiveSlot> {
  /** A free slot; the ring owns it until it comes back in `unit` or `release`. */
  acquire(): Promise<Slot>;
  release(slot: Slot): void;
  /** A slot with whole records in its first `bytes` bytes. */
  unit(slot: Slot, bytes: number, frames: number): void;
  tick(tick: Tick): void;
  state(state: LinkState): void;
  /** The thread failed; nothing more comes. */
  failed(error: Error): void;
}

export interface Ring {
  /** Settles when all that the ring has handed over until now has been given to `unit`. */
  flush(): Promise<void>;
  /** Reads the ring to its end, and settles when all has been given. */
  stop(): Promise<void>;
}

/** Slots a ring has at a time: one being filled, one to go on with at once. */
export const RING_SLOTS = 2;

/** Starts to read a socket that listens already. */
export function startRing<Slot extends LiveSlot>(socket: CaptureSocket, handlers: RingHandlers<Slot>): Ring {
  const workerData: RingSetup = { socket };
  const worker = new Worker(new URL('./ring-thread.js', import.meta.url), { workerData });
  const slots = new Map<number, Slot>();
  const flushes: (() => void)[] = [];
  let ended = () => {};
  const end = new Promise<void>((resolve) => {
    ended = resolve;
  });
  let isOver = false;
  const say = (message: ToThread) => worker.postMessage(message);
  const over = () => {
    isOver = true;
    for (const settle of flushes.splice(0)) settle();
    ended();
  };
  const give = async () => {
    const slot = await handlers.acquire();
    if (isOver) {
      handlers.release(slot);
      return;
    }
    slots.set(slot.number, slot);
    say({ say: 'slot', slot: { number: slot.number, buffer: slot.buffer } });
  };
  const takeBack = (number: number): Slot => {
    const slot = slots.get(number) as Slot;
    slots.delete(number);
    return slot;
  };
  worker.on('message', (message: FromThread) => {
    if (message.say === 'unit') {
      handlers.unit(takeBack(message.slot.number), message.bytes, message.frames);
      void give();
    } else if (message.say === 'tick') handlers.tick(message.tick);
    else if (message.say === 'state') handlers.state(message.state);
    else if (message.say === 'flushed') flushes.shift()?.();
    else {
      for (const { number } of message.slots) handlers.release(takeBack(number));
      over();
    }
  });
  worker.on('error', (error: Error) => {
    handlers.failed(error);
    over();
  });
  worker.on('exit', over);
  for (let i = 0; i < RING_SLOTS; i++) void give();
  return {
    flush: () => {
      if (isOver) return Promise.resolve();
      say({ say: 'flush' });
      return new Promise((resolve) => flushes.push(resolve));
    },
    stop: async () => {
      if (!isOver) say({ say: 'stop' });
      await end;
    },
  };
}
