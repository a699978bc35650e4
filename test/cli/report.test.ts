// The year-on-year report of the sample captures: the ministry's chart comes out of packets, and changes when the packets do.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunAccount } from '../../cli/ingest/account.ts';
import { generateSamples } from '../../sample-pcaps/generate.ts';
import type { ReportYear, YearlyReport } from '../../web/report/shape.ts';
import { temporaryDirectory, umbrascope, umbrascopeJson } from '../setup/command.ts';
import { keepEngine } from '../setup/kept.ts';

const samples = path.resolve(import.meta.dirname, '../../sample-pcaps/*.gz');
const DARKNET = ['--darknet', '198.51.100.0/26', '2001:db8:64::/64'];
const YEARS = ['--years', '2019,2020'];
const data = temporaryDirectory();

const report = (...args: string[]) => umbrascopeJson<YearlyReport>(['report', '--data', data, ...YEARS, ...args]);
const shares = (year: ReportYear | undefined) =>
  Object.fromEntries(year?.groups.map(({ group, share }) => [group, share]) ?? []);

beforeAll(async () => {
  await keepEngine(data);
  const account = await umbrascopeJson<RunAccount>(['ingest', '--data', data, samples, ...DARKNET]);
  expect(account.balanced).toBe(true);
}, 60_000);

