// Packets and bytes by minute, kind and category: what the live graphs show. Category by (proto, dstPort); for backscatter by the
// source port, which is the service under attack.
import { BATCH_ROWS, type FrameColumns } from '../../collector/formats/frames.ts';
import { BACKSCATTER, KINDS } from '../classify/kinds.ts';
import { type CompiledRules, categoryOf } from '../classify/rules.ts';
import type { PacketColumns } from '../decode/packets.ts';
import { COUNTED } from '../fates.ts';
import type { MinuteSpans } from './spans.ts';

interface MinuteCount {
  packets: Float64Array;
  bytes: Float64Array;
}

export class MinuteCounts {
  /** Minute since 1970 → packets, then bytes, at `kind * categories + category`. */
  byMinute = new Map<number, MinuteCount>();
  #rules: CompiledRules;
  #cells: Uint16Array = new Uint16Array(BATCH_ROWS);

  constructor(rules: CompiledRules) {
    this.#rules = rules;
  }

  add(frames: FrameColumns, packets: PacketColumns, spans: MinuteSpans): void {
    this.#findCells(frames.rows, packets);
    for (let span = 0; span < spans.size; span++) {
      this.#addSpan(frames, packets, spans.starts[span], spans.starts[span + 1], spans.minutes[span]);
    }
  }

  clear(): void {
    this.byMinute.clear();
  }

  /** The cell of every row, in a loop of its own: counting then waits for no look-up. */
  #findCells(rows: number, { proto, kind, srcPort, dstPort }: PacketColumns): void {
    const rules = this.#rules;
    const categories = rules.categories.length;
    const cells = this.#cells;
    for (let row = 0; row < rows; row++) {
      const port = kind[row] === BACKSCATTER ? srcPort[row] : dstPort[row];
      cells[row] = kind[row] * categories + categoryOf(rules, proto[row], port);
    }
  }

  #addSpan({ wireLength }: FrameColumns, { fate }: PacketColumns, from: number, to: number, minute: number): void {
    const { packets, bytes } = this.#of(minute);
    const cells = this.#cells;
    for (let row = from; row < to; row++) {
      if (fate[row] !== COUNTED) continue;
      const cell = cells[row];
      packets[cell]++;
      bytes[cell] += wireLength[row];
    }
  }

  #of(minute: number): MinuteCount {
    let count = this.byMinute.get(minute);
    if (count === undefined) {
      const cells = KINDS.length * this.#rules.categories.length;
      count = { packets: new Float64Array(cells), bytes: new Float64Array(cells) };
      this.byMinute.set(minute, count);
    }
    return count;
  }
}
