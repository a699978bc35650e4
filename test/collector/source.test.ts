// Sources: a file's bytes, decompressed where they are gzip, whole as far as they go; and streams that are no capture at all.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NotACapture } from '../../collector/formats/capture.ts';
import { openSource, SMALL_BYTES } from '../../collector/source.ts';
import { writePcap, writePcapng } from '../../sample-pcaps/captures.ts';
import { tcpSyn } from '../../sample-pcaps/packets.ts';
import { createRandom } from '../../sample-pcaps/random.ts';
import { framesOf, unitsOf } from '../setup/cutting.ts';
import { arrivals, drain } from '../setup/streams.ts';

const random = createRandom('source');
const frames = Array.from({ length: 20_000 }, (_, number) => {
  return { seconds: number, nanos: 0, frame: tcpSyn({ seq: random.uint32(), dstPort: number }) };
});
const capture = new Uint8Array(writePcap(frames));
const compressed = new Uint8Array(gzipSync(capture));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'umbrascope-source-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function opened(bytes: Uint8Array | string) {
  const file = path.join(folder, 'capture');
  await writeFile(file, bytes);
  return await openSource(file);
}

test('a file is given byte for byte, and gzip as what is in it', async () => {
  for (const bytes of [
    capture,
    compressed,
    Buffer.concat([gzipSync(capture.subarray(0, 9)), gzipSync(capture.subarray(9))]),
  ]) {
    const source = await opened(bytes);
    const { bytes: given, damage } = await drain(source);
    expect(Buffer.compare(given, capture)).toBe(0);
    expect([damage, source.taken()]).toEqual([undefined, bytes.length]);
    await source.close();
  }
});

test('truncated gzip gives the same bytes every time, and says that it was cut', async () => {
  for (const length of [20, 1000, Math.floor(compressed.length / 2), compressed.length - 9, compressed.length - 1]) {
    const all = [];
    for (const source of arrivals(compressed.subarray(0, length), 499)) all.push(await drain(source));
    const [whole] = all;
    expect(Buffer.compare(whole.bytes, capture.subarray(0, whole.bytes.length))).toBe(0);
    expect(whole.damage).toBe('gzip: unexpected end of file');
    for (const other of all) expect([other.bytes.length, other.damage]).toEqual([whole.bytes.length, whole.damage]);
  }
});

test('most of a truncated gzip is there, and a unit of it can be known again', async () => {
  const half = compressed.subarray(0, Math.floor(compressed.length / 2));
  const results = [];
  for (const source of arrivals(half, 499)) results.push(await unitsOf(source));
  expect(results[0].units[0].end).toBeGreaterThan(capture.length * 0.4);
  expect(results[0].damage).toMatch(/^gzip: unexpected end of file, after byte \d+ of the decompressed stream$/);
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
});

test('gzip with a changed byte gives the same bytes every time, and says that it is broken', async () => {
  const broken = new Uint8Array(compressed);
  broken.fill(0xff, broken.length - 100_000, broken.length - 99_900);
  const all = [];
  for (const source of arrivals(broken, 499)) all.push(await drain(source));
  for (const { bytes, damage } of all) {
    expect(damage).toMatch(/^gzip: /);
    expect([bytes.length, Buffer.compare(bytes, all[0].bytes)]).toEqual([all[0].bytes.length, 0]);
  }
});

test.each([1, 511, 600_000])('%i zeros behind gzip, as tapes leave them, are no damage', async (zeros) => {
  for (const source of arrivals(Buffer.concat([compressed, new Uint8Array(zeros)]), 499)) {
    const { bytes, damage } = await drain(source);
    expect([Buffer.compare(bytes, capture), damage]).toEqual([0, undefined]);
  }
});

test('gzip with something else behind it is given whole, and that is reported', async () => {
  const more = Uint8Array.of(0, 0, 7, 0, 1);
  for (const source of arrivals(Buffer.concat([compressed, more]), 499)) {
    const { bytes, damage } = await drain(source);
    const says = 'gzip: behind a whole member stands what is not gzip';
    expect([Buffer.compare(bytes, capture), damage]).toEqual([0, says]);
  }
});

test.each([
  { what: 'an empty file', bytes: '', says: 'it is empty' },
  { what: 'an empty gzip', bytes: gzipSync(''), says: 'it is empty' },
  { what: 'three bytes', bytes: 'abc', says: 'only 3 bytes: too short for any capture' },
  { what: 'text', bytes: 'date,packets\n', says: 'not a capture file (it is text)' },
  { what: 'gzipped text', bytes: gzipSync('date,packets\n'), says: 'not a capture file (it is text)' },
  {
    what: 'the beginning of zstd',
    bytes: Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0),
    says: 'zstd: unexpected end of file',
  },
  {
    what: 'compress',
    bytes: Uint8Array.of(0x1f, 0x9d, 0x90, 0),
    says: 'it is compress-compressed, which is not read; decompress it first',
  },
  {
    what: 'snoop',
    bytes: 'snoop\0\0\0',
    says: 'it is a capture of snoop; convert it with "editcap -F pcap in out"',
  },
])('$what is no capture, and the message says what to do', async ({ bytes, says }) => {
  const reading = framesOf(await opened(bytes));
  await expect(reading).rejects.toThrow(NotACapture);
  await expect(reading).rejects.toThrow(says);
});

test('a small file is read as far as it went when it was found, compressed or not, and what grew behind is left', async () => {
  const file = path.join(folder, 'growing');
  const small = capture.subarray(0, 100_000);
  for (const bytes of [small, new Uint8Array(gzipSync(small))]) {
    await writeFile(file, Buffer.concat([bytes, Buffer.from('more')]));
    const source = await openSource(file, { size: bytes.length });
    const { bytes: given, damage } = await drain(source);
    expect(Buffer.compare(given, small)).toBe(0);
    expect([damage, source.taken()]).toEqual([undefined, bytes.length]);
    await source.close();
  }
  await expect(openSource(path.join(folder, 'missing'), { size: 10 })).rejects.toThrow('ENOENT');
});

test('the largest small file, whole, cut or claiming more than there is room for, gives what it gives in a large slot', async () => {
  const file = path.join(folder, 'small');
  const whole = capture.subarray(0, SMALL_BYTES);
  const claiming = new Uint8Array(whole);
  new DataView(claiming.buffer).setUint32(24 + 8, 10 * SMALL_BYTES, true);
  const nextClaims = new Uint8Array(writePcapng(frames.slice(0, 5)));
  const block = new DataView(new ArrayBuffer(12));
  block.setUint32(0, 6, true);
  block.setUint32(4, 12 * SMALL_BYTES, true);
  for (const bytes of [
    whole,
    capture.subarray(0, SMALL_BYTES - 5),
    claiming,
    Buffer.concat([nextClaims, Buffer.from(block.buffer)]),
  ]) {
    await writeFile(file, bytes);
    const small = await openSource(file, { size: bytes.length });
    expect(small.most).toBe(bytes.length);
    expect(await unitsOf(small)).toEqual(await unitsOf(await openSource(file)));
  }
});

test('a file that is not there is the error of the file system', async () => {
  await expect(openSource(path.join(folder, 'missing'))).rejects.toThrow('ENOENT');
});
