// Reading a byte source in whole pieces, looking at its first bytes, and saying which of several within each other is damaged.
import type { ByteSource, StreamDamage } from './source.ts';

/**
 * Fills `into` as far as the source goes: where a piece ends is then decided by the file alone, not by how its bytes arrive.
 * @returns the number of bytes read; fewer than there is room for only at the end
 */
export async function fill(source: ByteSource, into: Uint8Array): Promise<number> {
  let length = 0;
  while (length < into.length) {
    const count = await source.read(into, length, into.length - length);
    if (count === 0) break;
    length += count;
  }
  return length;
}

/** Gives bytes that were looked at back to the stream. */
export function withHead(source: ByteSource, head: Uint8Array): ByteSource {
  let given = 0;
  return {
    ...source,
    read: async (into, at, most) => {
      if (given === head.length) return source.read(into, at, most);
      const part = head.subarray(given, given + most);
      into.set(part, at);
      given += part.length;
      return part.length;
    },
  };
}

/** What is wrong with a decompressed source: what ended the compressed stream is the cause, where that ended early itself. */
export function damageWithin(compressed: ByteSource, name: string, damage?: StreamDamage): StreamDamage | undefined {
  if (damage === undefined) return undefined;
  return (damage.unfinished && compressed.damage()) || { ...damage, what: `${name}: ${damage.what}` };
}
