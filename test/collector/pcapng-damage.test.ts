// Damaged pcapng: every kind is reported with the byte at which it begins, and what precedes it is read.
import { expect, test } from 'vitest';
import { MAX_FRAME } from '../../collector/formats/frames.ts';
import { tcpSyn } from '../../sample-pcaps/packets.ts';
import { framesOf } from '../setup/cutting.ts';
import { joined, pcapngBlocks } from '../setup/pcapng.ts';

const frame = tcpSyn();
const orders = [false, true];

/** A good beginning with one packet, then `broken`, then a packet that must not be read. */
async function damageOf(bigEndian: boolean, broken: (blocks: ReturnType<typeof pcapngBlocks>) => Uint8Array) {
  const blocks = pcapngBlocks(bigEndian);
  const before = joined(blocks.section(), blocks.describedInterface({}), blocks.enhancedPacket(frame));
  const { frames, damage } = await framesOf(joined(before, broken(blocks), blocks.enhancedPacket(frame)));
  expect(frames.length).toBe(1);
  return damage?.replace(`, at byte ${before.length}`, ' HERE');
}

/** The block with another number in its 32-bit word at `at`. */
function withWord(block: Uint8Array, at: number, value: number, bigEndian: boolean): Uint8Array {
  const changed = new Uint8Array(block);
  new DataView(changed.buffer).setUint32(at, value, !bigEndian);
  return changed;
}

test.each(orders)('block lengths that cannot be (big-endian: %s)', async (bigEndian) => {
  for (const length of [0, 8, 11, (1 << 24) + 1, (1 << 24) + 4, 0xffffffff, 0xfffffffc]) {
    const damage = await damageOf(bigEndian, ({ enhancedPacket }) =>
      withWord(enhancedPacket(frame), 4, length, bigEndian),
    );
    expect(damage).toBe(`block of type 6 says it is ${length} bytes long HERE`);
  }
  const section = await damageOf(bigEndian, (blocks) => withWord(blocks.section(), 4, 24, bigEndian));
  expect(section).toBe(`block of type ${0x0a0d0d0a} says it is 24 bytes long HERE`);
  const described = await damageOf(bigEndian, ({ block }) => block(1, new Uint8Array(4)));
  expect(described).toBe('block of type 1 says it is 16 bytes long HERE');
});

test.each(orders)('a block that ends with another length than it begins with (big-endian: %s)', async (bigEndian) => {
  const damage = await damageOf(bigEndian, ({ block }) => block(5, new Uint8Array(8), 24));
  expect(damage).toBe('block of type 5 ends with another length than it begins with HERE');
});

test.each(orders)('a section whose byte order is not told (big-endian: %s)', async (bigEndian) => {
  const damage = await damageOf(bigEndian, ({ section }) => withWord(section(), 8, 0x12345678, bigEndian));
  expect(damage).toBe('section header without a byte-order magic HERE');
});

test.each(orders)('packets of interfaces that were never described (big-endian: %s)', async (bigEndian) => {
  const never = 'which the section never described HERE';
  expect(await damageOf(bigEndian, ({ enhancedPacket }) => enhancedPacket(frame, { from: 1 }))).toBe(
    `packet of interface 1, ${never}`,
  );
  expect(await damageOf(bigEndian, ({ obsoletePacket }) => obsoletePacket(frame, { from: 65535 }))).toBe(
    `packet of interface 65535, ${never}`,
  );
  expect(await damageOf(bigEndian, ({ section, simplePacket }) => joined(section(), simplePacket(frame)))).toMatch(
    /^packet of interface 0, which the section never described, at byte \d+$/,
  );
});

test.each(orders)('packets longer than their block, or than any packet (big-endian: %s)', async (bigEndian) => {
  const tooLong = (captured: number) =>
    damageOf(bigEndian, ({ enhancedPacket }) => enhancedPacket(frame, { captured }));
  expect(await tooLong(57)).toBe('a packet says it holds 57 bytes, its block only 56 HERE');
  expect(await tooLong(MAX_FRAME + 1)).toBe(
    `a packet says it holds ${MAX_FRAME + 1} bytes (at most ${MAX_FRAME} can be) HERE`,
  );
  const simple = await damageOf(bigEndian, ({ simplePacket }) => simplePacket(new Uint8Array(MAX_FRAME + 1)));
  expect(simple).toBe(`a packet says it holds ${MAX_FRAME + 1} bytes (at most ${MAX_FRAME} can be) HERE`);
});

test.each(orders)('packet blocks without room for their own fields (big-endian: %s)', async (bigEndian) => {
  const damage = (type: number, bytes: number) =>
    damageOf(bigEndian, ({ block }) => block(type, new Uint8Array(bytes)));
  expect(await damage(6, 16)).toBe('packet block of 28 bytes is too short HERE');
  expect(await damage(2, 16)).toBe('packet block of 28 bytes is too short HERE');
  expect(await damage(3, 0)).toBe('packet block of 12 bytes is too short HERE');
});

test('an option that says it is longer than its block ends the options, not the file', async () => {
  const { block, section, enhancedPacket } = pcapngBlocks();
  const body = joined(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0), Uint8Array.of(9, 0, 200, 0, 9, 0, 0, 0));
  const { frames, damage } = await framesOf(
    joined(section(), block(1, body), enhancedPacket(frame, { ticks: 1_000_000n })),
  );
  expect([frames.map(({ seconds }) => seconds), damage]).toEqual([[1], undefined]);
});

test('a file cut anywhere gives the packets before the cut, and says where the broken block begins', async () => {
  const { section, describedInterface, enhancedPacket, simplePacket, obsoletePacket, block } = pcapngBlocks(true);
  const blocks = [section(), describedInterface({ resolution: 9 }), enhancedPacket(frame), block(5, new Uint8Array(4))];
  blocks.push(simplePacket(frame), section(), describedInterface({}), obsoletePacket(frame));
  const capture = joined(...blocks);
  for (let length = 4; length < capture.length; length++) {
    const { frames, damage } = await framesOf(capture.subarray(0, length));
    let whole = 0;
    let end = 0;
    while (end + blocks[whole].length <= length) end += blocks[whole++].length;
    expect(frames.length).toBe([2, 4, 7].filter((number) => number < whole).length);
    expect(damage).toBe(end === length ? undefined : `cut short in the middle of a record, at byte ${end}`);
  }
});
