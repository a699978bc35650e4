// The conveyor of slots between the thread that reads and the threads that count; this is its whole protocol.
//
//        acquire()            count()              result
//   free ────────► filling ────────────► counting ────────► counted ────────► free
//        (main owns)      (one worker owns)       (main owns)     release()
//
// A slot is a SharedArrayBuffer with room for one unit. Exactly one thread touches it at a time, and ownership moves with a message,
// so no atomics are needed: `postMessage` orders the writes before it against the reads after it.
import { Worker } from 'node:worker_threads';
import type { CaptureContext } from '../collector/formats/capture.ts';
import type { Block } from './blocks.ts';
import type { AnalyzerConfig, UnitAccount } from './unit.ts';

export interface WorkerSetup {
  configs: readonly AnalyzerConfig[];
  slots: SharedArrayBuffer[];
}

export interface UnitJob {
  slot: number;
  from: number;
  to: number;
  context: CaptureContext;
  /** Which of the configurations to count with. */
  config: number;
}

export interface UnitResult {
  slot: number;
  /** The unit's identity: see unit.ts. */
  id: string;
  blocks: Block[];
  account: UnitAccount;
}

/** A slot that the caller owns until it gives it to `count` or `release`. */
export interface Slot {
  number: number;
  buffer: SharedArrayBuffer;
}

export interface Conveyor {
  /** Waits for a free slot. */
  acquire(): Promise<Slot>;
  /** Hands the slot's unit to a free worker; when the promise settles the slot is the caller's again, to `release`. */
  count(
    slot: Slot,
    from: number,
    to: number,
    context: CaptureContext,
    config?: number,
  ): Promise<Omit<UnitResult, 'slot'>>;
  release(slot: Slot): void;
  stop(): Promise<void>;
}

interface Pending {
  job: UnitJob;
  resolve: (result: UnitResult) => void;
  reject: (error: Error) => void;
}

/**
 * Starts `workers` threads with two slots more than there are workers: one being filled, one waiting.
 * @param configs what units may be counted with: mostly one
 * @param slotBytes room of a slot
 */
export function startConveyor(configs: readonly AnalyzerConfig[], workers: number, slotBytes: number): Conveyor {
  const slots = Array.from({ length: workers + 2 }, () => new SharedArrayBuffer(slotBytes));
  const free: Slot[] = slots.map((buffer, number) => ({ number, buffer }));
  const waiting: ((slot: Slot) => void)[] = [];
  const queue: Pending[] = [];
  const idle: Worker[] = [];
  const busy = new Map<Worker, Pending>();
  let failure: Error | undefined;

  const release = (slot: Slot) => {
    const next = waiting.shift();
    if (next) next(slot);
    else free.push(slot);
  };
  const dispatch = () => {
    while (queue.length > 0 && idle.length > 0) {
      const worker = idle.shift() as Worker;
      const pending = queue.shift() as Pending;
      busy.set(worker, pending);
      worker.postMessage(pending.job);
    }
  };
  const fail = (error: Error) => {
    failure = error;
    for (const pending of [...busy.values(), ...queue.splice(0)]) pending.reject(error);
    busy.clear();
  };
  const all = slots.slice(0, workers).map(() => {
    const workerData: WorkerSetup = { configs, slots };
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData });
    worker.on('message', (result: UnitResult) => {
      const pending = busy.get(worker);
      busy.delete(worker);
      idle.push(worker);
      pending?.resolve(result);
      dispatch();
    });
    worker.on('error', fail);
    idle.push(worker);
    return worker;
  });

  return {
    acquire: () => {
      const slot = free.pop();
      return slot ? Promise.resolve(slot) : new Promise((resolve) => waiting.push(resolve));
    },
    count: async (slot, from, to, context, config = 0) => {
      if (failure) throw failure;
      return await new Promise<UnitResult>((resolve, reject) => {
        queue.push({ job: { slot: slot.number, from, to, context, config }, resolve, reject });
        dispatch();
      });
    },
    release,
    stop: async () => {
      await Promise.all(all.map((worker) => worker.terminate()));
    },
  };
}
