// Where the time goes: each stage of a worker's loop apart, on one thread, over a round of the day; then its blocks on their way into
// an embedded database; and what the thread that reads does with the same bytes.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unitId } from '../analyzer/unit.ts';
import { spoolBlocks } from '../cli/ingest/batcher.ts';
import { insertBatch } from '../cli/ingest/insert-batch.ts';
import { FILE_HEADER, openPcap, walkPcap } from '../collector/formats/pcap.ts';
import { writeBatch } from '../collector/spool.ts';
import { UNIT_BYTES } from '../collector/units.ts';
import type { Connection } from '../store/database.ts';
import { openStore } from '../store/store.ts';
import type { BenchCase } from './case.ts';
import { median, spread } from './contest.ts';
import { telescopeDay } from './day.ts';
import { builtRound, shared, timed, type Watch } from './round.ts';

const WARM_UP = 3;

export const STAGES: BenchCase = {
  name: 'stages',
  title: 'each stage apart, one thread, a round of the day',
  packets: 1_000_000,
  run: async ({ cache, packets, seed, runs }) => {
    const capture = readFileSync(telescopeDay(cache, packets, seed));
    const directory = mkdtempSync(path.join(tmpdir(), 'umbrascope-stages-'));
    const spool = path.join(directory, 'spool');
    mkdirSync(spool);
    try {
      const db = await openStore({ directory });
      try {
        const times = await measure(capture, db, spool, runs);
        return { text: stagesText(times, packets, runs), bars: [] };
      } finally {
        await db.close();
      }
    } finally {
      rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
    }
  },
};

/** Milliseconds of each run, by stage. */
type Times = Map<string, number[]>;

async function measure(capture: Buffer, db: Connection, spool: string, runs: number): Promise<Times> {
  const bytes = shared(capture);
  const times: Times = new Map();
  const round = await builtRound();
  for (let run = -WARM_UP; run < runs; run++) {
    const sums = new Map<string, number>();
    const watch: Watch = {
      now: () => performance.now(),
      took: (stage, milliseconds) => sums.set(stage, (sums.get(stage) ?? 0) + milliseconds),
    };
    readUnits(bytes, watch);
    const blocks = round.count(bytes, watch);
    const spooled = timed(watch, 'encode', () => spoolBlocks('bench', blocks));
    const batch = await timed(watch, 'write to the spool', () => writeBatch(spool, [], spooled, `run${run + WARM_UP}`));
    round.release(blocks);
    await timed(watch, 'insert', () => insertBatch(db, batch));
    if (run < 0) continue;
    for (const [stage, milliseconds] of sums) times.set(stage, [...(times.get(stage) ?? []), milliseconds]);
  }
  return times;
}

/** What is done with a unit before it is handed to a worker. */
function readUnits(bytes: Uint8Array<SharedArrayBuffer>, watch: Watch): void {
  const view = new DataView(bytes.buffer);
  const context = openPcap(view, 0);
  timed(watch, 'walk', () => walkPcap(view, FILE_HEADER, bytes.length, bytes.length, context));
  for (let at = FILE_HEADER; at < bytes.length; at += UNIT_BYTES) {
    const unit = bytes.subarray(at, at + UNIT_BYTES);
    timed(watch, 'identity (GMAC)', () => unitId(unit, context));
    timed(watch, '(it as SHA-256)', () => createHash('sha256').update(unit).digest());
  }
}

function stagesText(times: Times, packets: number, runs: number): string {
  const head = `${packets.toLocaleString('en')} packets; median of ${runs} runs (least–most)`;
  const lines = [...times].map(([stage, milliseconds]) => {
    const each = milliseconds.map((one) => (one * 1e6) / packets);
    const rate = (1000 / median(each)).toFixed(1).padStart(8);
    return `${stage.padEnd(20)} ${spread(each, 1).padEnd(24)} ns a packet ${rate} M packets/s`;
  });
  return [head, '', ...lines].join('\n');
}
