// Classic pcap: every magic number, byte order and version, the upper bits of the link type, and each kind of damage.
import { expect, test } from 'vitest';
import { NotACapture } from '../../collector/formats/capture.ts';
import { MAX_FRAME } from '../../collector/formats/frames.ts';
import { type PcapOptions, writePcap } from '../../sample-pcaps/captures.ts';
import { arp, tcpSyn, udp } from '../../sample-pcaps/packets.ts';
import { framesOf } from '../setup/cutting.ts';

const fileHeader = 24;
const recordHeader = 16;
const offsets = { magic: 0, major: 4, minor: 6, linkType: 20, capLength: 8, wireLength: 12 } as const;

const captured = [
  { seconds: 1_546_300_800, nanos: 999_999_999, frame: tcpSyn({ dstPort: 23 }) },
  { seconds: 1_609_459_199, nanos: 0, frame: udp({ dstAddr: '2001:db8:64::1' }), wireLength: 1500 },
  { seconds: 0xfffffffe, nanos: 1, frame: arp() },
];
const expected = captured.map(({ seconds, frame, wireLength = frame.length }) => {
  return { seconds, wireLength, linkType: 1, bytes: frame };
});
const orders = [false, true];
const changed = (options: PcapOptions, change: (view: DataView, littleEndian: boolean) => void): Uint8Array => {
  const capture = new Uint8Array(writePcap(captured, options));
  change(new DataView(capture.buffer), !options.bigEndian);
  return capture;
};
const secondRecord = fileHeader + recordHeader + captured[0].frame.length;

test.each([
  { bigEndian: false, nanoseconds: false },
  { bigEndian: true, nanoseconds: false },
  { bigEndian: false, nanoseconds: true },
  { bigEndian: true, nanoseconds: true },
])('frames, lengths and seconds come out as they went in: %o', async (options) => {
  expect(await framesOf(writePcap(captured, options))).toEqual({ frames: expected, damage: undefined });
});

test.each(orders)('the modified form has eight bytes more a record (big-endian: %s)', async (bigEndian) => {
  const plain = changed({ bigEndian }, (view, little) => view.setUint32(offsets.magic, 0xa1b2cd34, little));
  const pieces = [plain.subarray(0, fileHeader)];
  for (let at = fileHeader, row = 0; row < captured.length; row++) {
    const frameAt = at + recordHeader;
    const end = frameAt + captured[row].frame.length;
    // Interface index, protocol, packet type and padding: 0xee shows up where they are taken for anything else.
    pieces.push(plain.subarray(at, frameAt), new Uint8Array(8).fill(0xee), plain.subarray(frameAt, end));
    at = end;
  }
  expect(await framesOf(Buffer.concat(pieces))).toEqual({ frames: expected, damage: undefined });
});

/** The file with this minor version, and with the two lengths the other way round in the rows named. */
function withSwappedLengths(minor: number, rows: number[]): Uint8Array {
  return changed({}, (view, little) => {
    view.setUint16(offsets.minor, minor, little);
    let at = fileHeader;
    for (const [row, { frame, wireLength = frame.length }] of captured.entries()) {
      if (rows.includes(row)) {
        view.setUint32(at + offsets.capLength, wireLength, little);
        view.setUint32(at + offsets.wireLength, frame.length, little);
      }
      at += recordHeader + frame.length;
    }
  });
}

test.each([0, 1, 2])('before version 2.3 the two lengths stand the other way round: 2.%i', async (minor) => {
  expect(await framesOf(withSwappedLengths(minor, [0, 1, 2]))).toEqual({ frames: expected, damage: undefined });
});

test.each([{ rows: [] }, { rows: [1] }, { rows: [0, 1, 2] }])(
  'in version 2.3 the captured length is the smaller one: $rows',
  async ({ rows }) => {
    expect(await framesOf(withSwappedLengths(3, rows))).toEqual({ frames: expected, damage: undefined });
  },
);

test.each([4, 5])('from version 2.4 on the captured length stands first: 2.%i', async (minor) => {
  const capture = changed({}, (view, little) => view.setUint16(offsets.minor, minor, little));
  expect(await framesOf(capture)).toEqual({ frames: expected, damage: undefined });
});

test.each([1, 3])('a file of version %i.4 is refused', async (major) => {
  const capture = changed({}, (view, little) => view.setUint16(offsets.major, major, little));
  const reading = framesOf(capture);
  await expect(reading).rejects.toThrow(NotACapture);
  await expect(reading).rejects.toThrow(`pcap version ${major}.4 is not known (2.x is)`);
});

test.each(orders)(
  'upper bits of the link type tell of check sums, not of the link (big-endian: %s)',
  async (bigEndian) => {
    const capture = changed({ bigEndian }, (view, little) =>
      view.setUint32(offsets.linkType, 0xf4000000 | 276, little),
    );
    const { frames } = await framesOf(capture);
    expect(frames.map(({ linkType }) => linkType)).toEqual([276, 276, 276]);
  },
);

test('a file of a header alone holds no frame and is not damaged', async () => {
  expect(await framesOf(writePcap([]))).toEqual({ frames: [], damage: undefined });
});

test('a record of no bytes is a frame', async () => {
  const { frames, damage } = await framesOf(writePcap([{ ...captured[0], frame: new Uint8Array(0) }, captured[0]]));
  expect(frames.map(({ bytes }) => bytes.length)).toEqual([0, captured[0].frame.length]);
  expect(damage).toBeUndefined();
});

test('a frame may be as long as the longest and no longer', async () => {
  const frame = (length: number) => ({ seconds: 1, nanos: 0, frame: new Uint8Array(length) });
  const longest = await framesOf(writePcap([frame(MAX_FRAME)], { snapLength: 0 }));
  expect([longest.frames.length, longest.damage]).toEqual([1, undefined]);
  const tooLong = await framesOf(writePcap([frame(1), frame(MAX_FRAME + 1)], { snapLength: 0 }));
  expect(tooLong.frames.length).toBe(1);
  expect(tooLong.damage).toBe(
    `a record says it holds ${MAX_FRAME + 1} bytes (at most ${MAX_FRAME} can be), at byte 41`,
  );
});

test('an impossible length is reported with its place, and what precedes is read', async () => {
  const capture = changed({}, (view, little) => view.setUint32(secondRecord + offsets.capLength, 0xffffffff, little));
  const { frames, damage } = await framesOf(capture);
  expect(frames).toEqual(expected.slice(0, 1));
  expect(damage).toBe(`a record says it holds 4294967295 bytes (at most ${MAX_FRAME} can be), at byte ${secondRecord}`);
});

test('a file cut anywhere gives the records before the cut, and says where the broken one begins', async () => {
  const capture = writePcap(captured);
  for (let length = fileHeader; length < capture.length; length++) {
    const { frames, damage } = await framesOf(capture.subarray(0, length));
    let whole = 0;
    let end = fileHeader;
    while (end + recordHeader + captured[whole].frame.length <= length) {
      end += recordHeader + captured[whole].frame.length;
      whole++;
    }
    expect(frames).toEqual(expected.slice(0, whole));
    expect(damage).toBe(end === length ? undefined : `cut short in the middle of a record, at byte ${end}`);
  }
});

test('a file cut in its header is no capture', async () => {
  const capture = writePcap(captured);
  await expect(framesOf(capture.subarray(0, 23))).rejects.toThrow('cut short: 23 of the 24 bytes of a pcap header');
});
