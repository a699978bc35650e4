// Memory for the columns of blocks. The flows of a round take tens of megabytes, which go to the thread that writes them and come back
// when they are written: new memory each time would cost a page fault for every four kilobytes, and collections of garbage.

import type { Column } from '../blocks.ts';

/** Smaller pieces are not worth keeping. */
const SMALLEST = 1 << 20;
/** Pieces kept, the largest, which flows take: one that is being written, and one for the next round. */
const MOST = 2;

export class ColumnMemory {
  #free: ArrayBuffer[] = [];

  /** A piece of at least so many bytes, whose content is anything. */
  take(bytes: number): ArrayBuffer {
    const fit = this.#free.findIndex(({ byteLength }) => byteLength >= bytes);
    if (fit >= 0) return this.#free.splice(fit, 1)[0];
    // Room for a little more, so that the next round, which is never just as long, can have it too.
    return new ArrayBuffer(bytes + (bytes >>> 3));
  }

  /** Gives a piece back. */
  give(piece: ArrayBuffer): void {
    if (piece.byteLength < SMALLEST) return;
    this.#free.push(piece);
    this.#free.sort((a, b) => b.byteLength - a.byteLength);
    this.#free.splice(MOST);
  }
}

/** The distinct pieces of memory of columns, as they are handed over with a message. */
export function piecesOf(columns: Iterable<Column>): ArrayBuffer[] {
  const pieces = new Set<ArrayBuffer>();
  for (const column of columns) {
    const views = 'ends' in column ? [column.ends, column.values] : [column];
    for (const view of views) if (ArrayBuffer.isView(view)) pieces.add(view.buffer as ArrayBuffer);
  }
  return [...pieces];
}
