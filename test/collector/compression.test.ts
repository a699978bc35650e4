// Every compression: whole, concatenated, cut, broken, and within each other, the bytes of a capture come out exactly as far as they go.
import { expect, test } from 'vitest';
import { COMPRESSIONS, compressionOf } from '../../collector/compression/compressions.ts';
import { NotACapture } from '../../collector/formats/capture.ts';
import { decompressed } from '../../collector/source.ts';
import { createRandom } from '../../sample-pcaps/random.ts';
import { capture, everyCompression } from '../setup/compressing.ts';
import { unitsOf } from '../setup/cutting.ts';
import { drain, memorySource } from '../setup/streams.ts';

const compressions = await everyCompression();
const gzip = compressions[0].compress!;
const cases = compressions.map((compressed) => [compressed.name, compressed] as const);

/** What comes out, at once and in small pieces: it must be the same. */
async function given(bytes: Uint8Array) {
  const random = createRandom('pieces');
  const results = [];
  for (const piece of [() => bytes.length, () => random.int(1, 5000)]) {
    const source = await decompressed(memorySource(bytes, piece));
    const { bytes: plain } = await drain(source);
    results.push({ plain, damage: source.damage() });
    await source.close();
  }
  const [first, second] = results;
  expect(Buffer.compare(first.plain, second.plain)).toBe(0);
  expect(second.damage).toEqual(first.damage);
  return first;
}

const isPrefix = (plain: Uint8Array) => Buffer.compare(plain, capture.subarray(0, plain.length)) === 0;
const joined = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

test('each compression that is read is tested here', () => {
  expect(compressions.map(({ name }) => name).sort()).toEqual(COMPRESSIONS.map(({ name }) => name).sort());
  for (const { name, whole } of compressions) expect(compressionOf(whole)?.name).toBe(name);
});

test.each(cases)('%s: a capture comes out whole, from one stream and from two', async (_, { whole, two }) => {
  for (const bytes of [whole, two, joined(two, two.subarray(0, 0))]) {
    const { plain, damage } = await given(bytes);
    expect([Buffer.compare(plain, capture), damage]).toEqual([0, undefined]);
  }
});

test.each(cases)('%s: it has the same units as the capture itself', async (_, { whole }) => {
  const plain = await unitsOf(memorySource(capture));
  expect(await unitsOf(await decompressed(memorySource(whole)))).toEqual(plain);
});

test.each(cases)(
  '%s: cut anywhere it gives what is there, and says that the end is missing',
  async (name, { whole, two }) => {
    const random = createRandom(name);
    let before = 0;
    const cuts = Array.from({ length: 12 }, () => random.int(12, whole.length - 1)).sort((a, b) => a - b);
    for (const cut of [...cuts, whole.length - 1]) {
      const { plain, damage } = await given(whole.subarray(0, cut));
      expect(isPrefix(plain)).toBe(true);
      expect(plain.length).toBeGreaterThanOrEqual(before);
      expect(damage).toEqual({ what: `${name}: unexpected end of file`, unfinished: true });
      before = plain.length;
    }
    expect(before).toBe(capture.length);
    const first = await given(two.subarray(0, two.length - 20));
    expect([isPrefix(first.plain), first.damage?.unfinished]).toEqual([true, true]);
    expect(first.plain.length).toBeGreaterThanOrEqual(70_000); // the first stream's
  },
);

test.each(cases)('%s: with a byte changed it gives the same every time, and is damaged', async (name, { whole }) => {
  const random = createRandom(`${name} changed`);
  for (let round = 0; round < 12; round++) {
    const broken = Uint8Array.from(whole);
    broken[random.int(16, whole.length - 1)] ^= 1 << random.int(0, 7);
    const { damage } = await given(broken);
    expect(damage?.what).toMatch(new RegExp(`^${name}: `));
  }
});

test.each(cases)('%s: what stands behind it and is something else is a damage', async (name, { whole, two }) => {
  const garbage = new Uint8Array(Buffer.from('this is no compressed stream of any kind'));
  for (const bytes of [joined(whole, garbage), joined(whole, garbage, two)]) {
    const { plain, damage } = await given(bytes);
    expect(isPrefix(plain)).toBe(true);
    expect(damage).toMatchObject({ what: expect.stringMatching(`^${name}: `), unfinished: false });
  }
});

test.each(cases)(
  '%s: within other compressions it is read, and what broke the outer one is said',
  async (name, { whole }) => {
    const inside = await gzip(await gzip(whole));
    expect(await given(inside)).toMatchObject({ damage: undefined });
    expect(Buffer.compare((await given(inside)).plain, capture)).toBe(0);
    const cut = await given(inside.subarray(0, inside.length - 30));
    expect([isPrefix(cut.plain), cut.damage]).toEqual([
      true,
      { what: 'gzip: unexpected end of file', unfinished: true },
    ]);
    const cutInside = await given(await gzip(whole.subarray(0, whole.length - 30)));
    expect(cutInside.damage).toEqual({ what: `${name}: unexpected end of file`, unfinished: true });
  },
);

test('four compressions within each other are read, and five are refused', async () => {
  let bytes = capture;
  for (let times = 0; times < 4; times++) bytes = new Uint8Array(await gzip(bytes));
  expect(Buffer.compare((await given(bytes)).plain, capture)).toBe(0);
  const refused = decompressed(memorySource(await gzip(bytes)));
  await expect(refused).rejects.toThrow(NotACapture);
  await expect(refused).rejects.toThrow('more than 4 compressions within each other');
});

test('a reader that stops early leaves no thread at work, and the next stream is read all the same', async () => {
  for (const { whole } of compressions) {
    for (let round = 0; round < 3; round++) {
      const source = await decompressed(memorySource(joined(...Array.from({ length: 200 }, () => whole))));
      expect(await source.read(new Uint8Array(10), 0, 10)).toBe(10);
      await source.close();
    }
    expect(Buffer.compare((await given(whole)).plain, capture)).toBe(0);
  }
});

test('an error of the file while it is read is the reader’s', async () => {
  for (const { whole } of compressions) {
    const healthy = memorySource(whole, () => 5000);
    let reads = 0;
    const failing = {
      ...healthy,
      read: async (into: Uint8Array, at: number, most: number) => {
        if (++reads > 2) throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
        return await healthy.read(into, at, most);
      },
    };
    const failed = decompressed(failing).then((source) => drain(source));
    await expect(failed).rejects.toThrow('EIO');
  }
});
