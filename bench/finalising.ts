// How long a telescope's day takes to be finalised, statement by statement, beside the barest question that has the same facts.

import type { Connection } from '../store/database.ts';
import { CURRENT_VIEWS } from '../store/ddl.ts';
import { finaliseSensor } from '../store/finalise/finalise.ts';
import { readSensors, type Sensor } from '../store/sensors.ts';
import { openStore } from '../store/store.ts';
import { DISTINCT, type Mix, TELESCOPE } from './captures/mixes.ts';
import type { BenchCase, CaseOptions } from './case.ts';
import { median, spread } from './contest.ts';
import { telescopeDay } from './day.ts';
import { ingest } from './ingest.ts';
import { processorSeconds } from './processor.ts';
import { atMost } from './results.ts';
import { enginePid } from './soak/command.ts';

const MOST_SECONDS = 2;

/**
 * What a statement finds out of all flows, by the table it makes, or less: no classes, no categories, no days, nothing written.
 * @see store/finalise/sources.ts, store/finalise/hits.ts
 */
const BARE: Record<string, string> = {
  sourceDays: 'SELECT srcAddr, sum(packets), groupBitmap(dstPort) FROM flows GROUP BY srcAddr',
  portHits: `SELECT kind, proto, dstPort, sum(packets), uniqExact(toUInt32(toUInt128(srcAddr))) FROM flows
    GROUP BY kind, proto, dstPort`,
};

/** Of each run, in seconds. */
interface Taken {
  clock: number[];
  processor: number[];
}

export const FINALISING: BenchCase = {
  name: 'finalising',
  title: 'how long the telescope’s day takes to be finalised, and why',
  packets: 20_000_000,
  run: async (options) => {
    const { text, whole } = await finalising(options, TELESCOPE);
    return { text, bars: [atMost('finalising', MOST_SECONDS, median(whole.clock), ' s')] };
  },
};

export const FINALISING_DISTINCT: BenchCase = {
  name: 'finalising-distinct',
  title: 'the same of a day of a /8, with nearly as many sources as packets',
  packets: 20_000_000,
  run: async (options) => ({ text: (await finalising(options, DISTINCT)).text, bars: [] }),
};

async function finalising(
  { cache, packets, seed, runs }: CaseOptions,
  mix: Mix,
): Promise<{ text: string; whole: Taken }> {
  const { darknet } = mix;
  const statements = new Map<string, Taken>();
  const bare = new Map<string, Taken>();
  const whole: Taken = { clock: [], processor: [] };
  await ingest({ capture: telescopeDay(cache, packets, seed, mix), darknet, packets }, async (data) => {
    const db = await openStore({ directory: data });
    try {
      const [sensor] = await readSensors(db);
      if (sensor === undefined) throw new Error('the ingest has left no sensor');
      const engine = enginePid(data) ?? 0;
      for (let run = 0; run < runs; run++) {
        await finaliseAnew(db, engine, sensor, statements, whole);
        for (const [table, question] of Object.entries(BARE))
          await timed(engine, takenBy(bare, table), () => db.command(`${question} FORMAT Null`));
      }
    } finally {
      await db.close();
    }
  });
  const lines = [
    `${packets.toLocaleString('en')} packets, median of ${runs} runs; processor: seconds of the engine on all cores`,
    '',
    `${'makes'.padEnd(18)} ${'seconds (least–most)'.padEnd(22)} processor   barest question: seconds   processor`,
    ...[...statements].map(([made, taken]) => line(made, taken, bare.get(made))),
    line('all', whole, together([...bare.values()])),
  ];
  return { text: lines.join('\n'), whole };
}

/** As after the first ingest: nothing is known of any day. */
async function finaliseAnew(
  db: Connection,
  engine: number,
  sensor: Sensor,
  statements: Map<string, Taken>,
  whole: Taken,
): Promise<void> {
  for (const table of ['days', 'months', 'years', ...CURRENT_VIEWS.map((view) => view.table)])
    await db.command(`TRUNCATE TABLE ${table}`);
  const spans = new Map<string, Span>();
  const watched: Connection = {
    ...db,
    command: async (sql, parameters) => {
      const [, table = 'other'] = /INSERT INTO (\w+)/.exec(sql) ?? [];
      const span = spans.get(table) ?? { began: now(engine), ended: now(engine) };
      spans.set(table, span);
      await db.command(sql, parameters);
      span.ended = now(engine);
    },
  };
  await timed(engine, whole, () => finaliseSensor(watched, sensor));
  for (const [table, span] of spans) take(takenBy(statements, table), span);
}

interface Moment {
  clock: number;
  processor: number;
}

/** A table may be made by several statements: from the beginning of the first to the end of the last. */
interface Span {
  began: Moment;
  ended: Moment;
}

const now = (engine: number): Moment => ({ clock: performance.now() / 1000, processor: processorSeconds(engine) });

function take(taken: Taken, { began, ended }: Span): void {
  taken.clock.push(ended.clock - began.clock);
  taken.processor.push(ended.processor - began.processor);
}

function takenBy(all: Map<string, Taken>, name: string): Taken {
  const taken = all.get(name) ?? { clock: [], processor: [] };
  all.set(name, taken);
  return taken;
}

async function timed<T>(engine: number, taken: Taken, work: () => Promise<T>): Promise<T> {
  const began = now(engine);
  const done = await work();
  take(taken, { began, ended: now(engine) });
  return done;
}

function together(all: readonly Taken[]): Taken {
  const sums = (values: (taken: Taken) => readonly number[]) =>
    (all[0] ? values(all[0]) : []).map((_, run) => all.reduce((sum, taken) => sum + (values(taken)[run] ?? 0), 0));
  return { clock: sums(({ clock }) => clock), processor: sums(({ processor }) => processor) };
}

function line(name: string, { clock, processor }: Taken, bare: Taken | undefined): string {
  const own = `${name.padEnd(18)} ${spread(clock).padEnd(22)} ${median(processor).toFixed(2).padStart(9)}`;
  if (bare === undefined) return own;
  return `${own}   ${median(bare.clock).toFixed(2).padStart(24)} ${median(bare.processor).toFixed(2).padStart(11)}`;
}
