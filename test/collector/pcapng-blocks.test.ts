// pcapng: clocks of every resolution, versions and lengths of sections, blocks without packets, and thousands of interfaces.
import { expect, test } from 'vitest';
import { openCapture, walkRecords } from '../../collector/formats/capture.ts';
import { MAX_INTERFACES } from '../../collector/formats/pcapng.ts';
import { UNIT_BYTES } from '../../collector/units.ts';
import { tcpSyn } from '../../sample-pcaps/packets.ts';
import { viewOf } from '../setup/counting.ts';
import { framesOf, unitsOf } from '../setup/cutting.ts';
import { joined, pcapngBlocks } from '../setup/pcapng.ts';
import { memorySource } from '../setup/streams.ts';

const frame = tcpSyn();
const orders = [false, true];
const options = (...values: Uint8Array[]) => joined(...values, new Uint8Array(4));

test('a clock may tick in any of the 256 ways that its one byte can say', async () => {
  const { section, describedInterface, enhancedPacket } = pcapngBlocks();
  const largest = (1n << 64n) - 1n;
  const blocks: Uint8Array[] = [];
  const expected: number[] = [];
  for (let resolution = 0; resolution < 256; resolution++) {
    const perSecond = (resolution & 0x80 ? 2n : 10n) ** BigInt(resolution & 0x7f);
    blocks.push(describedInterface({ resolution, offset: 1_000_000_000n }));
    for (const second of [0n, 1n, 2_000_000_000n]) {
      const ticks = [second * perSecond, (second + 1n) * perSecond - 1n].map((tick) =>
        tick > largest ? largest : tick,
      );
      for (const tick of ticks) {
        blocks.push(enhancedPacket(frame, { from: resolution, ticks: tick }));
        expected.push(Number(tick / perSecond) + 1_000_000_000);
      }
    }
  }
  const { frames, damage } = await framesOf(joined(section(), ...blocks));
  expect(damage).toBeUndefined();
  expect(frames.map(({ seconds }) => seconds)).toEqual(expected);
});

test.each(orders)('version 1.2 means 1.0, others are not known (big-endian: %s)', async (bigEndian) => {
  const { section, describedInterface, enhancedPacket } = pcapngBlocks(bigEndian);
  const rest = joined(describedInterface({}), enhancedPacket(frame));
  const known = joined(section({ version: [1, 2] }), rest);
  expect(await framesOf(known)).toMatchObject({ frames: [{ bytes: frame }], damage: undefined });
  for (const version of [
    [0, 0],
    [1, 1],
    [1, 3],
    [2, 0],
    [256, 0],
  ] as [number, number][]) {
    const { frames, damage } = await framesOf(joined(known, section({ version }), rest));
    expect(frames.length).toBe(1);
    expect(damage).toBe(
      `a section of pcapng version ${version.join('.')}, which is not known (1.0 is), at byte ${known.length}`,
    );
  }
});

test.each(orders)(
  'whatever length a section says it has, it ends where the next begins (big-endian: %s)',
  async (bigEndian) => {
    const { section, describedInterface, enhancedPacket } = pcapngBlocks(bigEndian);
    const rest = joined(describedInterface({}), enhancedPacket(frame));
    const lengths = [-1n, 0n, 4n, BigInt(rest.length), BigInt(rest.length) - 8n, 1n << 40n, -(1n << 63n)];
    const parts = lengths.flatMap((length) => [section({ length }), rest]);
    const { frames, damage } = await framesOf(joined(...parts));
    expect([frames.length, damage]).toEqual([lengths.length, undefined]);
  },
);

test.each(orders)(
  'a length that leaves the padding out is read as if it were in it (big-endian: %s)',
  async (bigEndian) => {
    const { section, describedInterface, enhancedPacket, simplePacket, obsoletePacket, block, withoutPadding } =
      pcapngBlocks(bigEndian);
    const odd = frame.subarray(0, 53);
    const capture = joined(
      section(),
      describedInterface({}),
      withoutPadding(enhancedPacket(odd), 3),
      withoutPadding(simplePacket(odd), 3),
      withoutPadding(obsoletePacket(odd), 3),
      withoutPadding(block(0x0bad, new Uint8Array(8)), 1),
      enhancedPacket(frame),
    );
    const { frames, damage } = await framesOf(capture);
    expect(damage).toBeUndefined();
    expect(frames.map(({ bytes }) => bytes)).toEqual([odd, odd, odd, frame]);
  },
);

