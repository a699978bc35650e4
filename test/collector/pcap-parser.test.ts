// A second opinion on classic pcap: the npm package pcap-parser must see the same packets in every capture that it can read.
import { type EventEmitter, once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { compressionOf } from '../../collector/compression/compressions.ts';
import { type Frame, framesOf } from '../setup/cutting.ts';
import { haveShared, readTruth } from '../setup/shared.ts';
import { rareKinds } from '../setup/truth.ts';

// The package has no type declarations.
const { parse } = createRequire(import.meta.url)('pcap-parser') as { parse(input: Readable): EventEmitter };

type Seen = Omit<Frame, 'linkType'>;

interface ParsedPacket {
  header: { timestampSeconds: number; capturedLength: number; originalLength: number };
  data: Buffer;
}

/** What pcap-parser makes of a capture; undefined when it says, or by saying nothing shows, that it cannot read it. */
async function secondOpinion(capture: Buffer): Promise<Seen[] | undefined> {
  const parser = parse(Readable.from([capture]));
  const seen: Seen[] = [];
  let opened = false;
  parser.on('globalHeader', () => {
    opened = true;
  });
  parser.on('packet', ({ header, data }: ParsedPacket) => {
    expect(data.length).toBe(header.capturedLength);
    seen.push({ seconds: header.timestampSeconds, wireLength: header.originalLength, bytes: new Uint8Array(data) });
  });
  // It ends after an error too; `once` fails at whichever comes first.
  const readable = await once(parser, 'end').then(
    () => true,
    () => false,
  );
  return readable && opened ? seen : undefined;
}

/** Decompressed by zlib itself, not by our own source; undefined when that fails. */
function plainBytes(file: string): Buffer | undefined {
  const bytes = readFileSync(file);
  try {
    return compressionOf(bytes)?.name === 'gzip' ? gunzipSync(bytes) : bytes;
  } catch {
    return undefined;
  }
}

/** The first difference in words; undefined where both agree. */
async function difference(capture: Buffer, theirs: Seen[]): Promise<string | undefined> {
  const { frames: ours } = await framesOf(capture);
  if (ours.length !== theirs.length) return `${ours.length} packets, pcap-parser sees ${theirs.length}`;
  for (const [number, { seconds, wireLength, bytes }] of ours.entries()) {
    const other = theirs[number];
    const same =
      seconds === other.seconds && wireLength === other.wireLength && Buffer.compare(bytes, other.bytes) === 0;
    if (!same)
      return `packet ${number}: ${seconds} s, ${bytes.length} of ${wireLength} bytes; pcap-parser: ${other.seconds} s, ${other.bytes.length} of ${other.wireLength} bytes`;
  }
  return undefined;
}

const samples = path.resolve(import.meta.dirname, '../../sample-pcaps');
/** Nanoseconds: a magic number that pcap-parser does not know. */
const notRead = ['2020-02.pcap.gz'];
const sampleNames = readdirSync(samples).filter((name) => name.endsWith('.pcap.gz'));

test.each(sampleNames)('agrees on %s', async (name) => {
  const capture = plainBytes(path.join(samples, name)) as Buffer;
  const theirs = await secondOpinion(capture);
  if (notRead.includes(name)) return expect(theirs).toBeUndefined();
  expect(theirs?.length).toBeGreaterThan(1000);
  expect(await difference(capture, theirs as Seen[])).toBeUndefined();
});

describe.skipIf(!haveShared)('real captures', () => {
  test('agree wherever pcap-parser can read them', async () => {
    const differences = new Map<string, string>();
    let read = 0;
    for (const truth of readTruth()) {
      const capture = plainBytes(truth.file);
      const theirs = capture && (await secondOpinion(capture));
      if (!theirs) continue;
      read++;
      const differs = await difference(capture, theirs).catch((error) => `we refuse it: ${error.message}`);
      if (differs) differences.set(truth.path, differs);
    }
    // pcap-parser takes records as version 2.4 has them, whatever the version and the kind.
    const unexplained = [...differences].filter(([name]) => !rareKinds.has(name));
    expect(unexplained).toEqual([]);
    const alike = [...rareKinds.keys()].filter((name) => !differences.has(name));
    expect(alike).toEqual(['derived/fmt-A-suse6_3pcap.pcap']); // its magic number is not known to pcap-parser
    expect(read).toBeGreaterThan(390);
  });
});
