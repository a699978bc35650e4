// Packets and bytes by minute, kind and category: what the live graphs show. Category by (proto, dstPort); for backscatter by the
// source port, which is the service under attack.
import type { FrameColumns } from '../../collector/formats/frames.ts';
import { BACKSCATTER, KINDS } from '../classify/kinds.ts';
import { type CompiledRules, categoryOf } from '../classify/rules.ts';
import type { PacketColumns } from '../decode/packets.ts';
import { COUNTED } from '../fates.ts';

interface MinuteCount {
  packets: Float64Array;
  bytes: Float64Array;
}

export class MinuteCounts {
  /** Minute since 1970 → packets, then bytes, at `kind * categories + category`. */
  byMinute = new Map<number, MinuteCount>();
  #rules: CompiledRules;

  constructor(rules: CompiledRules) {
    this.#rules = rules;
  }

  add(frames: FrameColumns, packets: PacketColumns): void {
    const { seconds, wireLength, rows } = frames;
    const { fate, proto, kind, srcPort, dstPort } = packets;
    const categories = this.#rules.categories.length;
    let minute = -1;
    let count: MinuteCount = { packets: new Float64Array(0), bytes: new Float64Array(0) };
    for (let row = 0; row < rows; row++) {
      if (fate[row] !== COUNTED) continue;
      const itsMinute = (seconds[row] / 60) >>> 0;
      if (itsMinute !== minute) {
        minute = itsMinute;
        count = this.#of(minute);
      }
      const port = kind[row] === BACKSCATTER ? srcPort[row] : dstPort[row];
      const cell = kind[row] * categories + categoryOf(this.#rules, proto[row], port);
      count.packets[cell]++;
      count.bytes[cell] += wireLength[row];
    }
  }

  clear(): void {
    this.byMinute.clear();
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
