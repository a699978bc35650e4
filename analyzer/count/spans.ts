// The stretches of a batch whose packets are of the same minute. Packets come nearly in order of time, so a batch has few of them: what
// depends on the time is looked up once a span, and the loops over its rows call nothing, which keeps their columns in registers.
import { BATCH_ROWS, type FrameColumns } from '../../collector/formats/frames.ts';

export class MinuteSpans {
  size = 0;
  /** The first row of each span, and behind the last span the number of rows. */
  starts: Uint32Array = new Uint32Array(BATCH_ROWS + 1);
  /** Minutes since 1970. */
  minutes: Uint32Array = new Uint32Array(BATCH_ROWS);

  find({ seconds, rows }: FrameColumns): void {
    const { starts, minutes } = this;
    let size = 0;
    let begin = 0;
    let end = 0;
    for (let row = 0; row < rows; row++) {
      const second = seconds[row];
      if (second >= begin && second < end) continue;
      const minute = (second / 60) >>> 0;
      begin = minute * 60;
      end = begin + 60;
      starts[size] = row;
      minutes[size] = minute;
      size++;
    }
    starts[size] = rows;
    this.size = size;
  }
}
