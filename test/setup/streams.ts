// Byte sources over bytes in memory that arrive as a test wants them: whole, byte by byte or in random pieces.

import { compressionOf } from '../../collector/compression/compressions.ts';
import type { ByteSource } from '../../collector/source.ts';
import { createRandom } from '../../sample-pcaps/random.ts';

/** The bytes in pieces of at most `piece()` bytes. */
export function memorySource(bytes: Uint8Array, piece: () => number = () => bytes.length): ByteSource {
  let given = 0;
  return {
    read: async (into, at, most) => {
      const part = bytes.subarray(given, given + Math.min(most, piece()));
      into.set(part, at);
      given += part.length;
      return part.length;
    },
    seekable: false,
    taken: () => given,
    damage: () => undefined,
    close: async () => {},
  };
}

/**
 * The same bytes arriving at once, in the smallest pieces and in random ones; decompressed where they are compressed.
 * @param smallest bytes of the smallest pieces: single bytes take long where there are many
 */
export function arrivals(bytes: Uint8Array, smallest = 1): ByteSource[] {
  const random = createRandom('arrivals');
  const pieces = [() => bytes.length, () => smallest, () => random.int(smallest, 100 * smallest)];
  return pieces.map((piece) =>
    (compressionOf(bytes)?.open ?? ((plain: ByteSource) => plain))(memorySource(bytes, piece)),
  );
}

/** All bytes a source gives. */
export async function drain(source: ByteSource): Promise<{ bytes: Uint8Array; damage: string | undefined }> {
  const pieces: Uint8Array[] = [];
  for (;;) {
    const piece = new Uint8Array(65_536);
    const count = await source.read(piece, 0, piece.length);
    if (count === 0) return { bytes: new Uint8Array(Buffer.concat(pieces)), damage: source.damage()?.what };
    pieces.push(piece.subarray(0, count));
  }
}
