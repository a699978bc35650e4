// Files that are known and not read: the message names what it is and what to do, and says whether packets are missing.
import { expect, test } from 'vitest';
import { NotACapture, openCapture } from '../../collector/formats/capture.ts';
import { viewOf } from '../setup/counting.ts';
import { haveShared, readTruth } from '../setup/shared.ts';
import { countFile } from '../setup/truth.ts';

/** One character a byte. */
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

function refusal(file: Uint8Array): NotACapture {
  try {
    openCapture(viewOf(file), 0, file.length);
  } catch (error) {
    if (error instanceof NotACapture) return error;
    throw error;
  }
  throw new Error('it was taken for a capture');
}

const captures: [what: string, begins: string][] = [
  ['snoop', 'snoop\0\0\0\0\0\0\x02'],
  ['Microsoft Network Monitor', 'RTSS\x01\x01\x01\0'],
  ['Microsoft Network Monitor', 'GMBU\0\x02\x01\0'],
  ['Sniffer', 'TRSNIFF data    \x1a'],
  ['Sniffer or NetXRay', 'XCP\x00002.001\0'],
  ['Sniffer or NetXRay', 'VL\0\0'],
  ['LANalyzer', '\x01\x10\x4c\0\x01\x05Trace Display Trace File'],
  ['LANalyzer', '\x07\x10\x4c\0\x01\x05Trace Display Trace File'],
  ['iptrace', 'iptrace 1.0\0'],
  ['iptrace', 'iptrace 2.0\0'],
  ['InfoVista 5View', '\xaa\xaa\xaa\xaa\x20\0\0\0'],
  ['Visual Networks', '\x05VNF2\0\0\0'],
  ['EtherPeek', '\x7fver\0\0\0\x10'],
  ['Observer', 'ObserverPktBufferVersion=15.00\0'],
  ['RADCOM', '\x42\xd2\0\x34\x12\x66\x22\x88'],
  ['nettl', 'TR\0d\0\0\0\0'],
  ['Capsa', 'cpse\0\0\0\0'],
  ['Bluetooth (btsnoop)', 'btsnoop\0\0\0\0\x01'],
];

test.each(captures)('a capture of %s is to be converted', (what, begins) => {
  const error = refusal(bytes(begins));
  expect(error.message).toBe(
    `not a capture file (it is a capture of ${what}; convert it with "editcap -F pcap in out")`,
  );
  expect(error.unknown).toBe(false);
});

test.each<[what: string, begins: string]>([
  ['lzma', ']\0\0\x80\0\xff'],
  ['lzip', 'LZIP\x01'],
  ['lzop', '\x89LZO\0'],
  ['compress', '\x1f\x9d\x90\x0d'],
  ['snappy', '\xff\x06\0\0sNaPpY'],
])('what is compressed with %s is to be decompressed', (what, begins) => {
  const error = refusal(bytes(begins));
  expect(error.message).toBe(`not a capture file (it is ${what}-compressed, which is not read; decompress it first)`);
  expect(error.unknown).toBe(false);
});

test.each<[what: string, begins: string]>([
  ['zip', 'PK\x03\x04\x14\0'],
  ['zip', 'PK\x05\x06\0\0'],
  ['7-Zip', '7z\xbc\xaf\x27\x1c\0\x04'],
  ['RAR', 'Rar!\x1a\x07\x01\0'],
  ['tar', `${'2020-01.pcap'.padEnd(257, '\0')}ustar\x0000`],
])('an archive (%s) is to be unpacked', (what, begins) => {
  const error = refusal(bytes(begins));
  expect(error.message).toBe(`not a capture file (it is an archive (${what}); unpack it first)`);
  expect(error.unknown).toBe(false);
});

test.each<[what: string, begins: string]>([
  ['Navtel', '\xa1\x2b\x3c\x4d'],
  ['Navtel', '\x4d\x3c\x2b\xa1'],
  ['F. Mesquita', '\xa1\xb2\x34\xcd'],
  ['F. Mesquita', '\xcd\x34\xb2\xa1'],
])('a pcap in a form that nobody has described is refused (%s)', (what, begins) => {
  const error = refusal(bytes(`${begins}\0\x02\0\x04`));
  expect(error.message).toBe(
    `not a capture file (it is a pcap in a form of its own (${what}); save it as ordinary pcap)`,
  );
  expect(error.unknown).toBe(false);
});

test.each<[what: string, begins: string]>([
  ['text', 'date,packets\n'],
  ['text', Buffer.from('計測日\n').toString('latin1')],
  ['JSON', '{"packets": 1}'],
  ['JSON', '[1, 2, 3]\n'],
  ['XML or HTML', '<?xml version="1.0"?>'],
  ['a PDF', '%PDF-1.7\n\x00'],
  ['a picture', '\x89PNG\r\n\x1a\n'],
  ['a picture', '\xff\xd8\xff\xe0\0\x10JFIF'],
  ['a picture', 'GIF89a\x01\0'],
  ['an SQLite database', 'SQLite format 3\0'],
  ['a program', '\x7fELF\x02\x01\x01\0'],
])('what lies beside captures is no capture, and nothing is missing: %s', (what, begins) => {
  const error = refusal(bytes(begins));
  expect(error.message).toBe(`not a capture file (it is ${what})`);
  expect(error.unknown).toBe(true);
});

test('what is not known shows its first bytes', () => {
  const error = refusal(Uint8Array.of(1, 2, 0xf3, 0, 0, 0));
  expect(error.message).toBe('not a capture file (it begins with the bytes 0102f300; pcap, pcapng and ERF are read)');
  expect(error.unknown).toBe(true);
});

test('the beginning of something known, cut before it can be told, is refused as well', () => {
  for (const [, begins] of captures) {
    for (let length = 0; length < begins.length; length++) {
      expect(refusal(bytes(begins.slice(0, length))).message).toMatch(/^not a capture file \(|^only \d bytes/);
    }
  }
});

test.skipIf(!haveShared)('real captures of other formats are refused by name', async () => {
  const snoop = readTruth().find(({ format }) => format === 'snoop')!;
  await expect(countFile(snoop.file)).rejects.toThrow('it is a capture of snoop');
});
