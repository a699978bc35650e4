// A run of the fuzzer: threads that examine mutants, and the watch over them that they cannot keep themselves: time and memory.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Seed } from './corpus.ts';
import type { FuzzFault, FuzzJob } from './worker.ts';

export interface FuzzPlan {
  seeds: Seed[];
  seed: number;
  /** The first mutant, and the one behind the last. */
  from: number;
  runs: number;
  seconds: number;
  threads: number;
  onProgress?: (done: number) => void;
}

export interface FuzzResult {
  mutants: number;
  frames: number;
  seconds: number;
  /** Largest size of the process, in bytes. */
  peak: number;
  faults: FuzzFault[];
}

/** A mutant may take this long. */
const HANG_MS = 5000;
/** Node's exit code for a top-level await that nothing will ever settle. */
const NEVER_SETTLED = 13;
const WATCH_MS = 250;
const PROGRESS_MS = 10_000;
/** Most memory of the process: itself, and for each thread its heap, its slots and tables. */
const BASE_BYTES = 400e6;
const THREAD_BYTES = 300e6;

export async function fuzz(plan: FuzzPlan): Promise<FuzzResult> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'umbrascope-fuzz-'));
  const started = Date.now();
  const result: FuzzResult = { mutants: 0, frames: 0, seconds: 0, peak: 0, faults: [] };
  try {
    const threads = Array.from({ length: plan.threads }, (_, number) => startThread(plan, number, scratch, result));
    await watch(threads, plan, result);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  result.seconds = (Date.now() - started) / 1000;
  return result;
}

interface Thread {
  worker: Worker;
  /** See FuzzJob. */
  counter: Int32Array;
  ended: boolean;
}

function startThread(plan: FuzzPlan, number: number, scratch: string, result: FuzzResult): Thread {
  const counter = new Int32Array(new SharedArrayBuffer(8));
  const job: FuzzJob = {
    seeds: plan.seeds,
    seed: plan.seed,
    first: plan.from + number,
    step: plan.threads,
    runs: plan.runs,
    until: Date.now() + plan.seconds * 1000,
    counter: counter.buffer as SharedArrayBuffer,
    scratch,
  };
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: job });
  const thread: Thread = { worker, counter, ended: false };
  worker.on('message', (message: FuzzFault | { frames: number }) => {
    if ('frames' in message) result.frames += message.frames;
    else result.faults.push(message);
  });
  worker.once('error', (error) =>
    result.faults.push({ number: counter[0] ?? 0, faults: [`it ends the thread: ${error.message}`] }),
  );
  // A promise that never settles leaves the thread nothing to do, and it ends.
  worker.once('exit', (code) => {
    thread.ended = true;
    if (code === NEVER_SETTLED) result.faults.push({ number: counter[0] ?? 0, faults: ['reading it never ends'] });
  });
  return thread;
}

async function watch(threads: readonly Thread[], plan: FuzzPlan, result: FuzzResult): Promise<void> {
  const most = BASE_BYTES + THREAD_BYTES * plan.threads;
  const since = threads.map(() => ({ at: -1, time: Date.now() }));
  let told = Date.now();
  while (threads.some(({ ended }) => !ended)) {
    await sleep(WATCH_MS);
    const rss = process.memoryUsage.rss();
    const tooLarge = rss > most && result.peak <= most;
    result.peak = Math.max(result.peak, rss);
    result.mutants = threads.reduce((sum, { counter }) => sum + (counter[1] ?? 0), 0);
    for (const [number, { worker, counter, ended }] of threads.entries()) {
      const at = counter[0] ?? 0;
      if (tooLarge) result.faults.push({ number: at, faults: [`the process is ${rss} bytes large`] });
      const last = since[number];
      if (last?.at !== at) since[number] = { at, time: Date.now() };
      else if (!ended && Date.now() - last.time > HANG_MS) {
        result.faults.push({ number: at, faults: [`not read after ${HANG_MS} ms`] });
        await worker.terminate();
      }
    }
    if (Date.now() - told < PROGRESS_MS) continue;
    told = Date.now();
    plan.onProgress?.(result.mutants);
  }
  result.mutants = threads.reduce((sum, { counter }) => sum + (counter[1] ?? 0), 0);
}