// They only read what is ingested once.
describe.concurrent('the report of the samples', () => {
  it.each([
    { year: 2019, index: 0, target: { iot: 49, windows: 9, crypto: 2, services: 3, other: 37 } },
    { year: 2020, index: 1, target: { iot: 37, windows: 8, crypto: 2, services: 2, other: 51 } },
  ])('finds the shares of $year within a point', async ({ year, index, target }) => {
    const found = (await report()).years[index];
    expect(found?.year).toBe(year);
    for (const [group, share] of Object.entries(target))
      expect(Math.abs((shares(found)[group] ?? 0) - share)).toBeLessThanOrEqual(1);
  });

  it('has bars as long as the volume is of the base year’s', async () => {
    const { years } = await report();
    const lengths = years.map(({ groups }) => groups.reduce((sum, { length }) => sum + length, 0));
    expect(lengths[0]).toBeCloseTo(100, 6);
    expect(lengths[1]).toBeGreaterThan(150);
    expect(lengths[1]).toBeLessThan(152);
    const [first] = (await report('--base', '2020')).years;
    expect(first?.groups.reduce((sum, { length }) => sum + length, 0)).toBeCloseTo(10000 / 151, 1);
  });

  it('states notes that are true, and RDP’s arrival only in 2020', async () => {
    const [y2019, y2020] = (await report()).years;
    const notes = (year: ReportYear | undefined, group: string) =>
      year?.groups.find((row) => row.group === group)?.notes;
    expect(notes(y2019, 'iot')).toEqual(['about half is telnet']);
    expect(notes(y2019, 'windows')).toEqual(['about half is file sharing']);
    expect(notes(y2020, 'windows')).toEqual([
      'about half is file sharing',
      'RDP enters the top 30 in 2020',
      'RDP ×3.4 on the same months of the year before',
    ]);
    expect(notes(y2020, 'iot')).toEqual(['about half is telnet']);
    expect(y2019?.topPorts.some(({ dstPort }) => dstPort === 3389)).toBe(false);
    const rdp = y2020?.topPorts.find(({ dstPort }) => dstPort === 3389);
    expect(rdp?.rank).toBeLessThanOrEqual(30);
    expect(rdp?.previousRank).toBeGreaterThan(30);
  });

  it('adds up: groups to packets, top ports to their groups, kinds to all', async () => {
    for (const year of (await report('--survey', 'include')).years) {
      expect(year.groups.reduce((sum, { packets }) => sum + packets, 0)).toBe(year.packets);
      expect(year.packets + year.backscatterPackets + year.otherPackets).toBe(year.allPackets);
      const named = year.groups.filter(({ group }) => group !== 'other').reduce((sum, { packets }) => sum + packets, 0);
      expect(
        year.topPorts.filter(({ category }) => category !== 'other').reduce((sum, { packets }) => sum + packets, 0),
      ).toBe(named);
    }
  });

  it('has other shares with survey scans left in, and the two parts make the whole', async () => {
    const [without, all, only] = await Promise.all(
      ['exclude', 'include', 'only'].map((choice) => report('--survey', choice)),
    );
    expect(Math.abs((shares(all?.years[0]).iot ?? 0) - (shares(without?.years[0]).iot ?? 0))).toBeGreaterThan(10);
    for (const i of [0, 1]) {
      expect((without?.years[i]?.packets ?? 0) + (only?.years[i]?.packets ?? 0)).toBe(all?.years[i]?.packets);
      expect(only?.years[i]?.packets).toBe(all?.years[i]?.surveyPackets);
    }
  });

  it('divides by the monitored addresses day by day, and knows what was not observed', async () => {
    const [y2019, y2020] = (await report()).years;
    expect(y2019?.monitoredAddresses).toBe(64);
    expect(y2019?.perAddress).toBeCloseTo((y2019?.allPackets ?? 0) / 64, 6);
    expect(y2019?.coverage).toBeLessThan(99.7); // the outage of October 2019
    expect(y2019?.coverage).toBeGreaterThan(99.4);
    expect(y2020?.coverage).toBeGreaterThan(99.9);
    const seconds = (365 * 86_400 * (y2019?.coverage ?? 0)) / 100;
    expect(y2019?.secondsPerPacket).toBeCloseTo(seconds / (y2019?.perAddress ?? 1), 6);
  });

  it('compares the same months, and finds RDP grown three and a half times', async () => {
    const full = await report('--months', '1-11', '--scheme', 'full', '--top', '40');
    const rdp = full.years[1]?.groups.find(({ group }) => group === 'rdp');
    expect(rdp?.growth).toBeGreaterThan(3.2);
    expect(rdp?.growth).toBeLessThan(3.6);
    const december = await report('--months', '12-12');
    const whole = await report();
    expect((full.years[0]?.packets ?? 0) + (december.years[0]?.packets ?? 0)).toBe(whole.years[0]?.packets);
  });

  it('changes when the packets change: twice the telnet', async () => {
    const directory = temporaryDirectory();
    const other = temporaryDirectory();
    generateSamples({ directory, multiply: { 'tcp/23': 2 } });
    await keepEngine(other);
    await umbrascopeJson(['ingest', '--data', other, path.join(directory, '2019-*.gz'), ...DARKNET]);
    const doubled = await umbrascopeJson<YearlyReport>(['report', '--data', other, '--years', '2019']);
    const telnet = (from: YearlyReport) => from.years[0]?.topPorts.find(({ dstPort }) => dstPort === 23)?.packets ?? 0;
    expect(telnet(doubled)).toBe(2 * telnet(await report()));
    expect(shares(doubled.years[0]).iot).toBeGreaterThan(57);
  });

  it('writes SVG, CSV and JSON, and prints a table in either language', async () => {
    const out = temporaryDirectory();
    for (const name of ['report.svg', 'report.csv', 'report.json']) {
      const { code } = await umbrascope(['report', '--data', data, ...YEARS, '-o', path.join(out, name)]);
      expect(code).toBe(0);
    }
    expect(readFileSync(path.join(out, 'report.svg'), 'utf8')).toMatch(
      /^<\?xml[\s\S]*<svg[\s\S]*49%[\s\S]*<\/svg>\s*$/,
    );
    expect(readFileSync(path.join(out, 'report.csv'), 'utf8').split('\n')[0]).toBe(
      'year,group,packets,share,length,growth',
    );
    expect(JSON.parse(readFileSync(path.join(out, 'report.json'), 'utf8'))).toEqual(await report());
    const japanese = await umbrascope(['report', '--data', data, ...YEARS, '--lang', 'ja']);
    expect(japanese.stdout).toContain('RDPが上位30ポートに登場(2020)');
  });

  it.each([
    {
      name: 'a year without data',
      args: ['--years', '2018,2020'],
      says: 'no data for 2018; there is data for 2019, 2020',
    },
    {
      name: 'a base outside the years',
      args: ['--years', '2020', '--base', '2019'],
      says: 'base year 2019 is not among the years 2020',
    },
    { name: 'an unknown scheme', args: [...YEARS, '--scheme', 'mine'], says: 'no scheme is named mine' },
    { name: 'an unknown sensor', args: [...YEARS, '--sensor', 'nobody'], says: 'no sensor is named nobody' },
    { name: 'a picture of an unknown kind', args: [...YEARS, '-o', 'chart.bmp'], says: 'must end with one of' },
  ])('$name: one clear line, exit 2', async ({ args, says }) => {
    const { code, stderr } = await umbrascope(['report', '--data', data, ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe.concurrent('the other charts', () => {
  const file = (name: string) => path.join(data, name);
  const chart = (...args: string[]) => umbrascope(['report', '--data', data, '--chart', ...args]);

  it('come as PNG with Japanese in it, as SVG, CSV and JSON', async () => {
    const span = ['--from', '2020-01-01', '--to', '2020-12-31'];
    for (const args of [
      ['trend', ...span, '--lang', 'ja', '-o', file('t.png')],
      ['hilbert', ...span, '-o', file('h.svg')],
    ]) {
      const { code, stderr } = await chart(...args);
      expect(stderr).toBe('');
      expect(code).toBe(0);
    }
    const png = readFileSync(file('t.png'));
    expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
    expect(png.readUInt32BE(16)).toBe(3 * 720);
    expect(readFileSync(file('h.svg'), 'utf8')).toContain('Where packets come from');
  });

  it('say in CSV what the report of the year says', async () => {
    const year = (await report()).years[1];
    const { stdout } = await chart(
      'trend',
      '--from',
      '2020-01-01',
      '--to',
      '2020-12-31',
      '--by',
      'kind',
      '--scale',
      'month',
    );
    const lines = stdout.trim().split('\n').slice(1);
    expect(lines).toHaveLength(12);
    expect(lines.reduce((sum, line) => sum + Number(line.split(',')[2]), 0)).toBe(year?.packets);
  });

  it('of sources and of backscatter say what the lists on the terminal say', async () => {
    const span = ['--from', '2020-01-01', '--to', '2020-12-31'];
    const top = (kind: string) =>
      umbrascopeJson<{ srcAddr: string; packets: number }[]>([
        'top',
        'sources',
        '--data',
        data,
        '--kind',
        kind,
        ...span,
      ]);
    const firstLine = async (...args: string[]) => (await chart(...args, ...span)).stdout.split('\n')[1]?.split(',');
    const [scanner] = await top('scan');
    const [victim] = await top('backscatter');
    const largest = ['--survey', 'include'];
    expect((await firstLine('sources', ...largest))?.slice(0, 2)).toEqual([scanner?.srcAddr, String(scanner?.packets)]);
    expect((await firstLine('victims'))?.slice(0, 2)).toEqual([victim?.srcAddr, String(victim?.packets)]);
    const { stdout } = await chart('backscatter', ...span, '--scale', 'month', '-o', file('b.svg'));
    expect(stdout).toBe('');
    expect(readFileSync(file('b.svg'), 'utf8')).toContain('Backscatter over time, by port under attack');
    await chart('attacked', ...span, '-o', file('a.svg'));
    expect(readFileSync(file('a.svg'), 'utf8')).toContain('Ports under attack');
    await chart('source', ...span, '--source', String(scanner?.srcAddr), '-o', file('s.svg'));
    expect(readFileSync(file('s.svg'), 'utf8')).toContain(`Ports that ${scanner?.srcAddr} tried`);
  });

  it('want what they need, and say so', async () => {
    expect(await chart('source')).toMatchObject({
      code: 2,
      stderr: 'umbrascope: --chart source: give its address too, as --source 203.0.113.9\n',
    });
    expect(await chart('port')).toMatchObject({
      code: 2,
      stderr: 'umbrascope: --chart port: give the port too, as --port tcp/23\n',
    });
    expect(await chart('yearly')).toMatchObject({
      code: 2,
      stderr: 'umbrascope: --years: which? such as --years 2019,2020\n',
    });
    expect((await chart('trend', '--scale', 'hour', '--survey', 'only')).code).toBe(2);
    expect((await chart('trend', '-o', file('t.gif'))).code).toBe(2);
  });
});
