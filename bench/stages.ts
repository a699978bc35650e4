// Where the time goes: each stage of a worker's loop apart, on one thread, over one unit of the day; and the identity of a unit.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { flowBlock } from '../analyzer/blocks.ts';
import { compileRules, DEFAULT_RULES } from '../analyzer/classify/rules.ts';
import { DarkCounts } from '../analyzer/count/dark-counts.ts';
import { Flows } from '../analyzer/count/flows.ts';
import { HourCounts } from '../analyzer/count/hours.ts';
import { MinuteCounts } from '../analyzer/count/minutes.ts';
import { ProtocolCounts } from '../analyzer/count/protocols.ts';
import { MinuteSpans } from '../analyzer/count/spans.ts';
import { Addresses6 } from '../analyzer/decode/addresses6.ts';
import { Darknet } from '../analyzer/decode/darknet.ts';
import { decodeFrames } from '../analyzer/decode/decode.ts';
import { createPacketColumns } from '../analyzer/decode/packets.ts';
import { unitId } from '../analyzer/unit.ts';
import { parsePrefix } from '../cli/options.ts';
import { createFrameColumns } from '../collector/formats/frames.ts';
import { FILE_HEADER, openPcap, readPcap, walkPcap } from '../collector/formats/pcap.ts';
import { UNIT_BYTES } from '../collector/units.ts';
import { DAY_DARKNET, telescopeDay } from './day.ts';
import { machineText, median } from './machine.ts';

const PACKETS = 500_000;
const ROUNDS = 15;
const WARM_UP = 3;
const LATEST = 4_000_000_000;

export async function benchStages(cache: string): Promise<void> {
  const view = new DataView(new SharedArrayBuffer(UNIT_BYTES));
  const file = openSync(telescopeDay(cache, PACKETS), 'r');
  const filled = readSync(file, new Uint8Array(view.buffer), 0, UNIT_BYTES, 0);
  closeSync(file);
  const context = openPcap(view, 0);
  const { at: end } = walkPcap(view, FILE_HEADER, filled, filled, context);
  const frames = createFrameColumns();
  const packets = createPacketColumns();
  const addresses = new Addresses6();
  const flows = new Flows();
  const protocols = new ProtocolCounts();
  const prefix = parsePrefix(DAY_DARKNET);
  const darknet = new Darknet([prefix]);
  const dark = new DarkCounts(darknet, false, (hour) => Math.floor(hour / 24));
  const spans = new MinuteSpans();
  const minutes = new MinuteCounts(compileRules(DEFAULT_RULES));
  const hours = new HourCounts();
  const limits = { earliest: 1, latest: LATEST, darknet };
  const bytes = new Uint8Array(view.buffer, FILE_HEADER, end - FILE_HEADER);
  const times: Record<string, number[]> = {};
  let read = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const spent: Record<string, number> = {};
    const timed = (stage: string, work: () => void) => {
      const started = performance.now();
      work();
      spent[stage] = (spent[stage] ?? 0) + performance.now() - started;
    };
    for (const table of [dark, minutes, hours]) table.clear();
    read = 0;
    timed('walk', () => walkPcap(view, FILE_HEADER, filled, filled, context));
    timed('identity (GMAC)', () => unitId(bytes, context));
    timed('the same as SHA-256', () => createHash('sha256').update(bytes).digest());
    for (let at = FILE_HEADER; at < end; ) {
      timed('read', () => {
        at = readPcap(view, at, end, context, frames);
      });
      timed('decode, classify', () => decodeFrames(view, frames, packets, addresses, limits));
      timed('find minutes', () => spans.find(frames));
      timed('count flows', () => flows.add(frames, packets, spans));
      timed('count dark', () => dark.add(frames, packets, spans));
      timed('count minutes', () => minutes.add(frames, packets, spans));
      timed('count hours', () => hours.add(frames, packets, spans, 1, LATEST));
      timed('count protocols', () => protocols.add(frames.rows, packets));
      read += frames.rows;
    }
    timed('sort flows into rows', () => flowBlock(flows.take(), addresses));
    if (round < WARM_UP) continue;
    for (const [stage, milliseconds] of Object.entries(spent)) {
      times[stage] = [...(times[stage] ?? []), milliseconds];
    }
  }
  console.log(
    `${machineText()}\nstages: one thread, ${read.toLocaleString('en')} packets, median of ${ROUNDS - WARM_UP}\n`,
  );
  for (const [stage, all] of Object.entries(times)) {
    const each = (median(all) * 1e6) / read;
    console.log(
      `${stage.padEnd(22)} ${each.toFixed(1).padStart(7)} ns a packet ${(1000 / each).toFixed(1).padStart(8)} M packets/s`,
    );
  }
}
