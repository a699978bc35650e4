// Packets and bytes by minute, kind and category: what the live graphs show. Category by (proto, dstPort); for backscatter by the
// source port, which is the service under attack.
import { BATCH_ROWS, type FrameColumns } from '../../collector/formats/frames.ts';
import { BACKSCATTER, KINDS } from '../classify/kinds.ts';
import { type CompiledRules, categoryOf } from '../classify/rules.ts';
import type { PacketColumns } from '../decode/packets.ts';
import { COUNTED } from '../fates.ts';
import type { MinuteSpans } from './spans.ts';

/** Minutes that there is room for at first. */
const LEAST_MINUTES = 64;

export class MinuteCounts {
  /** Minute since 1970 → where its cells begin. */
  beginOf = new Map<number, number>();
  /** At `begin + kind * categories + category`. */
  packets: Float64Array = new Float64Array(0);
  bytes: Float64Array = new Float64Array(0);
  /** Of a minute. */
  readonly cells: number;
  #rules: CompiledRules;
  /** Of each row of a batch, behind its minute's begin. */
  #cellOf: Uint16Array = new Uint16Array(BATCH_ROWS);

  constructor(rules: CompiledRules) {
    this.#rules = rules;
    this.cells = KINDS.length * rules.categories.length;
  }

  add(frames: FrameColumns, packets: PacketColumns, spans: MinuteSpans): void {
    this.#findCells(frames.rows, packets);
    for (let span = 0; span < spans.size; span++) {
      this.#addSpan(frames, packets, spans.starts[span], spans.starts[span + 1], spans.minutes[span]);
    }
  }

  /** The memory stays: one piece for all minutes, as two small ones for each cost more than counting a thin minute's packets. */
  clear(): void {
    const used = this.beginOf.size * this.cells;
    this.packets.fill(0, 0, used);
    this.bytes.fill(0, 0, used);
    this.beginOf.clear();
  }

  /** The cell of every row, in a loop of its own: counting then waits for no look-up. */
  #findCells(rows: number, { proto, kind, srcPort, dstPort }: PacketColumns): void {
    const rules = this.#rules;
    const categories = rules.categories.length;
    const cellOf = this.#cellOf;
    for (let row = 0; row < rows; row++) {
      const port = kind[row] === BACKSCATTER ? srcPort[row] : dstPort[row];
      cellOf[row] = kind[row] * categories + categoryOf(rules, proto[row], port);
    }
  }

  #addSpan({ wireLength }: FrameColumns, { fate }: PacketColumns, from: number, to: number, minute: number): void {
    const begin = this.#beginOf(minute);
    const { packets, bytes } = this;
    const cellOf = this.#cellOf;
    for (let row = from; row < to; row++) {
      if (fate[row] !== COUNTED) continue;
      const cell = begin + cellOf[row];
      packets[cell]++;
      bytes[cell] += wireLength[row];
    }
  }

  #beginOf(minute: number): number {
    const known = this.beginOf.get(minute);
    if (known !== undefined) return known;
    const begin = this.beginOf.size * this.cells;
    if (begin === this.packets.length) this.#grow();
    this.beginOf.set(minute, begin);
    return begin;
  }

  #grow(): void {
    const cells = Math.max(LEAST_MINUTES * this.cells, 2 * this.packets.length);
    const { packets, bytes } = this;
    this.packets = new Float64Array(cells);
    this.packets.set(packets);
    this.bytes = new Float64Array(cells);
    this.bytes.set(bytes);
  }
}
