// Where the time of a replay goes: processor time of each thread, and of the engine.
import { readdirSync } from 'node:fs';
import { DEFAULT_WORKERS } from '../cli/ingest.ts';
import { TELESCOPE } from './captures/mixes.ts';
import type { BenchCase } from './case.ts';
import { median } from './contest.ts';
import { telescopeDay } from './day.ts';
import { ingest } from './ingest.ts';
import { processorSeconds } from './processor.ts';
import { enginePid } from './soak/command.ts';

const LOOK_MS = 100;

/** Processor seconds by what spends them. */
interface Spent {
  main: number;
  workers: number;
  /** Of Node: reading files, collecting garbage, compiling. */
  others: number;
  engine: number;
  whole: number;
}

export const PROFILE: BenchCase = {
  name: 'profile',
  title: 'where the time of the telescope’s day goes: processor time by thread',
  packets: 20_000_000,
  run: async ({ cache, packets, seed, runs }) => {
    if (process.platform !== 'linux') {
      console.log('not measured: the time of threads is read as Linux tells it');
      return undefined;
    }
    const all: Spent[] = [];
    for (let run = 0; run < runs; run++) all.push(await spentBy(telescopeDay(cache, packets, seed), packets));
    const line = (what: string, value: (spent: Spent) => number) => {
      const seconds = median(all.map(value));
      const each = ((seconds * 1e9) / packets).toFixed(0);
      return `${what.padEnd(58)} ${seconds.toFixed(2).padStart(7)} s ${each.padStart(6)} ns a packet`;
    };
    const lines = [
      `${packets.toLocaleString('en')} packets, median of ${runs} runs; finalising included`,
      '',
      line('main thread: reads, finds units, their identity, writes blocks', ({ main }) => main),
      line('workers: decode, classify, count, sort', ({ workers }) => workers),
      line('other threads of Node', ({ others }) => others),
      line('engine: inserts, finalises', ({ engine }) => engine),
      line('all', ({ main, workers, others, engine }) => main + workers + others + engine),
      line('on the clock', ({ whole }) => whole),
    ];
    return { text: lines.join('\n'), bars: [] };
  },
};

async function spentBy(capture: string, packets: number): Promise<Spent> {
  const threads = new Map<string, number>();
  let engine = 0;
  let pid = 0;
  let look: NodeJS.Timeout | undefined;
  try {
    const { whole } = await ingest({
      capture,
      darknet: TELESCOPE.darknet,
      packets,
      started: (its, data) => {
        pid = its;
        let itsEngine: number | undefined;
        look = setInterval(() => {
          for (const thread of threadsOf(pid)) threads.set(thread, processorSeconds(pid, threads.get(thread), thread));
          itsEngine ??= enginePid(data);
          if (itsEngine) engine = processorSeconds(itsEngine, engine);
        }, LOOK_MS);
      },
    });
    const main = threads.get(String(pid)) ?? 0;
    threads.delete(String(pid));
    const rest = [...threads.values()].sort((a, b) => b - a);
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    const workers = sum(rest.slice(0, DEFAULT_WORKERS));
    return { main, workers, others: sum(rest.slice(DEFAULT_WORKERS)), engine, whole };
  } finally {
    clearInterval(look);
  }
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}
