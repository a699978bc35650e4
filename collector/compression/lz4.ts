// lz4: frames (lz4 frame format 1.6), legacy frames, skippable frames, one after another. Runs in a thread. Blocks are decompressed by
// lz4_flex; a block is given out whole or not at all.
import { uncompressSync } from 'lz4-napi';
import xxhash, { type XXHashAPI } from 'xxhash-wasm';
import { ByteReader } from './byte-reader.ts';
import { DamagedStream, type Decoder } from './decoder.ts';

const MAGIC = 0x184d2204;
const LEGACY = 0x184c2102;
/** Sixteen magic numbers of frames to be skipped, without their last four bits. */
const SKIPPABLE = 0x184d2a5;

const VERSION_MASK = 0xc0;
const VERSION = 0x40;
const INDEPENDENT = 0x20;
const BLOCK_CHECKSUM = 0x10;
const CONTENT_SIZE = 0x08;
const CONTENT_CHECKSUM = 0x04;
const RESERVED = 0x02;
const DICTIONARY = 0x01;
/** By the number in the descriptor: 4 to 7. */
const BLOCK_BYTES = [64 * 1024, 256 * 1024, 1024 * 1024, 4 * 1024 * 1024];
const UNCOMPRESSED = 0x80000000;
/** Blocks that depend on those before look back so far. */
const HISTORY = 64 * 1024;

const LEGACY_BLOCK = 8 * 1024 * 1024;
/** LZ4_compressBound. */
const LEGACY_MOST = LEGACY_BLOCK + Math.floor(LEGACY_BLOCK / 255) + 16;

type Give = (bytes: Uint8Array) => void;

export async function createLz4Decoder(): Promise<Decoder> {
  const hash = await xxhash();
  return ({ pull, give }) => {
    const reader = new ByteReader(pull);
    let magic: number | undefined;
    while (magic !== undefined || !reader.atEnd()) magic = readFrame(reader, magic ?? reader.uint32(), give, hash);
  };
}

/** @returns the magic number of the next frame where it had to be read to find this one's end */
function readFrame(reader: ByteReader, magic: number, give: Give, hash: XXHashAPI): number | undefined {
  if (magic === MAGIC) return new Frame(reader, give, hash).read();
  if (magic === LEGACY) return readLegacy(reader, give);
  if (magic >>> 4 !== SKIPPABLE) throw new DamagedStream('behind a whole frame stands what is not lz4');
  reader.skip(reader.uint32());
  return undefined;
}

class Frame {
  #reader: ByteReader;
  #give: Give;
  #hash: XXHashAPI;
  #history = new Uint8Array();

  constructor(reader: ByteReader, give: Give, hash: XXHashAPI) {
    this.#reader = reader;
    this.#give = give;
    this.#hash = hash;
  }

  read(): undefined {
    const { flags, most, size } = this.#descriptor();
    const content = this.#hash.create32(0);
    let given = 0n;
    for (let word = this.#reader.uint32(); word !== 0; word = this.#reader.uint32()) {
      const length = word % UNCOMPRESSED;
      if (length > most) throw corrupt();
      const stored = this.#reader.take(length);
      if (flags & BLOCK_CHECKSUM) this.#check(this.#hash.h32Raw(stored));
      const block = word >= UNCOMPRESSED ? stored : uncompress(stored, most, this.#history);
      if ((flags & INDEPENDENT) === 0) this.#remember(block);
      if (flags & CONTENT_CHECKSUM) content.update(block);
      given += BigInt(block.length);
      this.#give(block);
    }
    if (flags & CONTENT_CHECKSUM) this.#check(content.digest());
    if (size !== undefined && size !== given) throw corrupt();
  }

  #descriptor(): { flags: number; most: number; size: bigint | undefined } {
    const bytes = Array.from(this.#reader.take(2));
    const [flags = 0, sizes = 0] = bytes;
    if ((flags & VERSION_MASK) !== VERSION || flags & RESERVED) throw new DamagedStream('a version that is not known');
    if (flags & CONTENT_SIZE) bytes.push(...this.#reader.take(8));
    if (flags & DICTIONARY) bytes.push(...this.#reader.take(4));
    const whole = Uint8Array.from(bytes);
    const most = BLOCK_BYTES[((sizes >> 4) & 7) - 4];
    if (this.#reader.byte() !== ((this.#hash.h32Raw(whole) >>> 8) & 0xff) || most === undefined) throw corrupt();
    if (flags & DICTIONARY) throw new DamagedStream('compressed with a dictionary, which is not here');
    const size = flags & CONTENT_SIZE ? new DataView(whole.buffer).getBigUint64(2, true) : undefined;
    return { flags, most, size };
  }

  #check(expected: number): void {
    if (this.#reader.uint32() !== expected >>> 0) throw new DamagedStream('the checksum does not fit the data');
  }

  #remember(block: Uint8Array): void {
    const all = block.length >= HISTORY ? block : Buffer.concat([this.#history, block]);
    this.#history = new Uint8Array(all.subarray(Math.max(0, all.length - HISTORY)));
  }
}

/** A legacy frame has no end: it goes on until another frame begins or the file ends. */
function readLegacy(reader: ByteReader, give: Give): number | undefined {
  while (!reader.atEnd()) {
    const length = reader.uint32();
    if (length === MAGIC || length === LEGACY || length >>> 4 === SKIPPABLE) return length;
    if (length > LEGACY_MOST) throw corrupt();
    give(uncompress(reader.take(length), LEGACY_BLOCK, new Uint8Array()));
  }
  return undefined;
}

/** @param most what the block can become: the library's form has it in front of the block */
function uncompress(stored: Uint8Array, most: number, history: Uint8Array): Uint8Array {
  const sized = new Uint8Array(4 + stored.length);
  new DataView(sized.buffer).setUint32(0, most, true);
  sized.set(stored, 4);
  try {
    return uncompressSync(sized, history.length > 0 ? history : undefined);
  } catch {
    throw corrupt();
  }
}

function corrupt(): DamagedStream {
  return new DamagedStream('the data are corrupt');
}
