// What frames add to each sensor-hour: frames and bytes by fate, and the minutes in which anything was heard.
import type { FrameColumns } from '../../collector/formats/frames.ts';
import type { PacketColumns } from '../decode/packets.ts';
import { BAD_TIME, FATES } from '../fates.ts';
import type { MinuteSpans } from './spans.ts';

/** The hour of frames whose time is not usable: 1970-01-01 00:00. */
export const NO_HOUR = 0;

/** Cleared counts that are kept: captures are of few hours at a time, unless their times are wrong. */
const MOST_SPARE = 24;

export interface HourCount {
  /** By fate. */
  frames: Float64Array;
  bytes: Float64Array;
  /** Bit m of 60 = something was heard in minute m: minutes 0–29, then 30–59. */
  heard: Uint32Array;
}

export class HourCounts {
  byHour = new Map<number, HourCount>();
  /** To be used again: each of thousands of small units has an hour. */
  #spare: HourCount[] = [];

  add(frames: FrameColumns, packets: PacketColumns, spans: MinuteSpans, earliest: number, latest: number): void {
    for (let span = 0; span < spans.size; span++) {
      const from = spans.starts[span];
      const to = spans.starts[span + 1];
      const minute = spans.minutes[span];
      if (minute * 60 >= earliest && minute * 60 + 60 <= latest) {
        const count = this.#of(Math.floor(minute / 60));
        hear(count, minute % 60);
        addFates(count, frames, packets, from, to);
      } else {
        this.#addAtLimit(frames, packets, from, to, earliest, latest);
      }
    }
  }

  /** Adds what others have counted. */
  merge(others: HourCounts): void {
    for (const [hour, other] of others.byHour) {
      const count = this.#of(hour);
      for (let fate = 0; fate < FATES.length; fate++) {
        count.frames[fate] += other.frames[fate];
        count.bytes[fate] += other.bytes[fate];
      }
      count.heard[0] |= other.heard[0];
      count.heard[1] |= other.heard[1];
    }
  }

  clear(): void {
    for (const count of this.byHour.values()) {
      if (this.#spare.length === MOST_SPARE) break;
      count.frames.fill(0);
      count.bytes.fill(0);
      count.heard.fill(0);
      this.#spare.push(count);
    }
    this.byHour.clear();
  }

  /** Rows of a minute in which not every time, or none, is accepted. */
  #addAtLimit(
    frames: FrameColumns,
    packets: PacketColumns,
    from: number,
    to: number,
    earliest: number,
    latest: number,
  ): void {
    for (let row = from; row < to; row++) {
      const second = frames.seconds[row];
      const timed = packets.fate[row] !== BAD_TIME && second >= earliest && second < latest;
      const count = this.#of(timed ? Math.floor(second / 3600) : NO_HOUR);
      if (timed) hear(count, Math.floor(second / 60) % 60);
      addFates(count, frames, packets, row, row + 1);
    }
  }

  #of(hour: number): HourCount {
    let count = this.byHour.get(hour);
    if (count === undefined) {
      count = this.#spare.pop() ?? {
        frames: new Float64Array(FATES.length),
        bytes: new Float64Array(FATES.length),
        heard: new Uint32Array(2),
      };
      this.byHour.set(hour, count);
    }
    return count;
  }
}

function addFates(
  { frames, bytes }: HourCount,
  { wireLength }: FrameColumns,
  { fate }: PacketColumns,
  from: number,
  to: number,
): void {
  for (let row = from; row < to; row++) {
    frames[fate[row]]++;
    bytes[fate[row]] += wireLength[row];
  }
}

function hear(count: HourCount, minute: number): void {
  if (minute < 30) count.heard[0] |= 1 << minute;
  else count.heard[1] |= 1 << (minute - 30);
}
