// The bytes of a capture as one stream, whatever it is compressed with: a file's or standard input's.

import { closeSync, openSync, read, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { fill, withHead } from './bytes.ts';
import { COMPRESSION_HEAD, compressionOf } from './compression/compressions.ts';
import { STANDARD_INPUT } from './discover.ts';
import { NotACapture } from './formats/capture.ts';

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
  /** No more bytes than this will come, where that is known and little. */
  most?: number;
  /** Why the stream ended before its end, if it did. */
  damage(): StreamDamage | undefined;
  close(): Promise<void>;
}

export interface StreamDamage {
  what: string;
  /** It is only that the end is missing. */
  unfinished: boolean;
}

/** Compressions within each other that are read: more than two are a mistake, and many an attempt to use up threads. */
export const MAX_COMPRESSIONS = 4;

const readDescriptor = promisify(read);

/** A file up to here is read without going to another thread, which would take longer than the reading, thousands of times. */
export const SMALL_BYTES = 1 << 20;

export interface OpenOptions {
  /** Where to begin in the stream, if it is known to be seekable. */
  from?: number | undefined;
  /** Of the file, where it is known; a small one is then read so far and no farther. */
  size?: number;
}

/**
 * Opens a file, or standard input for "-".
 * @throws the file system's error; NotACapture where compressions lie within each other too deeply
 */
export async function openSource(path: string, { from, size = 0 }: OpenOptions = {}): Promise<ByteSource> {
  if (path === STANDARD_INPUT) return await decompressed(standardInput());
  if (from !== undefined) return await fileSource(path, from);
  // What has no size may be a pipe, which keeps who opens it waiting.
  if (size === 0 || size > SMALL_BYTES) return await decompressed(await fileSource(path, 0));
  await breathe();
  return await decompressed(smallSource(path, size));
}

/** Thousands of small files that are all known would leave no moment for signals and timers. */
const BREATH_MS = 20;
let breathed = 0;

async function breathe(): Promise<void> {
  if (performance.now() - breathed < BREATH_MS) return;
  await new Promise(setImmediate);
  breathed = performance.now();
}

/**
 * What is in a source when all its compressions are undone. It is closed when that fails.
 * @throws NotACapture
 */
export async function decompressed(raw: ByteSource): Promise<ByteSource> {
  let source = raw;
  try {
    for (let inside = 0; ; inside++) {
      const head = new Uint8Array(COMPRESSION_HEAD);
      const looked = head.subarray(0, await fill(source, head));
      source = withHead(source, looked);
      const compression = compressionOf(looked);
      if (compression === undefined) return source;
      if (inside === MAX_COMPRESSIONS) {
        throw new NotACapture(`more than ${MAX_COMPRESSIONS} compressions within each other; decompress it first`);
      }
      source = compression.open(source);
    }
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** @param from place in the file */
async function fileSource(path: string, from: number): Promise<ByteSource> {
  const handle: FileHandle = await open(path, 'r');
  let taken = 0;
  let closed = false;
  return {
    seekable: true,
    read: async (into, at, most) => {
      if (closed) return 0; // a decompressor that reads ahead
      const { bytesRead } = await handle.read(into, at, most, from + taken);
      taken += bytesRead;
      return bytesRead;
    },
    taken: () => taken,
    damage: () => undefined,
    close: async () => {
      closed = true;
      await handle.close(); // waits for a read under way
    },
  };
}

function smallSource(path: string, size: number): ByteSource {
  const descriptor = openSync(path, 'r');
  let taken = 0;
  let closed = false;
  return {
    seekable: true,
    most: size,
    read: async (into, at, most) => {
      if (closed || taken === size) return 0;
      const bytesRead = readSync(descriptor, into, at, Math.min(most, size - taken), taken);
      taken += bytesRead;
      return bytesRead;
    },
    taken: () => taken,
    damage: () => undefined,
    close: async () => {
      if (!closed) closeSync(descriptor);
      closed = true;
    },
  };
}

function standardInput(): ByteSource {
  let taken = 0;
  let closed = false;
  return {
    seekable: false,
    read: async (into, at, most) => {
      while (!closed) {
        try {
          const { bytesRead } = await readDescriptor(0, into, at, most, null);
          taken += bytesRead;
          return bytesRead;
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException;
          if (code === 'EOF') return 0;
          if (code !== 'EAGAIN') throw error; // a terminal or pipe that has nothing yet
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      }
      return 0;
    },
    taken: () => taken,
    damage: () => undefined,
    close: async () => {
      closed = true;
    },
  };
}
