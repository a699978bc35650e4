// The bytes of a capture as one stream, decompressed where its first bytes say gzip: a file's or standard input's.

import { read } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { STANDARD_INPUT } from './discover.ts';
import { gunzipSource, isGzip } from './gunzip.ts';

export interface ByteSource {
  /**
   * Reads at least one and at most `most` bytes into `into` from `at` on.
   * @returns the number read; 0 at the end
   */
  read(into: Uint8Array, at: number, most: number): Promise<number>;
  /** Bytes of the file itself (compressed, if it is) taken so far: for progress. */
  taken(): number;
  /** Why the stream ended before its end, if it did. */
  damage(): string | undefined;
  close(): Promise<void>;
}

const HEAD = 4;
const readDescriptor = promisify(read);

/** Opens a file, or standard input for "-". @throws the file system's error */
export async function openSource(path: string): Promise<ByteSource> {
  const raw = path === STANDARD_INPUT ? rawSource(0) : await fileSource(path);
  try {
    const head = await readHead(raw);
    const whole = withHead(raw, head);
    return isGzip(head) ? gunzipSource(whole) : whole;
  } catch (error) {
    await raw.close();
    throw error;
  }
}

async function readHead(raw: ByteSource): Promise<Uint8Array> {
  const head = new Uint8Array(HEAD);
  let length = 0;
  while (length < HEAD) {
    const count = await raw.read(head, length, HEAD - length);
    if (count === 0) break;
    length += count;
  }
  return head.subarray(0, length);
}

async function fileSource(path: string): Promise<ByteSource> {
  const handle: FileHandle = await open(path, 'r');
  return { ...rawSource(handle.fd), close: () => handle.close() };
}

function rawSource(descriptor: number): ByteSource {
  let taken = 0;
  return {
    read: async (into, at, most) => {
      for (;;) {
        try {
          const { bytesRead } = await readDescriptor(descriptor, into, at, most, null);
          taken += bytesRead;
          return bytesRead;
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException;
          if (code === 'EOF') return 0;
          if (code !== 'EAGAIN') throw error; // a terminal or pipe that has nothing yet
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      }
    },
    taken: () => taken,
    damage: () => undefined,
    close: async () => {},
  };
}

/** Gives the bytes that were looked at back to the stream. */
function withHead(source: ByteSource, head: Uint8Array): ByteSource {
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
