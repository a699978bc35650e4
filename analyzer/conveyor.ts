// The conveyor of slots between the thread that reads and the threads that count; this is its whole protocol.
//
//        acquire()            count()              result
//   free ────────► filling ────────────► counting ────────► counted ────────► free
//        (main owns)      (one worker owns)       (main owns)     release()
//
// A slot is a SharedArrayBuffer with room for one unit; small ones, many more, are for small files. Exactly one thread touches it at a
// time, and ownership moves with a message, so no atomics are needed: `postMessage` orders the writes before it against the reads after it.
//
// A worker adds unit after unit to its tables until it is told to collect: then it hands over what it has as blocks and begins anew. All
// that the workers count between two collections is a round. A worker does its jobs in the order in which it was given them, so a
// unit's round is known when the unit is given out.
import { Worker } from 'node:worker_threads';
import type { CaptureContext } from '../collector/formats/capture.ts';
import { SMALL_BYTES } from '../collector/source.ts';
import { SMALL_SLOT_BYTES } from '../collector/units.ts';
import type { Block } from './blocks.ts';
import { piecesOf } from './count/column-memory.ts';
import { type Slot, SlotPool } from './slots.ts';
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

/**
 * Small units go several in a message, since to wake a thread takes as long as to count some of them. `recycle` gives back memory of blocks
 * that are no longer needed; it is not answered.
 */
export type Job =
  | { what: 'units'; units: UnitJob[] }
  | { what: 'collect' }
  | { what: 'recycle'; pieces: ArrayBuffer[] };

export interface UnitsResult {
  what: 'units';
  /** In the order of the job's units. */
  accounts: UnitAccount[];
}

export interface CollectResult {
  what: 'collect';
  blocks: Block[];
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
  /** Waits for a free slot. @param most bytes that will be put into it at most, where that is known: then it may be a small one */
  acquire(most?: number): Promise<Slot>;
  /** Hands the slot's unit to a worker; when the promise settles the slot is the caller's again, to `release`. */
  count(slot: Slot, from: number, to: number, context: CaptureContext, config?: number): Promise<Counted>;
  release(slot: Slot): void;
  /** Ends the round: its blocks, in the order of the workers. It settles after every `count` whose unit is in it. */
  collect(): Promise<Round>;
  /** For how long the workers have worked, all together, in milliseconds. */
  busyMs(): number;
  stop(): Promise<void>;
}

interface UnitWaiting {
  job: UnitJob;
  resolve: (counted: Counted) => void;
  reject: (error: Error) => void;
}

/** What a worker was given and has not answered yet, in order. */
type Given = { units: UnitWaiting[]; round: number } | { collecting: Collecting };

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
/** Units of a job at most, and bytes of them unless it is one. */
const MOST_UNITS = 24;
const MOST_JOB_BYTES = 1 << 22;

/**
 * Starts a thread, and up to `workers` of them as there is work for more (to start one takes a tenth of a second of computing, as long as
 * to count half a million packets), with slots for all they hold and two more: one being filled, one waiting.
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
  const large = new SlotPool(0, DEPTH * workers + spareSlots, slotBytes);
  // Memory that is not used is not taken.
  const small = new SlotPool(large.slots.length, MOST_UNITS * (DEPTH * workers + spareSlots), SMALL_SLOT_BYTES);
  const slots = [...large.slots, ...small.slots].map(({ buffer }) => buffer);
  const queue: UnitWaiting[] = [];
  let round = 0;
  let failure: Error | undefined;

  const crews: Crew[] = [];
  const begin = (): Crew => {
    const workerData: WorkerSetup = { configs, slots };
    const worker = new Worker(new URL('./worker-bundle.js', import.meta.url), { workerData });
    const crew: Crew = { worker, given: [], round };
    worker.on('message', (result: UnitsResult | CollectResult) => {
      const first = crew.given.shift();
      if (first === undefined) return;
      if ('collecting' in first) takeBlocks(crews, first.collecting, crew, (result as CollectResult).blocks);
      else {
        const { accounts } = result as UnitsResult;
        for (const [i, { resolve }] of first.units.entries()) resolve({ account: accounts[i], round: first.round });
      }
      dispatch();
    });
    worker.on('error', fail);
    crews.push(crew);
    return crew;
  };
  begin();
  const dispatch = () => {
    while (queue.length > 0) {
      const idlest = crews.reduce((least, other) => (other.given.length < least.given.length ? other : least));
      const crew = idlest.given.length > 0 && crews.length < workers ? begin() : idlest;
      if (crew.given.length >= DEPTH) return;
      const units = queue.splice(0, unitsOfJob(queue));
      crew.given.push({ units, round: crew.round });
      crew.worker.postMessage({ what: 'units', units: units.map(({ job }) => job) } satisfies Job);
    }
  };
  function fail(error: Error): void {
    failure = error;
    for (const { reject } of queue.splice(0)) reject(error);
    for (const crew of crews) {
      for (const given of crew.given.splice(0)) {
        for (const { reject } of 'collecting' in given ? [given.collecting] : given.units) reject(error);
      }
    }
  }

  return {
    acquire: (most) => (most !== undefined && most <= SMALL_BYTES ? small : large).acquire(),
    count: async (slot, from, to, context, config = 0) => {
      if (failure) throw failure;
      return await new Promise<Counted>((resolve, reject) => {
        queue.push({ job: { slot: slot.number, from, to, context, config }, resolve, reject });
        dispatch();
      });
    },
    release: (slot) => (slot.number < large.slots.length ? large : small).release(slot),
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
    busyMs: () => crews.reduce((sum, { worker }) => sum + worker.performance.eventLoopUtilization().active, 0),
    stop: async () => {
      await Promise.all(crews.map(({ worker }) => worker.terminate()));
    },
  };
}

/** How many units from the first on go into one job. */
function unitsOfJob(queue: readonly UnitWaiting[]): number {
  let bytes = 0;
  let units = 0;
  while (units < Math.min(queue.length, MOST_UNITS)) {
    const { from, to } = queue[units].job;
    bytes += to - from;
    if (units > 0 && bytes > MOST_JOB_BYTES) break;
    units++;
  }
  return units;
}

function takeBlocks(crews: readonly Crew[], collecting: Collecting, crew: Crew, blocks: Block[]): void {
  collecting.blocks[crews.indexOf(crew)] = blocks;
  collecting.missing--;
  if (collecting.missing > 0) return;
  const release = () => {
    for (const [number, ofWorker] of collecting.blocks.entries()) {
      const pieces = piecesOf(ofWorker.flatMap(({ columns }) => Object.values(columns)));
      crews[number].worker.postMessage({ what: 'recycle', pieces } satisfies Job, pieces);
    }
  };
  collecting.resolve({ round: collecting.round, blocks: collecting.blocks.flat(), release });
}