test.each(orders)('options and blocks that tell of other things change nothing (big-endian: %s)', async (bigEndian) => {
  const { section, describedInterface, enhancedPacket, block, option } = pcapngBlocks(bigEndian);
  const text = (length: number) => new Uint8Array(length).fill(0x61);
  const checkSum = option(13, Uint8Array.of(4)); // if_fcslen
  const packetOptions = options(option(1, text(5)), option(2, text(4)), option(4, text(8)), option(0xbad, text(7)));
  // Names, statistics, journal, secrets, custom to be copied or not, and what nobody knows.
  const types = [4, 5, 7, 9, 10, 0x0bad, 0x40000bad, 0x80000001, 0x7fffffff];
  const others = types.flatMap((type) => [block(type, text(0)), block(type, text(64))]);
  const capture = joined(
    section({ options: options(option(2, text(9)), option(3, text(1)), option(4, text(300))) }),
    ...others,
    describedInterface({ before: checkSum }),
    ...others,
    enhancedPacket(frame, { options: packetOptions, ticks: 5_000_000n }),
    ...others,
  );
  expect(await framesOf(capture)).toEqual({
    frames: [{ seconds: 5, wireLength: frame.length, linkType: 1, bytes: frame }],
    damage: undefined,
  });
});

test('more captured than was on the wire is read as the file says', async () => {
  const { section, describedInterface, block } = pcapngBlocks();
  const head = new Uint8Array(20);
  new DataView(head.buffer).setUint32(12, 40, true);
  const { frames, damage } = await framesOf(
    joined(section(), describedInterface({}), block(6, joined(head, frame.subarray(0, 40)))),
  );
  expect([frames.map(({ bytes, wireLength }) => [bytes.length, wireLength]), damage]).toEqual([[[40, 0]], undefined]);
});

test('thousands of interfaces keep their own link types and clocks, also across units', async () => {
  const { section, describedInterface, enhancedPacket, block } = pcapngBlocks();
  const count = 5000;
  const numbers = Array.from({ length: count }, (_, number) => number);
  const capture = joined(
    section(),
    ...numbers.map((number) => describedInterface({ linkType: number, resolution: 6, offset: BigInt(number) })),
    block(0x0bad, new Uint8Array(UNIT_BYTES)),
    ...numbers.map((number) => enhancedPacket(frame, { from: number, ticks: 7_000_000n })),
  );
  const { frames } = await framesOf(capture);
  expect(frames.map(({ linkType, seconds }) => [linkType, seconds])).toEqual(
    numbers.map((number) => [number, number + 7]),
  );
  const { units } = await unitsOf(memorySource(capture));
  expect(units.length).toBe(2);
});

test('interfaces that say the same are kept once, however many there are', () => {
  const { section, describedInterface } = pcapngBlocks();
  const pair = joined(describedInterface({ linkType: 1 }), describedInterface({ linkType: 101, resolution: 9 }));
  const capture = joined(section(), ...Array.from({ length: MAX_INTERFACES / 2 }, () => pair));
  const { context, at } = openCapture(viewOf(capture), 0, capture.length);
  expect(walkRecords(viewOf(capture), at, capture.length, capture.length, context).damage).toBeUndefined();
  if (context.container !== 'pcapng') throw new Error('not pcapng');
  const copy = structuredClone(context);
  expect([copy.interfaces.length, new Set(copy.interfaces).size]).toEqual([MAX_INTERFACES, 2]);
  expect(copy.interfaces.slice(0, 3).map(({ linkType }) => linkType)).toEqual([1, 101, 1]);
});

test('a section with more interfaces than can be carried along is damaged, and the next one starts anew', async () => {
  const { section, describedInterface, enhancedPacket } = pcapngBlocks();
  const many = joined(section(), ...Array.from({ length: MAX_INTERFACES }, () => describedInterface({})));
  const twice = joined(many, enhancedPacket(frame, { from: MAX_INTERFACES - 1 }), many);
  const { frames, damage } = await framesOf(joined(twice, describedInterface({}), enhancedPacket(frame)));
  expect(frames.length).toBe(1);
  expect(damage).toBe(`a section with more than ${MAX_INTERFACES} interfaces, at byte ${twice.length}`);
});
