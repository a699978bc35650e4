// The thread that examines mutants, one after another; the shared counter tells the watching thread which one it is at.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { largestAllocation, watchAllocations } from './allocations.ts';
import type { Seed } from './corpus.ts';
import { createExaminer } from './examine.ts';
import { mutantOf } from './mutate.ts';

export interface FuzzJob {
  seeds: Seed[];
  seed: number;
  /** This thread's mutants: first, first + step, … */
  first: number;
  step: number;
  runs: number;
  /** Milliseconds since 1970 when it ends, however many there were. */
  until: number;
  /** Word 0: the mutant it is at; word 1: mutants done. */
  counter: SharedArrayBuffer;
  /** Directory for mutants that are read as files. */
  scratch: string;
}

export interface FuzzFault {
  number: number;
  faults: string[];
}

/** What an array may take: tables begin with less, and grow with the rows there are. */
const ALLOWED_BYTES = 1 << 22;
const ALLOWED_TIMES = 64;

const job = workerData as FuzzJob;
watchAllocations();
const examiner = createExaminer();
largestAllocation();
const counter = new Int32Array(job.counter);
for (let number = job.first; number < job.runs && Date.now() < job.until; number += job.step) {
  Atomics.store(counter, 0, number);
  const { bytes, compressed } = mutantOf(job.seeds, job.seed, number);
  const faults = await examined(bytes, compressed).catch((error: Error) => [error.stack ?? error.message]);
  const largest = largestAllocation();
  if (largest > ALLOWED_BYTES + ALLOWED_TIMES * bytes.length) {
    faults.push(`an array of ${largest} bytes for ${bytes.length} bytes read`);
  }
  if (faults.length > 0) parentPort?.postMessage({ number, faults } satisfies FuzzFault);
  Atomics.add(counter, 1, 1);
}
parentPort?.postMessage({ frames: examiner.frames() });

async function examined(bytes: Uint8Array, compressed: boolean): Promise<string[]> {
  if (!compressed) return examiner.faultsOf(bytes);
  const file = path.join(job.scratch, `mutant-${job.first}.gz`);
  writeFileSync(file, bytes);
  return examiner.faultsOfFile(file);
}
