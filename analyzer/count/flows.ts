// The flows of a round: (hour, kind, proto, ports, source, marks) → packets, bytes, first and last second. Packets are kept as records;
// when they are taken out, sorted records of the same key become one row.
import type { FrameColumns } from '../../collector/formats/frames.ts';
import type { PacketColumns } from '../decode/packets.ts';
import { ColumnMemory } from './column-memory.ts';
import { FlowRecords } from './flow-records.ts';
import { FlowRows, ROW_BYTES } from './flow-rows.ts';
import { RecordSorter } from './sort-records.ts';
import type { MinuteSpans } from './spans.ts';

export class Flows {
  #records = new FlowRecords();
  #sorter = new RecordSorter();
  #memory: ColumnMemory;

  constructor(memory: ColumnMemory = new ColumnMemory()) {
    this.#memory = memory;
  }

  /** True when `take` must be called before the next batch. */
  get full(): boolean {
    return this.#records.full;
  }

  /** Adds the counted rows of a batch. */
  add(frames: FrameColumns, packets: PacketColumns, spans: MinuteSpans): void {
    this.#records.add(frames, packets, spans);
  }

  /** Takes all flows out, in the order of the table. */
  take(): FlowRows {
    const { words, size, classes } = this.#records;
    const rows = new FlowRows(size, classes, this.#memory.take(ROW_BYTES * size));
    this.#sorter.sort(words, size, classes, rows);
    this.#records.clear();
    return rows;
  }
}
