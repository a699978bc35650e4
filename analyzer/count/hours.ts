// What a unit's frames add to each sensor-hour: frames and bytes by fate, and the minutes in which anything was heard.
import type { FrameColumns } from '../../collector/formats/frames.ts';
import type { PacketColumns } from '../decode/packets.ts';
import { BAD_TIME, FATES } from '../fates.ts';

/** The hour of frames whose time is not usable: 1970-01-01 00:00. */
export const NO_HOUR = 0;

export interface HourCount {
  /** By fate. */
  frames: Float64Array;
  bytes: Float64Array;
  /** Bit m of 60 = something was heard in minute m: minutes 0–29, then 30–59. */
  heard: Uint32Array;
}

export class HourCounts {
  byHour = new Map<number, HourCount>();

  add(frames: FrameColumns, packets: PacketColumns, earliest: number, latest: number): void {
    const { seconds, wireLength, rows } = frames;
    const { fate } = packets;
    let hour = -1;
    let count = this.#of(NO_HOUR);
    for (let row = 0; row < rows; row++) {
      const second = seconds[row];
      const timed = fate[row] !== BAD_TIME && second >= earliest && second < latest;
      const itsHour = timed ? (second / 3600) >>> 0 : NO_HOUR;
      if (itsHour !== hour) {
        hour = itsHour;
        count = this.#of(hour);
      }
      count.frames[fate[row]]++;
      count.bytes[fate[row]] += wireLength[row];
      if (timed) {
        const minute = ((second - hour * 3600) / 60) >>> 0;
        if (minute < 30) count.heard[0] |= 1 << minute;
        else count.heard[1] |= 1 << (minute - 30);
      }
    }
  }

  clear(): void {
    this.byHour.clear();
  }

  #of(hour: number): HourCount {
    let count = this.byHour.get(hour);
    if (count === undefined) {
      count = {
        frames: new Float64Array(FATES.length),
        bytes: new Float64Array(FATES.length),
        heard: new Uint32Array(2),
      };
      this.byHour.set(hour, count);
    }
    return count;
  }
}
