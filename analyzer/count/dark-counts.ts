// Packets and bytes by day, kind and dark address (or its /24): is the whole block heard, and where do packets fall. In planes where the
// monitored addresses are known and the days are few, else in a hash table.
import type { FrameColumns } from '../../collector/formats/frames.ts';
import type { Darknet } from '../decode/darknet.ts';
import type { PacketColumns } from '../decode/packets.ts';
import { DarkTable } from './dark.ts';
import { DarkPlanes } from './dark-planes.ts';
import type { MinuteSpans } from './spans.ts';

export class DarkCounts {
  readonly table: DarkTable;
  readonly planes: DarkPlanes | undefined;
  #addressMask: number;
  #dayOfHour: (hour: number) => number;

  /**
   * @param darknet undefined where it is not known
   * @param by24 count by /24 instead of by address
   * @param dayOfHour the day of an hour since 1970 in the sensor's time zone
   */
  constructor(
    darknet: Darknet | undefined,
    by24: boolean,
    dayOfHour: (hour: number) => number,
    table: DarkTable = new DarkTable(),
  ) {
    this.table = table;
    this.planes = darknet && new DarkPlanes(darknet, by24);
    this.#addressMask = by24 ? 0xffffff00 : 0xffffffff;
    this.#dayOfHour = dayOfHour;
  }

  /** Adds the counted rows of a batch. */
  add(frames: FrameColumns, packets: PacketColumns, spans: MinuteSpans): void {
    const { table, planes } = this;
    const ipv6 = planes?.findCells(frames.rows, packets);
    for (let span = 0; span < spans.size; span++) {
      const from = spans.starts[span];
      const to = spans.starts[span + 1];
      const day = this.#dayOfHour(Math.floor(spans.minutes[span] / 60));
      const planned = planes?.takes(day) === true;
      if (planned) planes.addSpan(frames, from, to, day);
      if (!planned || ipv6) table.addSpan(frames, packets, from, to, day, this.#addressMask, planned);
    }
  }

  clear(): void {
    this.table.clear();
    this.planes?.clear();
  }
}
