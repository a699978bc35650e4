// Where the time goes: each stage of a worker's loop apart, on one thread, over a round of the day; then its blocks on their way into
// an embedded database, and the identity of its units.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { coverageBlock, darkBlock, fateBlock, flowBlock, minuteBlock } from '../analyzer/blocks.ts';
import { compileRules, DEFAULT_RULES } from '../analyzer/classify/rules.ts';
import { DarkCounts } from '../analyzer/count/dark-counts.ts';
import { Flows } from '../analyzer/count/flows.ts';
import { HourCounts } from '../analyzer/count/hours.ts';
import { MinuteCounts } from '../analyzer/count/minutes.ts';
import { ProtocolCounts } from '../analyzer/count/protocols.ts';
import { MinuteSpans } from '../analyzer/count/spans.ts';
import { Addresses6 } from '../analyzer/decode/addresses6.ts';
import { Darknet, monitoredAddresses } from '../analyzer/decode/darknet.ts';
import { decodeFrames } from '../analyzer/decode/decode.ts';
import { createPacketColumns } from '../analyzer/decode/packets.ts';
import { unitId } from '../analyzer/unit.ts';
import { insertBatch, spoolBlocks } from '../cli/ingest/batcher.ts';
import { parsePrefix } from '../cli/options.ts';
import { createFrameColumns } from '../collector/formats/frames.ts';
import { FILE_HEADER, openPcap, readPcap, walkPcap } from '../collector/formats/pcap.ts';
import { writeBatch } from '../collector/spool.ts';
import { UNIT_BYTES } from '../collector/units.ts';
import type { Connection } from '../store/database.ts';
import type { Block } from '../store/native.ts';
import { openStore } from '../store/store.ts';
import type { BenchCase } from './case.ts';
import { median, spread } from './contest.ts';
import { DAY_DARKNET, telescopeDay } from './day.ts';

const WARM_UP = 3;
const LATEST = 4_000_000_000;

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
  const bytes = new Uint8Array(new SharedArrayBuffer(capture.length));
  bytes.set(capture);
  const times: Times = new Map();
  for (let run = -WARM_UP; run < runs; run++) {
    const spent = new Map<string, number>();
    const blocks = countRound(bytes, spent);
    const spooled = timed(spent, 'encode', () => spoolBlocks('bench', blocks));
    const batch = await timed(spent, 'write to the spool', () => writeBatch(spool, [], spooled, `run${run + WARM_UP}`));
    await timed(spent, 'insert', () => insertBatch(db, batch));
    if (run < 0) continue;
    for (const [stage, milliseconds] of spent) times.set(stage, [...(times.get(stage) ?? []), milliseconds]);
  }
  return times;
}

/** What a worker does with its units between two collections. */
function countRound(bytes: Uint8Array<SharedArrayBuffer>, spent: Map<string, number>): Block[] {
  const view = new DataView(bytes.buffer);
  const end = bytes.length;
  const context = openPcap(view, 0);
  const frames = createFrameColumns();
  const packets = createPacketColumns();
  const addresses = new Addresses6();
  const prefixes = [parsePrefix(DAY_DARKNET)];
  const darknet = new Darknet(prefixes);
  const rules = compileRules(DEFAULT_RULES);
  const flows = new Flows();
  const dark = new DarkCounts(darknet, false, (hour) => Math.floor(hour / 24));
  const minutes = new MinuteCounts(rules);
  const hours = new HourCounts();
  const protocols = new ProtocolCounts();
  const spans = new MinuteSpans();
  const limits = { earliest: 1, latest: LATEST, darknet };
  timed(spent, 'walk', () => walkPcap(view, FILE_HEADER, end, end, context));
  for (let at = FILE_HEADER; at < end; at += UNIT_BYTES) {
    const unit = bytes.subarray(at, at + UNIT_BYTES);
    timed(spent, 'identity (GMAC)', () => unitId(unit, context));
    timed(spent, '(it as SHA-256)', () => createHash('sha256').update(unit).digest());
  }
  for (let at = FILE_HEADER; at < end; ) {
    at = timed(spent, 'read', () => readPcap(view, at, end, context, frames));
    timed(spent, 'decode, classify', () => decodeFrames(view, frames, packets, addresses, limits));
    timed(spent, 'find minutes', () => spans.find(frames));
    timed(spent, 'count flows', () => flows.add(frames, packets, spans));
    timed(spent, 'count dark', () => dark.add(frames, packets, spans));
    timed(spent, 'count minutes', () => minutes.add(frames, packets, spans));
    timed(spent, 'count hours', () => hours.add(frames, packets, spans, 1, LATEST));
    timed(spent, 'count protocols', () => protocols.add(frames.rows, packets));
  }
  return timed(spent, 'sort into blocks', () => [
    flowBlock(flows.take(), addresses),
    darkBlock(dark, addresses),
    minuteBlock(minutes, rules.categories),
    fateBlock(hours),
    coverageBlock(hours, monitoredAddresses(prefixes)),
  ]);
}

/** Adds what the work took to its stage; of a promise, until it settles. */
function timed<T>(spent: Map<string, number>, stage: string, work: () => T): T {
  const started = performance.now();
  const end = () => {
    spent.set(stage, (spent.get(stage) ?? 0) + performance.now() - started);
  };
  const result = work();
  if (result instanceof Promise) result.then(end, end);
  else end();
  return result;
}

function stagesText(times: Times, packets: number, runs: number): string {
  const head = `${packets.toLocaleString('en')} packets; median of ${runs} runs (least–most)`;
  const lines = [...times].map(([stage, milliseconds]) => {
    const each = milliseconds.map((one) => (one * 1e6) / packets);
    const rate = (1000 / median(each)).toFixed(1).padStart(8);
    return `${stage.padEnd(20)} ${spread(each, 1).padEnd(22)} ns a packet ${rate} M packets/s`;
  });
  return [head, '', ...lines].join('\n');
}
