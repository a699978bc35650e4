// Frames of link types that are not decoded, by their LINKTYPE_ number: a user learns from it what wrote the capture.
import type { FrameColumns } from '../../collector/formats/frames.ts';
import type { PacketColumns } from '../decode/packets.ts';
import { UNSUPPORTED_LINK } from '../fates.ts';

export class UnsupportedLinks {
  #frames = new Map<number, number>();

  add({ rows, linkType }: FrameColumns, { fate }: PacketColumns): void {
    for (let row = 0; row < rows; row++) {
      if (fate[row] === UNSUPPORTED_LINK) this.#frames.set(linkType[row], (this.#frames.get(linkType[row]) ?? 0) + 1);
    }
  }

  /** Takes the counts out. */
  take(): Record<string, number> {
    const frames = Object.fromEntries(this.#frames);
    this.#frames.clear();
    return frames;
  }
}
