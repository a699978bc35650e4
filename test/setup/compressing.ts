// A capture compressed in every way. gzip is made by zlib, xz and lz4 by the libraries that also decompress them; zstd and bzip2, which
// none of ours compress, lie in compressed/: made of `capture` by Debian's `zstd -19 --check` and `bzip2 -1`, whole and in two parts.
/// <reference path="../../collector/compression/lzma-native.d.ts" />
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { compressFrameSync } from 'lz4-napi';
import lzma from 'lzma-native';
import { writePcap } from '../../sample-pcaps/captures.ts';
import { tcpSyn } from '../../sample-pcaps/packets.ts';

/** 140,024 bytes: more than a block of each format. */
export const capture = new Uint8Array(
  writePcap(
    Array.from({ length: 2000 }, (_, n) => {
      const frame = tcpSyn({ seq: Math.imul(n, 0x9e3779b1) >>> 24, dstPort: n % 100 });
      return { seconds: 1_577_836_800 + n, nanos: 0, frame };
    }),
  ),
);

/** Where the capture is divided, in the middle of a record. */
const PART = 70_000;

export interface Compressed {
  name: string;
  whole: Uint8Array;
  /** Two streams, one behind the other. */
  two: Uint8Array;
  /** Where a library of ours compresses. */
  compress?: (bytes: Uint8Array) => Promise<Uint8Array>;
}

export async function everyCompression(): Promise<Compressed[]> {
  const made = [
    { name: 'gzip', compress: async (bytes: Uint8Array) => gzipSync(bytes) },
    { name: 'xz', compress: async (bytes: Uint8Array) => await lzma.compress(Buffer.from(bytes), { preset: 1 }) },
    { name: 'lz4', compress: async (bytes: Uint8Array) => compressFrameSync(Buffer.from(bytes), LZ4_CHECKSUMS) },
  ].map(async ({ name, compress }) => ({
    name,
    whole: await compress(capture),
    two: Buffer.concat([await compress(capture.subarray(0, PART)), await compress(capture.subarray(PART))]),
    compress,
  }));
  const kept = [
    { name: 'zstd', ending: 'zst' },
    { name: 'bzip2', ending: 'bz2' },
  ].map(({ name, ending }) => ({
    name,
    whole: readKept(`whole.${ending}`),
    two: Buffer.concat([readKept(`first.${ending}`), readKept(`second.${ending}`)]),
  }));
  return [...(await Promise.all(made)), ...kept];
}

const LZ4_CHECKSUMS = { contentChecksum: true, blockChecksums: true };

function readKept(name: string): Uint8Array {
  return readFileSync(path.join(import.meta.dirname, 'compressed', name));
}
