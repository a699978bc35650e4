// Invariant: any number of workers and any order of files give the same tables.
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { telescopeDay } from '../../bench/day.ts';
import { writePcap, writePcapng } from '../../sample-pcaps/captures.ts';
import { tcpSyn, udp } from '../../sample-pcaps/packets.ts';
import { createRandom } from '../../sample-pcaps/random.ts';
import { temporaryDirectory, umbrascopeJson } from '../setup/command.ts';
import { withEngine } from '../setup/kept.ts';
import { storedContents } from '../setup/stored.ts';

const samples = path.resolve(import.meta.dirname, '../../sample-pcaps');
const files = readdirSync(samples)
  .filter((name) => name.startsWith('2019') && name.endsWith('.gz'))
  .map((name) => path.join(samples, name));

async function ingested(args: string[]): Promise<Record<string, string>> {
  return ingestedRuns([args]);
}

/** What is stored after all of these runs. */
async function ingestedRuns(runs: readonly string[][]): Promise<Record<string, string>> {
  const data = temporaryDirectory();
  return withEngine(data, async () => {
    for (const args of runs) await umbrascopeJson(['ingest', '--data', data, ...args]);
    return storedContents(data);
  });
}

it('one worker or four, forwards or backwards, at once or in two runs: the same tables', async () => {
  const day = telescopeDay(temporaryDirectory(), 1_200_000, 3);
  const all = [day, ...files];
  const expected = await ingested(['--workers', '1', ...all]);
  expect(await ingested(['--workers', '4', ...all.toReversed()])).toEqual(expected);
  expect(await ingestedRuns([files.slice(6), [day, ...files.slice(0, 6)]])).toEqual(expected);
});

it('shuffled, split over files and written in other ways, packets give the same tables', async () => {
  const random = createRandom('other ways');
  const captured = Array.from({ length: 4000 }, (_, number) => ({
    seconds: 1_577_836_800 + 40 * number,
    nanos: 999_999_999,
    frame: random.pick([tcpSyn, udp])({
      ...(number % 5 === 0
        ? { srcAddr: `2001:db8::${random.int(1, 9)}`, dstAddr: '2001:db8:64::9' }
        : { srcAddr: `192.0.2.${random.int(0, 255)}`, dstAddr: `198.51.100.${random.int(0, 9)}` }),
      dstPort: random.pick([23, 53, 445, random.int(1, 65_535)]),
    }),
  }));
  const directory = temporaryDirectory();
  const whole = path.join(directory, 'whole.pcap');
  writeFileSync(whole, writePcap(captured));
  const shuffled = random.shuffle([...captured]);
  const parts = Array.from({ length: 8 }, (_, part) => shuffled.filter((_, number) => number % 8 === part));
  const files = parts.map((part, number) => {
    const bigEndian = number % 2 === 1;
    const nanoseconds = number % 3 === 1;
    const bytes =
      number % 4 < 2
        ? writePcap(part, { bigEndian, nanoseconds })
        : writePcapng(part, { bigEndian, timeResolution: nanoseconds ? 9 : 6 });
    const file = path.join(directory, `part-${number}`);
    writeFileSync(file, number % 5 === 0 ? gzipSync(bytes) : bytes);
    return file;
  });
  expect(await ingested(['--workers', '4', ...files])).toEqual(await ingested(['--workers', '1', whole]));
});

it('late packets change the days they belong to, and the survey scanners of those days', async () => {
  const darknet = ['--darknet', '198.18.0.0/20'];
  const early = telescopeDay(temporaryDirectory(), 200_000, 5);
  const late = telescopeDay(temporaryDirectory(), 300_000, 6);
  const data = temporaryDirectory();
  const [before, after] = await withEngine(data, async () => {
    await umbrascopeJson(['ingest', '--data', data, early, ...darknet]);
    const first = await storedContents(data);
    await umbrascopeJson(['ingest', '--data', data, late, ...darknet]);
    return [first, await storedContents(data)];
  });
  expect(after.portDays).not.toBe(before.portDays);
  expect(await ingested([early, late, ...darknet])).toEqual(after);
});
