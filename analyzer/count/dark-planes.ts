// Packets by dark address where the monitored IPv4 addresses are known: each day has a cell for every kind and address (or /24 of a large
// darknet), found by counting, without a search.
import { BATCH_ROWS, type FrameColumns } from '../../collector/formats/frames.ts';
import { KINDS } from '../classify/kinds.ts';
import type { Darknet } from '../decode/darknet.ts';
import type { PacketColumns } from '../decode/packets.ts';
import { COUNTED } from '../fates.ts';

export interface DarkPlane {
  /** At `kind * places + place`. */
  packets: Uint32Array;
  /** Exact up to 2^53. */
  bytes: Float64Array;
}

/** Cells of all days together, at most: 50 MB. */
const MOST_CELLS = 1 << 22;
/** Of rows that are not counted, or not IPv4. */
const NO_CELL = 0xffffffff;

export class DarkPlanes {
  /** By day (days since 1970 in the sensor's time zone). */
  byDay = new Map<number, DarkPlane>();
  readonly places: number;
  #darknet: Darknet;
  #shift: number;
  #cells: Uint32Array = new Uint32Array(BATCH_ROWS);

  /** @param by24 count by /24 instead of by address */
  constructor(darknet: Darknet, by24: boolean) {
    this.#darknet = darknet;
    this.#shift = by24 ? 8 : 0;
    this.places = darknet.places(this.#shift);
  }

  /** Whether a day has a plane or may have one. */
  takes(day: number): boolean {
    return this.byDay.has(day) || (this.byDay.size + 1) * this.places * KINDS.length <= MOST_CELLS;
  }

  /** The address (or first address of the /24) of a place. */
  addressAt(place: number): number {
    return this.#darknet.addressAt(place, this.#shift);
  }

  clear(): void {
    this.byDay.clear();
  }

  /** Finds the cells of a batch's rows; true when there are IPv6 packets among them, which have none. */
  findCells(rows: number, { fate, version, kind, dstAddr }: PacketColumns): boolean {
    const { places } = this;
    const cells = this.#cells;
    this.#darknet.placesOf(rows, dstAddr, this.#shift, cells);
    let versions = 0;
    for (let row = 0; row < rows; row++) {
      const counted = fate[row] === COUNTED;
      cells[row] = counted && version[row] === 4 ? kind[row] * places + cells[row] : NO_CELL;
      if (counted) versions |= version[row];
    }
    return (versions & 2) !== 0; // 6 has this bit, 4 has not
  }

  /** Adds the rows `from … to` of the batch whose cells were found; they are of one day, which `takes` says yes to. */
  addSpan({ wireLength }: FrameColumns, from: number, to: number, day: number): void {
    const cells = this.#cells;
    const { packets, bytes } = this.#of(day);
    for (let row = from; row < to; row++) {
      const cell = cells[row];
      if (cell === NO_CELL) continue;
      packets[cell]++;
      bytes[cell] += wireLength[row];
    }
  }

  #of(day: number): DarkPlane {
    let plane = this.byDay.get(day);
    if (plane === undefined) {
      const cells = KINDS.length * this.places;
      plane = { packets: new Uint32Array(cells), bytes: new Float64Array(cells) };
      this.byDay.set(day, plane);
    }
    return plane;
  }
}
