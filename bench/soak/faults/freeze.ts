// One thread of a process stopped while the others run: no signal can do that, but a tracer can (ptrace(2), as root). Linux, x64 and arm64.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import koffi from 'koffi';
import { succeeded } from '../../../collector/live/libc.ts';

const DETACH = 17;
const SEIZE = 0x4206;
const INTERRUPT = 0x4207;
const ALL_KINDS = 0x40000000; // __WALL: threads too
/** Numbers of the system calls poll and ppoll, one of which is how the C library sleeps in poll. */
const POLL = process.arch === 'arm64' ? ['73'] : ['7', '271'];
const WATCH_MS = 1000;
const LOOK_MS = 10;

const library = koffi.load('libc.so.6');
const ptrace = library.func('long ptrace(long, int, long, long)');
const waitpid = library.func('int waitpid(int, void *, int)');

/** Stops a thread; what is returned lets it go on. It goes on by itself when this process ends. */
export function freeze(thread: number): () => void {
  succeeded(Number(ptrace(SEIZE, thread, 0, 0)), `tracing thread ${thread}`);
  succeeded(Number(ptrace(INTERRUPT, thread, 0, 0)), `stopping thread ${thread}`);
  succeeded(waitpid(thread, null, ALL_KINDS), `waiting for thread ${thread}`);
  return () => {
    succeeded(Number(ptrace(DETACH, thread, 0, 0)), `letting thread ${thread} go on`);
  };
}

export interface SensorThreads {
  /** Reads the kernel's ring. */
  ring: number;
  /** The busiest of those that count. */
  counting: number;
}

/** Finds a sensor's threads by what they do while frames come in: the ring's sleeps in poll, the one that counts works most. */
export async function findThreads(pid: number): Promise<SensorThreads> {
  const tasks = () => readdirSync(`/proc/${pid}/task`).map(Number);
  const before = new Map(tasks().map((task) => [task, workedBy(pid, task)]));
  const polls = new Map<number, number>();
  for (const end = performance.now() + WATCH_MS; performance.now() < end; await sleep(LOOK_MS)) {
    for (const task of tasks()) {
      const call = readFileSync(`/proc/${pid}/task/${task}/syscall`, 'utf8').split(' ')[0] ?? '';
      if (POLL.includes(call)) polls.set(task, (polls.get(task) ?? 0) + 1);
    }
  }
  const [ring] = [...polls].sort(([, a], [, b]) => b - a)[0] ?? [];
  const worked = (task: number) => workedBy(pid, task) - (before.get(task) ?? 0);
  const others = tasks().filter((task) => task !== pid && task !== ring);
  const [counting] = others.sort((a, b) => worked(b) - worked(a));
  if (ring === undefined || counting === undefined || worked(counting) === 0)
    throw new Error(`process ${pid} has no threads that read a ring and count`);
  return { ring, counting };
}

/** Nanoseconds that a thread was on a processor. */
function workedBy(pid: number, task: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
}
