// Captures kept beside the counts: one sensor's frames as gzipped pcap files, begun anew by size and by the hour, the oldest deleted when all
// are too large. The work is a thread's (keep-thread.ts). Keeping never costs counting: units that come too fast are left out, and counted.
import { Worker } from 'node:worker_threads';
import type { LiveSlot } from './protocol.ts';

export interface KeepSetup {
  directory: string;
  /** Begins the names of the files. */
  sensor: string;
  mostBytes: number;
}

export interface KeepJob {
  slot: LiveSlot;
  bytes: number;
  linkType: number;
}

export interface KeepAnswer {
  /** Of the slot, which is the owner's again. */
  number: number;
  /** Why it could not be written, if it could not. */
  trouble?: string;
}

export interface Keeper {
  /** Writes the slot's frames; settles when the slot is the caller's again. Frames of another link type than the first are not kept. */
  keep(slot: LiveSlot, bytes: number, frames: number, linkType: number): Promise<void>;
  /** Frames not kept, because the disk or the compression was too slow or failed. */
  readonly leftOut: number;
  readonly trouble: string | undefined;
  stop(): Promise<void>;
}

/** Units on their way to the disk, at most. */
export const KEEP_SLOTS = 2;

export function startKeeper(setup: KeepSetup): Keeper {
  const worker = new Worker(new URL('./keep-thread.js', import.meta.url), { workerData: setup });
  const pending = new Map<number, { frames: number; resolve: () => void }>();
  let leftOut = 0;
  let trouble: string | undefined;
  const settle = (number: number, failure: string | undefined) => {
    const { frames = 0, resolve } = pending.get(number) ?? {};
    pending.delete(number);
    if (failure) leftOut += frames;
    trouble = failure;
    resolve?.();
  };
  worker.on('message', (answer: KeepAnswer) => settle(answer.number, answer.trouble));
  worker.on('error', (error: Error) => {
    for (const number of [...pending.keys()]) settle(number, error.message);
    trouble = error.message;
  });
  worker.unref();
  return {
    keep: (slot, bytes, frames, linkType) => {
      if (pending.size >= KEEP_SLOTS) {
        leftOut += frames;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        pending.set(slot.number, { frames, resolve });
        const job: KeepJob = { slot: { number: slot.number, buffer: slot.buffer }, bytes, linkType };
        worker.postMessage(job);
      });
    },
    get leftOut() {
      return leftOut;
    },
    get trouble() {
      return trouble;
    },
    stop: async () => {
      await worker.terminate();
    },
  };
}
