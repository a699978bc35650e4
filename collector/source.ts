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
  /** True when it could be opened at any place of the stream: a file that is not compressed. */
  seekable: boolean;
  /** Why the stream ended before its end, if it did. */
  damage(): StreamDamage | undefined;
  close(): Promise<void>;
}

export interface StreamDamage {
  what: string;
  /** It is only that the end is missing. */
  unfinished: boolean;
}

const HEAD = 4;
const readDescriptor = promisify(read);

/**
 * Opens a file, or standard input for "-".
 * @param from where to begin in the stream, if it is known to be seekable
 * @throws the file system's error
 */
export async function openSource(path: string, from?: number): Promise<ByteSource> {
  if (from !== undefined) return await fileSource(path, from);
  const raw = path === STANDARD_INPUT ? rawSource(0, null) : await fileSource(path, 0);
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

async function fileSource(path: string, from: number): Promise<ByteSource> {
  const handle: FileHandle = await open(path, 'r');
  return { ...rawSource(handle.fd, from), close: () => handle.close() };
}

/** @param from place in a file; null for what can only be read on */
function rawSource(descriptor: number, from: number | null): ByteSource {
  let taken = 0;
  return {
    seekable: from !== null,
    read: async (into, at, most) => {
      for (;;) {
        try {
          const { bytesRead } = await readDescriptor(descriptor, into, at, most, from === null ? null : from + taken);
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
