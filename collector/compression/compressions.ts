// The compressions that are read: one list of magic number, name and opener. A capture is known by its first bytes, never by its name.
import type { ByteSource } from '../source.ts';
import { gunzipSource } from './gzip.ts';
import { threadSource } from './thread.ts';

/** Bytes looked at to tell a compression: enough for a few skippable frames before the first real one. */
export const COMPRESSION_HEAD = 4096;

/** What a file says it needs to be decompressed is believed up to here: the default of the zstd program. Nothing larger is allocated. */
export const MAX_WINDOW = 128 * 1024 * 1024;

export interface Compression {
  name: string;
  /** True when the bytes begin as such a stream does. */
  begins(head: Uint8Array): boolean;
  open(compressed: ByteSource): ByteSource;
}

const GZIP = [0x1f, 0x8b, 0x08];
const GZIP_RESERVED_FLAGS = 0xe0;
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];
const XZ = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
const BZIP2 = [0x42, 0x5a, 0x68];
/** Behind the level: the first block's, or the end's of a stream of nothing. */
const BZIP2_BLOCKS = [
  [0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
  [0x17, 0x72, 0x45, 0x38, 0x50, 0x90],
];
const LZ4 = [0x04, 0x22, 0x4d, 0x18];
const LZ4_LEGACY = [0x02, 0x21, 0x4c, 0x18];

export const COMPRESSIONS: readonly Compression[] = [
  {
    name: 'gzip',
    begins: (head) => startsWith(head, GZIP) && ((head[3] ?? 0) & GZIP_RESERVED_FLAGS) === 0,
    open: gunzipSource,
  },
  {
    name: 'zstd',
    begins: (head) => startsWith(behindSkippable(head), ZSTD),
    open: (compressed) => threadSource('zstd', compressed),
  },
  { name: 'xz', begins: (head) => startsWith(head, XZ), open: (compressed) => threadSource('xz', compressed) },
  { name: 'bzip2', begins: isBzip2, open: (compressed) => threadSource('bzip2', compressed) },
  {
    name: 'lz4',
    begins: (head) => [LZ4, LZ4_LEGACY].some((magic) => startsWith(behindSkippable(head), magic)),
    open: (compressed) => threadSource('lz4', compressed),
  },
];

/** The compression that a stream with these first bytes has, if any. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  return COMPRESSIONS.find(({ begins }) => begins(head));
}

function startsWith(head: Uint8Array, magic: readonly number[]): boolean {
  return head.length >= magic.length && magic.every((byte, at) => head[at] === byte);
}

function isBzip2(head: Uint8Array): boolean {
  const level = (head[3] ?? 0) - 0x30;
  if (!startsWith(head, BZIP2) || level < 1 || level > 9) return false;
  const block = head.subarray(4, 10);
  return BZIP2_BLOCKS.some((magic) => startsWith(block, magic.slice(0, block.length)));
}

/** zstd and lz4 share these frames: magic 0x184D2A50 to 0x184D2A5F, length, and bytes for others. Some programs begin with one. */
function behindSkippable(head: Uint8Array): Uint8Array {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  let at = 0;
  while (at + 8 <= head.length && view.getUint32(at, true) >>> 4 === 0x184d2a5) at += 8 + view.getUint32(at + 4, true);
  return head.subarray(at);
}
