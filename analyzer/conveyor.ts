// The conveyor of slots between the thread that reads and the threads that count; this is its whole protocol.
//
//        acquire()            count()              result
//   free ────────► filling ────────────► counting ────────► counted ────────► free
//        (main owns)      (one worker owns)       (main owns)     release()
//
// A slot is a SharedArrayBuffer with room for one unit. Exactly one thread touches it at a time, and ownership moves with a message,
// so no atomics are needed: `postMessage` orders the writes before it against the reads after it.
//
// A worker adds unit after unit to its tables until it is told to collect: then it hands over what it has as blocks and begins anew. All
// that the workers count between two collections is a round. A worker does its jobs in the order in which it was given them, so a
// unit's round is known when the unit is given out.
import { Worker } from 'node:worker_threads';
import type { CaptureContext } from '../collector/formats/capture.ts';
import type { Block } from './blocks.ts';
import { piecesOf } from './count/column-memory.ts';
import type { AnalyzerConfig, UnitAccount } from './unit.ts';

export interface WorkerSetup {
  configs: readonly AnalyzerConfig[];
  slots: SharedArrayBuffer[];
}

export interface UnitJob {
  what: 'unit';
  slot: number;
  from: number;
  to: number;
  context: CaptureContext;
  /** Which of the configurations to count with. */
  config: number;
}

/** `recycle` gives back memory of blocks that are no longer needed; it is not answered. */
export type Job = UnitJob | { what: 'collect' } | { what: 'recycle'; pieces: ArrayBuffer[] };

export interface UnitResult {
  what: 'unit';
  slot: number;
  account: UnitAccount;
}

export interface CollectResult {
  what: 'collect';
  blocks: Block[];
}

/** A slot that the caller owns until it gives it to `count` or `release`. */
export interface Slot {
  number: number;
  buffer: SharedArrayBuffer;
}

export interface Counted {
  account: UnitAccount;
  /** The round whose blocks the unit is in. */
  round: number;
}

export interface Round {
  round: number;
  blocks: Block[];
  /** Gives the blocks' memory back to the workers; the blocks are not to be used any more. */
  release(): void;
}

export interface Conveyor {
  /** Waits for a free slot. */
  acquire(): Promise<Slot>;
  /** Hands the slot's unit to a worker; when the promise settles the slot is the caller's again, to `release`. */
  count(slot: Slot, from: number, to: number, context: CaptureContext, config?: number): Promise<Counted>;
  release(slot: Slot): void;
  /** Ends the round: its blocks, in the order of the workers. It settles after every `count` whose unit is in it. */
  collect(): Promise<Round>;
  stop(): Promise<void>;
}

interface UnitWaiting {
  job: UnitJob;
  resolve: (counted: Counted) => void;
  reject: (error: Error) => void;
}

/** What a worker was given and has not answered yet, in order. */
type Given = (UnitWaiting & { round: number }) | { collecting: Collecting };

interface Crew {
  worker: Worker;
  given: Given[];
  round: number;
}

interface Collecting {
  round: number;
  /** By worker. */
  blocks: Block[][];
  missing: number;
  resolve: (round: Round) => void;
  reject: (error: Error) => void;
}

/** Jobs a worker holds: the one at hand and the next, so that it never waits for the thread that reads. */
const DEPTH = 2;

/**
 * Starts `workers` threads, with slots for all they hold and two more: one being filled, one waiting.
 * @param configs what units may be counted with: mostly one
 * @param slotBytes room of a slot
 * @param spareSlots besides those that the workers hold
 */
export function startConveyor(
  configs: readonly AnalyzerConfig[],
  workers: number,
  slotBytes: number,
  spareSlots = 2,
): Conveyor {
  const slots = Array.from({ length: DEPTH * workers + spareSlots }, () => new SharedArrayBuffer(slotBytes));
  const free: Slot[] = slots.map((buffer, number) => ({ number, buffer }));
  const waiting: ((slot: Slot) => void)[] = [];
  const queue: UnitWaiting[] = [];
  let round = 0;
  let failure: Error | undefined;

  const release = (slot: Slot) => {
    const next = waiting.shift();
    if (next) next(slot);
    else free.push(slot);
  };
  const crews = Array.from({ length: workers }, (): Crew => {
    const workerData: WorkerSetup = { configs, slots };
    const worker = new Worker(new URL('./worker-bundle.js', import.meta.url), { workerData });
    const crew: Crew = { worker, given: [], round: 0 };
    worker.on('message', (result: UnitResult | CollectResult) => {
      const first = crew.given.shift();
      if (first === undefined) return;
      if ('collecting' in first) takeBlocks(crews, first.collecting, crew, (result as CollectResult).blocks);
      else first.resolve({ account: (result as UnitResult).account, round: first.round });
      dispatch();
    });
    worker.on('error', fail);
    return crew;
  });
  const dispatch = () => {
    while (queue.length > 0) {
      const crew = crews.reduce((least, other) => (other.given.length < least.given.length ? other : least));
      if (crew.given.length >= DEPTH) return;
      const unit = queue.shift() as UnitWaiting;
      crew.given.push({ ...unit, round: crew.round });
      crew.worker.postMessage(unit.job);
    }
  };
  function fail(error: Error): void {
    failure = error;
    for (const { reject } of queue.splice(0)) reject(error);
    for (const crew of crews) {
      for (const given of crew.given.splice(0)) ('collecting' in given ? given.collecting : given).reject(error);
    }
  }

  return {
    acquire: () => {
      const slot = free.pop();
      return slot ? Promise.resolve(slot) : new Promise((resolve) => waiting.push(resolve));
    },
    count: async (slot, from, to, context, config = 0) => {
      if (failure) throw failure;
      return await new Promise<Counted>((resolve, reject) => {
        queue.push({ job: { what: 'unit', slot: slot.number, from, to, context, config }, resolve, reject });
        dispatch();
      });
    },
    release,
    collect: async () => {
      if (failure) throw failure;
      return await new Promise<Round>((resolve, reject) => {
        const collecting = { round, blocks: [], missing: crews.length, resolve, reject };
        round++;
        for (const crew of crews) {
          crew.given.push({ collecting });
          crew.round = round;
          crew.worker.postMessage({ what: 'collect' } satisfies Job);
        }
      });
    },
    stop: async () => {
      await Promise.all(crews.map(({ worker }) => worker.terminate()));
    },
  };
}

function takeBlocks(crews: readonly Crew[], collecting: Collecting, crew: Crew, blocks: Block[]): void {
  collecting.blocks[crews.indexOf(crew)] = blocks;
  collecting.missing--;
  if (collecting.missing > 0) return;
  const release = () => {
    for (const [number, { worker }] of crews.entries()) {
      const pieces = piecesOf(collecting.blocks[number].flatMap(({ columns }) => Object.values(columns)));
      worker.postMessage({ what: 'recycle', pieces } satisfies Job, pieces);
    }
  };
  collecting.resolve({ round: collecting.round, blocks: collecting.blocks.flat(), release });
}
