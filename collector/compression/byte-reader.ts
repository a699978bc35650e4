// Reads a stream of pieces byte by byte and in stretches of any length.
import { endsEarly } from './decoder.ts';

export class ByteReader {
  #pull: () => Uint8Array | undefined;
  #piece: Uint8Array = new Uint8Array();
  #at = 0;

  constructor(pull: () => Uint8Array | undefined) {
    this.#pull = pull;
  }

  /** True when nothing follows; waits for a piece to know. */
  atEnd(): boolean {
    while (this.#at === this.#piece.length) {
      const piece = this.#pull();
      if (piece === undefined) return true;
      this.#piece = piece;
      this.#at = 0;
    }
    return false;
  }

  /** @throws DamagedStream at the end */
  byte(): number {
    if (this.#at === this.#piece.length && this.atEnd()) throw endsEarly();
    return this.#piece[this.#at++] as number;
  }

  /**
   * The next `length` bytes; `length` must be bounded, since they are put together in memory.
   * @throws DamagedStream when there are fewer
   */
  take(length: number): Uint8Array {
    if (this.#piece.length - this.#at >= length) {
      this.#at += length;
      return this.#piece.subarray(this.#at - length, this.#at);
    }
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length; ) {
      if (this.atEnd()) throw endsEarly();
      const part = this.#piece.subarray(this.#at, this.#at + length - filled);
      bytes.set(part, filled);
      filled += part.length;
      this.#at += part.length;
    }
    return bytes;
  }

  /** Steps over bytes without keeping them. @throws DamagedStream when there are fewer */
  skip(length: number): void {
    for (let left = length; left > 0; ) {
      if (this.atEnd()) throw endsEarly();
      const step = Math.min(left, this.#piece.length - this.#at);
      this.#at += step;
      left -= step;
    }
  }

  uint32(): number {
    const bytes = this.take(4);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  }
}
