// Sensors that come and go, each with its own prefixes, time zone and history: packets per address are divided day by day over those
// that listened on the day, whether they counted something or not; and a group of sensors stands wherever a sensor does.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../dist/store/store.js';
import type { Connection } from '../../store/database.ts';
import { writeGroup } from '../../store/groups.ts';
import { readSensors, type Sensor, writeSensor } from '../../store/sensors.ts';
import { createApp } from '../../web/app.ts';
import { answersOf } from '../../web/report/answers.ts';
import type { YearlyReport } from '../../web/report/shape.ts';
import { yearlyReport } from '../../web/report/yearly.ts';
import { temporaryDirectory, umbrascope, umbrascopeJson } from '../setup/command.ts';
import { syns } from '../setup/scans.ts';

const data = temporaryDirectory();
const files = temporaryDirectory();

interface Heard {
  sensor: string;
  timeZone: string;
  darknet: string;
  addresses: number;
  /** In the sensor's time zone; packets from half past its midnight on. */
  day: string;
  /** Sent to 198.51.100.0/26. */
  packets: number;
}

const tokyo = { sensor: 'tokyo', timeZone: 'Asia/Tokyo', darknet: '198.51.100.0/26', addresses: 64 };
/** Its block grows. */
const grown = { ...tokyo, darknet: '198.51.100.0/24', addresses: 256 };
/** Hears only what is sent to others. */
const kyoto = { sensor: 'kyoto', timeZone: 'Asia/Tokyo', darknet: '203.0.113.0/25', addresses: 128 };
const berlin = { sensor: 'berlin', timeZone: 'Europe/Berlin', darknet: '198.51.100.0/26', addresses: 64 };

const heard: Heard[] = [
  { ...tokyo, day: '2019-12-30', packets: 64 },
  { ...tokyo, day: '2020-01-01', packets: 640 },
  { ...tokyo, day: '2020-01-02', packets: 320 },
  { ...kyoto, day: '2020-01-02', packets: 10 },
  { ...berlin, day: '2020-01-01', packets: 1280 },
  { ...berlin, day: '2020-01-03', packets: 64 },
  { ...grown, day: '2020-01-03', packets: 256 },
];
const OFFSETS: Record<string, number> = { 'Asia/Tokyo': 9, 'Europe/Berlin': 1 };
const countedOf = ({ sensor, packets }: Heard) => (sensor === 'kyoto' ? 0 : packets);

/** The sum over days of packets / addresses, and packets / mean addresses, which is not the same. */
function perAddress(year: string, sensors: readonly string[]): { right: number; naive: number } {
  const rows = heard.filter(({ sensor, day }) => sensors.includes(sensor) && day.startsWith(year));
  const days = [...new Set(rows.map(({ day }) => day))].map((day) => {
    const ofDay = rows.filter((row) => row.day === day);
    return {
      packets: ofDay.reduce((sum, row) => sum + countedOf(row), 0),
      addresses: ofDay.reduce((sum, row) => sum + row.addresses, 0),
    };
  });
  const packets = days.reduce((sum, day) => sum + day.packets, 0);
  const addresses = days.reduce((sum, day) => sum + day.addresses, 0) / days.length;
  return { right: days.reduce((sum, day) => sum + day.packets / day.addresses, 0), naive: packets / addresses };
}

describe('several sensors', { timeout: 60_000 }, () => {
  let db: Connection;
  beforeAll(async () => {
    db = await openStore({ directory: data });
    for (const kind of [tokyo, kyoto, berlin, grown]) {
      const { sensor, timeZone, darknet } = kind;
      const ofKind = heard.filter((row) => row.sensor === sensor && row.darknet === darknet);
      const captures = ofKind.map(({ day, packets }) => {
        const file = path.join(files, `${sensor}-${day}.pcap`);
        writeFileSync(
          file,
          syns(packets, Date.parse(`${day}T00:30:00Z`) / 1000 - 3600 * (OFFSETS[timeZone] as number)),
        );
        return file;
      });
      const which = ['--sensor', sensor, '--time-zone', timeZone, '--darknet', darknet];
      const { balanced, days } = await umbrascopeJson<{ balanced: boolean; days: number }>([
        ...['ingest', '--data', data, ...which, ...captures],
      ]);
      expect({ balanced, days }).toEqual({ balanced: true, days: ofKind.length });
    }
    await umbrascope(['engine', 'group', '--data', data, 'japan', 'tokyo', 'kyoto']);
  });
  afterAll(() => db.close());

  const report = (sensors: string[]): Promise<YearlyReport> =>
    yearlyReport(db, {
      ...{ years: [2019, 2020], top: 30, scheme: 'mic-2020', survey: 'exclude', months: [1, 12], lang: 'en' },
      ...{ normalise: 'perAddress', sensors },
    });

  it.each([
    { names: [] as string[], sensors: ['tokyo', 'kyoto', 'berlin'] },
    { names: ['japan'], sensors: ['tokyo', 'kyoto'] },
    { names: ['tokyo'], sensors: ['tokyo'] },
    { names: ['japan', 'berlin'], sensors: ['tokyo', 'kyoto', 'berlin'] },
  ])('$names: packets per address are divided day by day', async ({ names, sensors }) => {
    const { years } = await report(names);
    for (const { year, perAddress: found } of years)
      expect(found).toBeCloseTo(perAddress(String(year), sensors).right, 10);
    const { right, naive } = perAddress('2020', sensors);
    expect(Math.abs(right - naive) / right).toBeGreaterThan(0.05);
  });

  it('a group stands for its sensors in every answer of the page', async () => {
    const app = createApp({ questions: answersOf(db), pageDirectory: files });
    const get = async (url: string) => JSON.parse((await app.inject(url)).body);
    expect((await get('/api/v1/years')).groups).toEqual([{ name: 'japan', sensors: ['kyoto', 'tokyo'] }]);
    for (const route of ['trend?by=port', 'map?of=dark', 'account/days?', 'sources?', 'port?port=tcp/23'])
      expect((await get(`/api/v1/${route}&sensor=japan`)).sensors, route).toEqual(['kyoto', 'tokyo']);
    const none = await app.inject('/api/v1/trend?sensor=osaka');
    expect(none.statusCode).toBe(400);
    expect(none.body).toContain('no sensor is named osaka; there are berlin, kyoto, tokyo, and the groups japan');
    await app.close();
    const top = await umbrascopeJson<{ packets: number }[]>(['top', 'ports', '--data', data, '--sensor', 'japan']);
    const counted = heard.filter(({ sensor }) => sensor === 'tokyo').reduce((sum, row) => sum + row.packets, 0);
    expect(top[0]?.packets).toBe(counted);
  });

  it('a name means one thing: a sensor or a group', async () => {
    const group = (...words: string[]) => umbrascope(['engine', 'group', '--data', data, ...words]);
    expect((await group('west', 'osaka')).stderr).toContain('no sensor is named osaka; there are berlin, kyoto, tokyo');
    await expect(writeGroup(db, { name: 'berlin', sensors: ['tokyo'] })).rejects.toThrow('a sensor is named berlin');
    const [sensor] = await readSensors(db);
    await expect(writeSensor(db, { ...(sensor as Sensor), sensor: 'japan' }, undefined)).rejects.toThrow(
      'japan is the name of a group of sensors',
    );
    const verified = await umbrascope(['verify', '--data', data, '--sensor', 'japan', files]);
    expect(verified).toMatchObject({ code: 2 });
    expect((await group('japan', '--remove')).stdout).toMatch(/^no groups/);
  });
});
