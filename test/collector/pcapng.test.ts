// pcapng: sections, interfaces and their clocks, the three kinds of packet blocks, and blocks that are none of these.
import { expect, test } from 'vitest';
import { NO_TIME } from '../../collector/formats/frames.ts';
import { writePcapng } from '../../sample-pcaps/captures.ts';
import { icmp, tcpSyn, udp } from '../../sample-pcaps/packets.ts';
import { framesOf } from '../setup/cutting.ts';
import { joined, pcapngBlocks } from '../setup/pcapng.ts';

const captured = [
  { seconds: 1_546_300_800, nanos: 999_999_999, frame: tcpSyn({ dstPort: 23 }) },
  { seconds: 1_609_459_199, nanos: 0, frame: udp({ payload: new Uint8Array(3) }), wireLength: 1500 },
  { seconds: 1_609_459_200, nanos: 1, frame: icmp({ dstAddr: '2001:db8:64::1' }) },
];
const expected = captured.map(({ seconds, frame, wireLength = frame.length }) => {
  return { seconds, wireLength, linkType: 1, bytes: frame };
});
const orders = [false, true];
const frame = tcpSyn();
const seconds = async (capture: Uint8Array) => (await framesOf(capture)).frames.map((row) => row.seconds);

test.each(orders)('frames, lengths and seconds come out as they went in (big-endian: %s)', async (bigEndian) => {
  for (const timeResolution of [3, 6, 9, 10, 0x80 | 10, 0x80 | 20, 0x80 | 30]) {
    const capture = writePcapng(captured, { bigEndian, timeResolution, linkType: 113 });
    const frames = expected.map((row) => ({ ...row, linkType: 113 }));
    expect(await framesOf(capture)).toEqual({ frames, damage: undefined });
  }
});

test.each(orders)('seconds are exact on both sides of their edge (big-endian: %s)', async (bigEndian) => {
  const { section, describedInterface, enhancedPacket } = pcapngBlocks(bigEndian);
  const resolutions = [
    0,
    1,
    6,
    9,
    15,
    17,
    18,
    0x80,
    0x80 | 1,
    0x80 | 31,
    0x80 | 32,
    0x80 | 33,
    0x80 | 51,
    0x80 | 52,
    0x80 | 63,
  ];
  for (const resolution of resolutions) {
    const ticks = (resolution & 0x80 ? 2n : 10n) ** BigInt(resolution & 0x7f);
    const most = (1n << 64n) / ticks - 1n;
    // A second near the largest this clock can tell, one near 2020 where it can, and one in between.
    const edges = [most, 1_577_836_800n, most / 3n].filter(
      (second) => second > 1n && second <= most && second < 0xffffffffn,
    );
    const blocks = edges.flatMap((second) => [
      enhancedPacket(frame, { ticks: second * ticks - 1n }),
      enhancedPacket(frame, { ticks: second * ticks }),
      enhancedPacket(frame, { ticks: second * ticks + ticks - 1n }),
    ]);
    const capture = joined(section(), describedInterface({ resolution }), ...blocks);
    const wanted = edges.flatMap((second) => [Number(second) - 1, Number(second), Number(second)]);
    expect(await seconds(capture), `if_tsresol ${resolution}`).toEqual(wanted);
  }
});

test('a clock of no options counts microseconds', async () => {
  const { section, describedInterface, enhancedPacket } = pcapngBlocks();
  const packets = [1_999_999n, 2_000_000n].map((ticks) => enhancedPacket(frame, { ticks }));
  expect(await seconds(joined(section(), describedInterface({}), ...packets))).toEqual([1, 2]);
});

test.each(orders)("an interface's offset is added in whole seconds (big-endian: %s)", async (bigEndian) => {
  const { section, describedInterface, enhancedPacket } = pcapngBlocks(bigEndian);
  const at = async (offset: bigint, ticks: bigint) => {
    return await seconds(
      joined(section(), describedInterface({ resolution: 9, offset }), enhancedPacket(frame, { ticks })),
    );
  };
  expect(await at(1_577_836_800n, 999_999_999n)).toEqual([1_577_836_800]);
  expect(await at(-5n, 7_999_999_999n)).toEqual([2]);
  expect(await at(-8n, 7_999_999_999n)).toEqual([NO_TIME]);
  expect(await at(0xfffffffen, 0n)).toEqual([0xfffffffe]);
  expect(await at(0xffffffffn, 0n)).toEqual([NO_TIME]);
  expect(await at(1n << 62n, 0n)).toEqual([NO_TIME]);
});

