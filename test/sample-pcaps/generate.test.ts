// The committed sample captures are exactly what the generator makes.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { outage } from '../../sample-pcaps/calendar.ts';
import { generateSamples, sampleDirectory } from '../../sample-pcaps/generate.ts';
import { yearTraffic } from '../../sample-pcaps/scenario.ts';
import { yearPlans, yearVolumes } from '../../sample-pcaps/year.ts';

const directory = mkdtempSync(join(tmpdir(), 'samples-'));
let files: string[] = [];

beforeAll(() => {
  files = generateSamples({ directory });
}, 60_000);
afterAll(() => rmSync(directory, { recursive: true }));

test('there is one file for each month', () => {
  expect(files.map((file) => basename(file).slice(0, 7))).toEqual(
    [2019, 2020].flatMap((year) => Array.from({ length: 12 }, (_, at) => `${year}-${String(at + 1).padStart(2, '0')}`)),
  );
});

test('the same captures come out as are committed', () => {
  // Compared unpacked: two versions of Node may bring along a zlib that packs the same bytes differently.
  for (const file of files) {
    const committed = gunzipSync(readFileSync(join(sampleDirectory(), basename(file))));
    expect(gunzipSync(readFileSync(file)).equals(committed), basename(file)).toBe(true);
  }
});

test('the gzip headers hold no time and no system', () => {
  for (const file of files) {
    expect([...readFileSync(file).subarray(0, 10)], basename(file)).toEqual([31, 139, 8, 0, 0, 0, 0, 0, 2, 255]);
  }
});

test('all files together stay below 3,000,000 bytes', () => {
  expect(files.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(3_000_000);
});

test('every hour but those of the outage has a packet', () => {
  const hours = new Set([...yearTraffic(2019), ...yearTraffic(2020)].map(({ seconds }) => Math.floor(seconds / 3600)));
  const silent: number[] = [];
  for (let hour = Date.UTC(2019, 0); hour < Date.UTC(2021, 0); hour += 3_600_000) {
    if (!hours.has(hour / 3_600_000)) silent.push(hour);
  }
  expect([silent.length, silent[0], silent.at(-1)]).toEqual([36, outage.from, outage.to - 3_600_000]);
}, 60_000);

test('the volumes of the ports add up to the probes of the year', () => {
  for (const year of [2019, 2020] as const) {
    const sum = yearVolumes(year).reduce((all, { packets }) => all + packets, 0);
    expect(sum).toBe(yearPlans[year].probes);
  }
});

test('multiplying a port changes its volume and no other', () => {
  const plain = yearVolumes(2019);
  const doubled = yearVolumes(2019, { 'tcp/23': 2 });
  for (const [index, { proto, port, packets }] of doubled.entries()) {
    expect(packets).toBe(plain[index]!.packets * (proto === 'tcp' && port === 23 ? 2 : 1));
  }
});

test('a port without traffic, or no factor, cannot be multiplied', () => {
  expect(() => generateSamples({ directory, multiply: { telnet: 2 } })).toThrow('no traffic to multiply at telnet');
  expect(() => generateSamples({ directory, multiply: { 'tcp/23': NaN } })).toThrow('cannot multiply tcp/23 by NaN');
});
