// Forms that the compressions have besides the usual one: padding, skippable and legacy frames, and windows too large to be believed.
import { compressSync } from 'lz4-napi';
import { expect, test } from 'vitest';
import { decompressed } from '../../collector/source.ts';
import { capture, everyCompression } from '../setup/compressing.ts';
import { drain, memorySource } from '../setup/streams.ts';

const compressions = new Map((await everyCompression()).map((compressed) => [compressed.name, compressed]));
const wholeOf = (name: string) => compressions.get(name)!.whole;
const joined = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

async function given(bytes: Uint8Array) {
  return await drain(await decompressed(memorySource(bytes)));
}

const skippable = Uint8Array.of(0x57, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3);

test.each(['zstd', 'lz4'])('%s: skippable frames before, between and behind are skipped', async (name) => {
  const whole = wholeOf(name);
  const { bytes, damage } = await given(joined(skippable, skippable, whole, skippable));
  expect([Buffer.compare(bytes, capture), damage]).toEqual([0, undefined]);
  const cut = await given(joined(whole, skippable.subarray(0, 9)));
  expect([Buffer.compare(cut.bytes, capture), cut.damage]).toEqual([0, `${name}: unexpected end of file`]);
});

test('lz4: blocks of the legacy form are read, and another frame may follow', async () => {
  const stored = compressSync(Buffer.from(capture)).subarray(4); // the library's form has the length in front
  const header = new Uint8Array(8);
  new DataView(header.buffer).setUint32(0, 0x184c2102, true);
  new DataView(header.buffer).setUint32(4, stored.length, true);
  const legacy = joined(header, stored);
  for (const [bytes, times] of [
    [legacy, 1],
    [joined(legacy, legacy.subarray(4)), 2],
    [joined(legacy, legacy, wholeOf('lz4')), 3],
  ] as const) {
    const { bytes: plain, damage } = await given(bytes);
    expect([plain.length, damage]).toEqual([times * capture.length, undefined]);
    expect(Buffer.compare(plain.subarray(-capture.length), capture)).toBe(0);
  }
});

test.each([
  ['gzip', 1000],
  ['xz', 512],
])('%s: zeros behind it are padding, and are nothing', async (name, zeros) => {
  const whole = wholeOf(name);
  const { bytes, damage } = await given(joined(whole, new Uint8Array(zeros)));
  expect([Buffer.compare(bytes, capture), damage]).toEqual([0, undefined]);
  const more = await given(
    joined(whole, new Uint8Array(zeros), Buffer.from('but this, and enough of it, is something')),
  );
  expect(more.damage).toMatch(new RegExp(`^${name}: `));
});

test('xz: padding between two streams is stepped over', async () => {
  const whole = wholeOf('xz');
  const { bytes, damage } = await given(joined(whole, new Uint8Array(8), whole));
  expect([bytes.length, damage]).toEqual([2 * capture.length, undefined]);
});

test('zstd: a frame that wants 2 GiB of window is refused before anything is allocated', async () => {
  // Magic, descriptor without checksum or size, window 2^31, and a last raw block of one byte.
  const frame = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 21 << 3, 0x09, 0, 0, 0x41);
  const before = process.memoryUsage().rss;
  const { bytes, damage } = await given(frame);
  expect([bytes.length, damage]).toEqual([
    0,
    'zstd: needs a window of more than 128 MiB to be decompressed; decompress it first with "zstd -d --long=31"',
  ]);
  expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
});

test('xz: a block that wants 1.5 GiB of dictionary is refused before anything is allocated', async () => {
  const damageOf = async (dictionary: number) => (await given(withDictionary(wholeOf('xz'), dictionary))).damage;
  expect(await damageOf(37)).toBe(
    'xz: needs a window of more than 128 MiB to be decompressed; decompress it first with "xz -d"',
  );
  expect(await damageOf(30)).toBeUndefined(); // 128 MiB
});

/** The same stream, whose first block says it needs a dictionary of another size: its number stands behind the filter's in the header. */
function withDictionary(whole: Uint8Array, number: number): Uint8Array {
  const bytes = Uint8Array.from(whole);
  const at = 12;
  const length = 4 * (bytes[at] + 1);
  const filter = bytes.indexOf(0x21, at); // LZMA2
  bytes[filter + 2] = number;
  new DataView(bytes.buffer).setUint32(at + length - 4, crc32(bytes.subarray(at, at + length - 4)), true);
  return bytes;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