test('every interface has its own link type and clock', async () => {
  const { section, describedInterface, enhancedPacket } = pcapngBlocks();
  const capture = joined(
    section(),
    describedInterface({ linkType: 1 }),
    enhancedPacket(frame, { from: 0, ticks: 5_000_000n }),
    describedInterface({ linkType: 101, resolution: 9, offset: 100n }),
    describedInterface({ linkType: 276, resolution: 0x80 | 10 }),
    enhancedPacket(frame, { from: 2, ticks: 2048n }),
    enhancedPacket(frame, { from: 1, ticks: 5_000_000_000n }),
    enhancedPacket(frame, { from: 0, ticks: 6_000_000n }),
  );
  const { frames } = await framesOf(capture);
  expect(frames.map(({ linkType, seconds }) => [linkType, seconds])).toEqual([
    [1, 5],
    [276, 2],
    [101, 105],
    [1, 6],
  ]);
});

test('every section has its own byte order and interfaces', async () => {
  const parts = [false, true, true, false].map((bigEndian, number) => {
    const { section, describedInterface, enhancedPacket } = pcapngBlocks(bigEndian);
    const packet = enhancedPacket(frame, { ticks: BigInt(number) * 1_000_000n });
    return joined(section(), describedInterface({ linkType: 100 + number }), packet);
  });
  const { frames, damage } = await framesOf(joined(...parts));
  expect(frames.map(({ linkType, seconds }) => [linkType, seconds])).toEqual([
    [100, 0],
    [101, 1],
    [102, 2],
    [103, 3],
  ]);
  expect(damage).toBeUndefined();
});

test('interfaces of an earlier section are forgotten', async () => {
  const { section, describedInterface, enhancedPacket } = pcapngBlocks();
  const before = joined(section(), describedInterface({}), enhancedPacket(frame), section());
  const { frames, damage } = await framesOf(joined(before, enhancedPacket(frame)));
  expect(frames.length).toBe(1);
  expect(damage).toBe(`packet of interface 0, which the section never described, at byte ${before.length}`);
});

test.each(orders)(
  'a simple packet has no time, and the length its snap length leaves (big-endian: %s)',
  async (bigEndian) => {
    const { section, describedInterface, simplePacket } = pcapngBlocks(bigEndian);
    // 41 is no multiple of four: one byte of the block is padding and no part of the frame.
    const limited = joined(
      section(),
      describedInterface({ snapLength: 41 }),
      simplePacket(frame, 41),
      simplePacket(frame.subarray(0, 13)),
    );
    expect((await framesOf(limited)).frames).toEqual([
      { seconds: 0, wireLength: frame.length, linkType: 1, bytes: frame.subarray(0, 41) },
      { seconds: 0, wireLength: 13, linkType: 1, bytes: frame.subarray(0, 13) },
    ]);
    const unlimited = joined(section(), describedInterface({ snapLength: 0 }), simplePacket(frame));
    expect((await framesOf(unlimited)).frames[0].bytes).toEqual(frame);
  },
);

test.each(orders)('an obsolete packet block names its interface in 16 bits (big-endian: %s)', async (bigEndian) => {
  const { section, describedInterface, obsoletePacket } = pcapngBlocks(bigEndian);
  const packet = obsoletePacket(frame, { from: 1, drops: 7, ticks: 3_999_999_999n });
  const capture = joined(
    section(),
    describedInterface({}),
    describedInterface({ linkType: 101, resolution: 9 }),
    packet,
  );
  expect((await framesOf(capture)).frames).toEqual([
    { seconds: 3, wireLength: frame.length, linkType: 101, bytes: frame },
  ]);
});

test.each(orders)('blocks and options that are not known are stepped over (big-endian: %s)', async (bigEndian) => {
  const { section, describedInterface, enhancedPacket, block, option } = pcapngBlocks(bigEndian);
  const comment = option(1, new TextEncoder().encode('odd'));
  const capture = joined(
    section(),
    block(4, new Uint8Array(8)), // name resolution
    describedInterface({ resolution: 9, before: comment }),
    block(5, new Uint8Array(20)), // interface statistics
    enhancedPacket(frame, { ticks: 1_000_000_000n }),
    block(0x0bad, new Uint8Array(0)),
    block(0x80000001, new Uint8Array(1000).fill(6)),
    enhancedPacket(frame, { ticks: 2_000_000_000n }),
  );
  const { frames, damage } = await framesOf(capture);
  expect([frames.map((row) => row.seconds), damage]).toEqual([[1, 2], undefined]);
});
