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

const LZ4_CHECKSUMS = { contentChecksum: true, blockChecksums: true };

/** Compressions that a library of ours makes. */
export const COMPRESSORS: readonly { name: string; compress: (bytes: Uint8Array) => Promise<Uint8Array> }[] = [
  { name: 'gzip', compress: async (bytes) => gzipSync(bytes) },
  { name: 'xz', compress: async (bytes) => await lzma.compress(Buffer.from(bytes), { preset: 1 }) },
  { name: 'lz4', compress: async (bytes) => compressFrameSync(Buffer.from(bytes), LZ4_CHECKSUMS) },
];

const LARGEST_BLOCK = 1 << 17;

/** A zstd frame of raw blocks (RFC 8878, 3.1.1): valid, and no smaller than its content. */
export function zstdFrame(bytes: Uint8Array): Uint8Array {
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0]); // one segment, its size in four bytes, no checksum
  header.writeUInt32LE(bytes.length, 5);
  const pieces: Uint8Array[] = [header];
  let at = 0;
  do {
    const block = bytes.subarray(at, at + LARGEST_BLOCK);
    at += block.length;
    const last = at === bytes.length ? 1 : 0;
    const size = (block.length << 3) | last;
    pieces.push(Uint8Array.of(size, size >>> 8, size >>> 16), block);
  } while (at < bytes.length);
  return Buffer.concat(pieces);
}

export async function everyCompression(): Promise<Compressed[]> {
  const made = COMPRESSORS.map(async ({ name, compress }) => ({
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

function readKept(name: string): Uint8Array {
  return readFileSync(path.join(import.meta.dirname, 'compressed', name));
}
