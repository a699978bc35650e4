// A round of counting as a worker does it, each stage timed by itself, on one thread. It is built as one file, as the worker is
// (vite.config.ts), and to be loaded from there.
import {
  type Block,
  coverageBlock,
  darkBlock,
  fateBlock,
  flowBlock,
  minuteBlock,
  portHourBlock,
} from '../analyzer/blocks.ts';
import { compileRules, DEFAULT_RULES } from '../analyzer/classify/rules.ts';
import { ColumnMemory, piecesOf } from '../analyzer/count/column-memory.ts';
import { DarkCounts } from '../analyzer/count/dark-counts.ts';
import type { FlowRows } from '../analyzer/count/flow-rows.ts';
import { Flows } from '../analyzer/count/flows.ts';
import { HourCounts } from '../analyzer/count/hours.ts';
import { MinuteCounts } from '../analyzer/count/minutes.ts';
import { PortHours } from '../analyzer/count/port-hours.ts';
import { ProtocolCounts } from '../analyzer/count/protocols.ts';
import { MinuteSpans } from '../analyzer/count/spans.ts';
import { Addresses6 } from '../analyzer/decode/addresses6.ts';
import { Darknet, monitoredAddresses } from '../analyzer/decode/darknet.ts';
import { decodeFrames } from '../analyzer/decode/decode.ts';
import { createPacketColumns } from '../analyzer/decode/packets.ts';
import { parsePrefix } from '../cli/options.ts';
import { createFrameColumns } from '../collector/formats/frames.ts';
import { FILE_HEADER, openPcap, readPcap } from '../collector/formats/pcap.ts';
import { DAY_DARKNET } from './day.ts';

export interface Watch {
  /** Milliseconds: of a clock, or of processor time. */
  now(): number;
  /** Takes what a stage took: of every batch, most of them. */
  took(stage: string, milliseconds: number): void;
}

/** The built round. */
export async function builtRound(): Promise<StagedRound> {
  const built: typeof import('./round.ts') = await import(new URL('./round-bundle.js', import.meta.url).href);
  return new built.StagedRound();
}

/** As a slot is: shared with other threads. */
export function shared(capture: Buffer): Uint8Array<SharedArrayBuffer> {
  const bytes = new Uint8Array(new SharedArrayBuffer(capture.length));
  bytes.set(capture);
  return bytes;
}

export const PLAIN_WALK = '(a plain walk)';

const LATEST = 4_000_000_000;

/** Tables of a worker, used for round after round. */
export class StagedRound {
  #frames = createFrameColumns();
  #packets = createPacketColumns();
  #addresses = new Addresses6();
  #prefixes = [parsePrefix(DAY_DARKNET)];
  #darknet = new Darknet(this.#prefixes);
  #rules = compileRules(DEFAULT_RULES);
  #memory = new ColumnMemory();
  #flows = new Flows(this.#memory);
  #ports = new PortHours((hour) => Math.floor(hour / 24));
  #dark = new DarkCounts(this.#darknet, false, (hour) => Math.floor(hour / 24));
  #minutes = new MinuteCounts(this.#rules);
  #hours = new HourCounts();
  #protocols = new ProtocolCounts();
  #spans = new MinuteSpans();

  /** Counts a whole capture and returns its blocks. @param decodings times that each frame is decoded */
  count(bytes: Uint8Array<SharedArrayBuffer>, watch: Watch, decodings = 1): Block[] {
    const view = new DataView(bytes.buffer);
    const end = bytes.length;
    const context = openPcap(view, 0);
    const frames = this.#frames;
    const packets = this.#packets;
    const spans = this.#spans;
    const limits = { earliest: 1, latest: LATEST, darknet: this.#darknet };
    for (let at = FILE_HEADER; at < end; ) {
      const from = at;
      timed(watch, PLAIN_WALK, () => plainWalk(view, from, end, frames.at.length));
      at = timed(watch, 'read', () => readPcap(view, from, end, context, frames));
      timed(watch, 'decode, classify', () => {
        for (let time = 0; time < decodings; time++) decodeFrames(view, frames, packets, this.#addresses, limits);
      });
      timed(watch, 'find minutes', () => spans.find(frames));
      timed(watch, 'count flows', () => this.#flows.add(frames, packets, spans));
      timed(watch, 'count dark', () => this.#dark.add(frames, packets, spans));
      timed(watch, 'count minutes', () => this.#minutes.add(frames, packets, spans));
      timed(watch, 'count hours', () => this.#hours.add(frames, packets, spans, 1, LATEST));
      timed(watch, 'count protocols', () => this.#protocols.add(frames.rows, packets));
    }
    const flows = timed(watch, 'sort flows', () => this.#flows.take());
    timed(watch, 'sum ports', () => this.#ports.add(flows));
    return timed(watch, 'make blocks', () => this.#blocks(flows));
  }

  /** Gives the blocks' memory back for the next round. */
  release(blocks: readonly Block[]): void {
    const pieces = piecesOf(blocks.flatMap(({ columns }) => Object.values(columns)));
    for (const piece of pieces) this.#memory.give(piece);
  }

  #blocks(flows: FlowRows): Block[] {
    const blocks = [
      flowBlock(flows, this.#addresses),
      portHourBlock(this.#ports),
      darkBlock(this.#dark, this.#addresses),
      minuteBlock(this.#minutes, this.#rules.categories),
      fateBlock(this.#hours),
      coverageBlock(this.#hours, monitoredAddresses(this.#prefixes)),
    ];
    for (const table of [this.#ports, this.#dark, this.#minutes, this.#hours, this.#addresses]) table.clear();
    return blocks;
  }
}

const RECORD_HEADER = 16;

/** What anything that reads little-endian classic pcap must do at least: goes from record to record, so many of them. */
function plainWalk(view: DataView, from: number, end: number, most: number): number {
  let at = from;
  for (let record = 0; record < most && at < end; record++) at += RECORD_HEADER + view.getUint32(at + 8, true);
  return at;
}

/** Tells what the work took; of a promise, until it settles. */
export function timed<T>(watch: Watch, stage: string, work: () => T): T {
  const started = watch.now();
  const end = () => watch.took(stage, watch.now() - started);
  const result = work();
  if (result instanceof Promise) result.then(end, end);
  else end();
  return result;
}
