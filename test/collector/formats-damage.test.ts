// Every format under cuts and changed bytes: what can be read is read, what cannot is refused or reported, and nothing is ever an
// exception or a frame outside of its file.
import { describe, expect, test } from 'vitest';
import { NotACapture } from '../../collector/formats/capture.ts';
import { icmp, tcpSyn, udp } from '../../sample-pcaps/packets.ts';
import { createRandom } from '../../sample-pcaps/random.ts';
import { eachUnit, framesOf } from '../setup/cutting.ts';
import { erfRecord, erfTypes } from '../setup/erf.ts';
import { linuxMore, nokiaMore, pcapFile, pcapMagics, suseMore } from '../setup/pcap.ts';
import { joined, pcapngBlocks } from '../setup/pcapng.ts';
import { memorySource } from '../setup/streams.ts';

const frames = [tcpSyn(), udp(), icmp(), tcpSyn({ dstAddr: '2001:db8:64::1' }), udp({ dstPort: 53 }), tcpSyn()];
const records = (more?: Uint8Array) => frames.map((frame) => ({ frame, ...(more ? { more } : {}) }));
const blocks = [false, true].map((bigEndian) => {
  const { section, describedInterface, enhancedPacket, simplePacket, obsoletePacket, block } = pcapngBlocks(bigEndian);
  return joined(
    section(),
    describedInterface({ resolution: 9, offset: 5n }),
    ...frames.map((frame) => enhancedPacket(frame, { ticks: 1n << 50n })),
    block(5, new Uint8Array(12)),
    simplePacket(frames[0]),
    describedInterface({ linkType: 101 }),
    obsoletePacket(frames[1], { from: 1 }),
  );
});

const captures = [
  { format: 'pcap', capture: pcapFile({}, records()) },
  {
    format: 'pcap, big-endian, nanoseconds',
    capture: pcapFile({ bigEndian: true, magic: pcapMagics.nanos }, records()),
  },
  { format: 'pcap of Red Hat', capture: pcapFile({}, records(linuxMore())) },
  { format: 'pcap of Nokia', capture: pcapFile({}, records(nokiaMore())) },
  { format: 'pcap of SuSE', capture: pcapFile({ magic: pcapMagics.modified }, records(suseMore())) },
  { format: 'pcap of Ixia', capture: pcapFile({ magic: pcapMagics.ixiaHardware }, records()) },
  { format: 'pcap, version 2.3', capture: pcapFile({ version: [2, 3] }, records()) },
  { format: 'pcapng', capture: blocks[0] },
  { format: 'pcapng, big-endian', capture: blocks[1] },
  {
    format: 'ERF',
    capture: joined(
      ...frames.map((frame, number) => erfRecord(frame, { extensions: number % 3 })),
      erfRecord(frames[0], { type: erfTypes.pad }),
      erfRecord(frames[0], { type: erfTypes.ipCounter }),
    ),
  },
];

/** Reads it and looks at what must hold of any file. */
async function readAnything(capture: Uint8Array): Promise<void> {
  try {
    const read = await framesOf(capture);
    for (const { bytes } of read.frames) expect(bytes.length).toBeLessThan(capture.length);
    if (read.damage !== undefined) {
      const place = Number(/, at byte (\d+)$/.exec(read.damage)?.[1]);
      expect(place).toBeGreaterThanOrEqual(0);
      expect(place).toBeLessThan(capture.length);
    }
    // Units lie one behind the other, up to the damage.
    let end: number | undefined;
    await eachUnit(memorySource(capture), (unit) => {
      expect(unit.start).toBe(end ?? unit.start);
      end = unit.end;
    });
    expect(end ?? 0).toBeLessThanOrEqual(capture.length);
  } catch (error) {
    if (!(error instanceof NotACapture)) throw error;
    expect(error.message).not.toBe('');
  }
}

describe.each(captures)('$format', ({ format, capture }) => {
  test('is whole as it was written', async () => {
    const { frames: read, damage } = await framesOf(capture);
    expect(read.length).toBeGreaterThanOrEqual(frames.length);
    expect(damage).toBeUndefined();
  });

  test('cut at every length', async () => {
    for (let length = 1; length < capture.length; length++) await readAnything(capture.subarray(0, length));
  });

  test('with every byte changed in turn', async () => {
    for (let at = 0; at < capture.length; at++) {
      const original = capture[at];
      for (const value of [1, 0x80, 0xff]) await readAnything(capture.with(at, original ^ value));
    }
  });

  test('with many bytes changed at once', async () => {
    const random = createRandom(format);
    for (let round = 0; round < 300; round++) {
      const changed = new Uint8Array(capture);
      for (let count = random.int(1, 12); count > 0; count--) {
        changed[random.int(0, changed.length - 1)] = random.int(0, 255);
      }
      await readAnything(changed);
    }
  });

  test('with garbage between its records', async () => {
    const random = createRandom(`${format}, garbage`);
    for (let round = 0; round < 100; round++) {
      const at = random.int(24, capture.length);
      const garbage = Uint8Array.from({ length: random.int(1, 60) }, () => random.int(0, 255));
      await readAnything(joined(capture.subarray(0, at), garbage, capture.subarray(at)));
    }
  });
});
