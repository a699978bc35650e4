// What is ERF: a format without a magic number must be told by a chain of records, and nothing else may look like one.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { NotACapture, openCapture } from '../../collector/formats/capture.ts';
import { isErf } from '../../collector/formats/erf.ts';
import { writePcap, writePcapng } from '../../sample-pcaps/captures.ts';
import { tcpSyn } from '../../sample-pcaps/packets.ts';
import { createRandom } from '../../sample-pcaps/random.ts';
import { viewOf } from '../setup/counting.ts';
import { framesOf } from '../setup/cutting.ts';
import { erfRecord, erfTypes } from '../setup/erf.ts';
import { joined } from '../setup/pcapng.ts';
import { haveShared, sharedFile } from '../setup/shared.ts';

const good = erfRecord(tcpSyn());
const random = createRandom('erf');
const randomBytes = (length: number) => Uint8Array.from({ length }, () => random.int(0, 255));

function told(...records: Uint8Array[]): boolean {
  const bytes = joined(...records);
  return isErf(viewOf(bytes), 0, bytes.length);
}

/** Refused, and listed as skipped where it was only found beside captures. */
function isUnknown(bytes: Uint8Array): boolean {
  try {
    openCapture(viewOf(bytes), 0, bytes.length);
    return false;
  } catch (error) {
    return error instanceof NotACapture && error.unknown;
  }
}

test('five records in a row are ERF, whatever follows', () => {
  expect(told(good, good, good, good, good, randomBytes(100))).toBe(true);
  expect(told(good, good, good, good, randomBytes(100).fill(0))).toBe(false);
});

test('three are enough where the file was cut, two where it ends exactly behind them, one never is', () => {
  expect(told(good, good, good, good.subarray(0, 5))).toBe(true);
  expect(told(good, good, good, good.subarray(0, 50))).toBe(true);
  expect(told(good, good, good.subarray(0, 50))).toBe(false);
  expect(told(good, good)).toBe(true);
  expect(told(good)).toBe(false);
  expect(told(good.subarray(0, 20))).toBe(false);
});

test('filling and data about the capture may stand before, need no time and count for nothing', () => {
  const filling = erfRecord(new Uint8Array(80), { type: erfTypes.pad, seconds: 0 });
  const meta = erfRecord(new Uint8Array(80), { type: erfTypes.meta, seconds: 0, extensions: 1 });
  expect(told(filling, meta, good, filling, good)).toBe(true);
  expect(told(filling, meta, filling, meta, good)).toBe(false);
  expect(told(...Array.from({ length: 9 }, () => filling))).toBe(false);
});

test.each<[what: string, record: Uint8Array]>([
  ['before there was ERF', erfRecord(tcpSyn(), { seconds: 788_918_399 })],
  ['after the year 2100', erfRecord(tcpSyn(), { seconds: 4_102_444_800 })],
  ['two minutes before the last', erfRecord(tcpSyn(), { seconds: 1_577_836_680 })],
  ['two years behind the last', erfRecord(tcpSyn(), { seconds: 1_577_836_800 + 2 * 31_536_000 })],
  ['of a type for users of their own', erfRecord(tcpSyn(), { type: 32 })],
  ['of no type', erfRecord(tcpSyn(), { type: 0 })],
  ['too short', erfRecord(tcpSyn(), { length: 15 })],
  ['too short for its headers', erfRecord(tcpSyn(), { length: 16 })],
])('a record %s is not taken for one', (_, record) => {
  expect(told(good, good, good, good, record)).toBe(false);
  expect(told(good, good, good, good, good)).toBe(true);
});

test('records of two interfaces may be a little out of order, and a sensor silent for months', () => {
  const at = (seconds: number) => erfRecord(tcpSyn(), { seconds });
  expect(told(at(1_000_000_050), at(1_000_000_000), at(1_020_000_000), at(1_020_000_001), at(1_019_999_990))).toBe(
    true,
  );
});

test('random bytes never are', () => {
  for (let round = 0; round < 2000; round++) {
    const bytes = randomBytes(random.int(4, 3000));
    expect(isErf(viewOf(bytes), 0, bytes.length)).toBe(false);
  }
});

test('regular bytes never are', () => {
  const zeros = new Uint8Array(66_000);
  const counting = zeros.map((_, index) => index);
  const sparse = zeros.map((_, index) => (index % 4 === 0 ? 1 : 0));
  for (let value = 0; value < 256; value++) {
    expect(told(zeros.fill(value))).toBe(false);
    expect(told(counting.subarray(value))).toBe(false);
    expect(told(sparse.subarray(value & 3).with(8, value))).toBe(false);
  }
});

test('text never is, not even where each line could be a record', () => {
  // "\n" is a type, "03" a length that is a whole number of such lines, "0101" always the same time.
  const lines = new TextEncoder().encode('20300101\n'.repeat(20_000));
  expect(isErf(viewOf(lines), 0, lines.length)).toBe(true);
  expect(isUnknown(lines)).toBe(true);
  for (const text of ['date,packets\n', '{"a": 1}\n', '計測は正常\n', '0', '\t', '\n']) {
    expect(isUnknown(new TextEncoder().encode(text.repeat(30_000)))).toBe(true);
  }
});

test('other captures never are', () => {
  const packets = Array.from({ length: 50 }, (_, seconds) => ({ seconds, nanos: 0, frame: tcpSyn() }));
  for (const capture of [writePcap(packets), writePcap(packets, { bigEndian: true }), writePcapng(packets)]) {
    for (let from = 0; from < 300; from++) {
      expect(isErf(viewOf(capture), from, capture.length)).toBe(false);
    }
  }
});

test('every beginning of a file is refused or read as ERF, and never is an error', async () => {
  const capture = joined(
    erfRecord(tcpSyn(), { type: erfTypes.pad, extensions: 2 }),
    good,
    good,
    good,
    good,
    good,
    good,
  );
  for (let length = 1; length <= capture.length; length++) {
    const frames = await framesOf(capture.subarray(0, length)).then(
      (read) => read.frames.length,
      (error) => (error instanceof NotACapture && error.unknown ? 'refused' : error),
    );
    expect(frames).toSatisfy((value) => value === 'refused' || value >= 2);
  }
});

test.skipIf(!haveShared)('captures of older cards, which say even less, are refused', () => {
  for (const name of ['legacyeth', 'legacypos', '10_packets.tsh']) {
    expect(isUnknown(gunzipSync(readFileSync(sharedFile(`LibtraceTeam_libtrace/test/traces/${name}.gz`))))).toBe(true);
  }
});
