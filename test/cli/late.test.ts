// Late and overlapping captures: whatever the order and the cutting, every answer is the same to the byte; readers of a day see it
// before or after it is made again, never half.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { telescopeDay } from '../../bench/day.ts';
import { ingestDefaults, ingestInto } from '../../dist/cli/ingest.js';
import { finaliseStale } from '../../dist/store/finalise/finalise.js';
import { openStore } from '../../dist/store/store.js';
import type { Connection } from '../../store/database.ts';
import { temporaryDirectory, umbrascope } from '../setup/command.ts';
import { syns } from '../setup/scans.ts';
import { storedContents } from '../setup/stored.ts';

const samples = path.resolve(import.meta.dirname, '../../sample-pcaps');
const MONTHS = ['2019-12', '2020-12'].map((month) => `${month}.pcap.gz`);

/** What people are given: the report in every form, and the lists. */
async function answers(data: string): Promise<Record<string, string>> {
  const out = temporaryDirectory();
  const report = ['report', '--data', data, '--years', '2019,2020', '--months', '12-12'];
  const forms = ['json', 'svg', 'csv'].map((form) => path.join(out, `report.${form}`));
  const lists = [['sources'], ['ports', '--kind', 'backscatter', '--limit', '50']];
  const done = await Promise.all([
    ...forms.map((file) => umbrascope([...report, '-o', file])),
    ...lists.map((list) => umbrascope(['top', ...list, '--data', data, '--json'])),
  ]);
  for (const { code, stderr } of done) expect([code, stderr.includes('umbrascope:')], stderr).toEqual([0, false]);
  return {
    ...Object.fromEntries(forms.map((file) => [path.extname(file), readFileSync(file, 'utf8')])),
    ...Object.fromEntries(lists.map((list, i) => [list.join(' '), done[forms.length + i]?.stdout ?? ''])),
  };
}

/** The records of a pcap file dealt out to others: one gets every third packet, so that all lie over each other in time. */
function dealt(file: string, parts: number): Buffer[] {
  const bytes = gunzipSync(readFileSync(file));
  const pieces: Buffer[][] = Array.from({ length: parts }, () => [bytes.subarray(0, 24)]);
  const length =
    bytes.readUInt32LE(0) === 0xa1b2c3d4 || bytes.readUInt32LE(0) === 0xa1b23c4d ? 'readUInt32LE' : 'readUInt32BE';
  let number = 0;
  for (let at = 24; at < bytes.length; number++) {
    const end = at + 16 + bytes[length](at + 8);
    pieces[(number * 7 + (number >> 3)) % parts]?.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces.map((list) => Buffer.concat(list));
}

describe('late and overlapping captures', () => {
  it('in any order, cut anyhow, in one run or many: reports, pictures and lists are the same to the byte', {
    timeout: 120_000,
  }, async () => {
    const options = ['--darknet', '198.51.100.0/26', '2001:db8:64::/64', '--time-zone', 'Asia/Tokyo'];
    const ingest = async (data: string, files: string[]) => {
      const { code, stderr } = await umbrascope(['ingest', '--data', data, ...files, ...options]);
      expect(code, stderr).toBe(0);
    };
    const [whole, cut] = [temporaryDirectory(), temporaryDirectory()];
    const stays = [await openStore({ directory: whole }), await openStore({ directory: cut })];
    await ingest(
      whole,
      MONTHS.map((name) => path.join(samples, name)),
    );
    const expected = await answers(whole);
    const directory = temporaryDirectory();
    const pieces = MONTHS.flatMap((name) => dealt(path.join(samples, name), 3)).map((bytes, i) => {
      const file = path.join(directory, `${i}`);
      writeFileSync(file, i % 2 === 0 ? bytes : gzipSync(bytes));
      return file;
    });
    const late = pieces.filter((_, i) => i % 3 === 1);
    await ingest(cut, pieces.filter((_, i) => i % 3 !== 1).reverse());
    await ingest(cut, late); // days were finalised by the run before, and are again
    expect(await answers(cut)).toEqual(expected);
    for (const db of stays) await db.close();
    expect(await storedContents(cut)).toEqual(await storedContents(whole));
  });

  it('a reader sees a day as it was or as it is, while it is finalised again and again', {
    timeout: 120_000,
  }, async () => {
    const data = temporaryDirectory();
    const db = await openStore({ directory: data });
    const reader = await openStore({ directory: data, readOnly: true });
    const ingest = async (file: string) =>
      ingestInto(db, [file], { ...ingestDefaults(), data, darknet: ['198.18.0.0/20'] });
    const file = path.join(temporaryDirectory(), 'late.pcap');
    const early = await ingest(telescopeDay(temporaryDirectory(), 30_000, 5));
    expect(early.balanced).toBe(true);
    let going = true;
    const seen: string[] = [];
    const reading = (async () => {
      while (going) {
        seen.push(await look(reader));
        await sleep(5);
      }
    })();
    const allowed = [await look(db)];
    for (let round = 1; round <= 3; round++) {
      writeFileSync(file, syns(200, 1_600_000_000 + round * 1000));
      // Other rules of survey make the same days anew with other classes; late packets give them other sums.
      await ingestInto(db, [file], {
        ...ingestDefaults(),
        data,
        darknet: ['198.18.0.0/20', '198.51.100.0/24'],
        surveyPorts: 1 + round,
      });
      await finaliseStale(db);
      allowed.push(await look(db));
    }
    const last = JSON.parse(allowed.at(-1) ?? '') as { packets: number }[];
    expect(await byHours(db)).toEqual(last.map(({ packets }) => packets));
    going = false;
    await reading;
    await Promise.all([db.close(), reader.close()]);
    expect(new Set(allowed).size).toBe(allowed.length);
    const changes = seen.filter((one, i) => one !== seen[i - 1]);
    expect(seen.length).toBeGreaterThan(10);
    for (const one of changes) expect(isWhole(one), one).toBe(true);
  });

  it('of two days leave the day between them as it was made', async () => {
    const MIDNIGHT = Date.UTC(2020, 8, 14) / 1000;
    const [data, captures] = [temporaryDirectory(), temporaryDirectory()];
    const db = await openStore({ directory: data });
    const ingest = async (name: string, days: number[]) => {
      const files = days.map((day) => path.join(captures, `${name} ${day}.pcap`));
      for (const [i, file] of files.entries()) writeFileSync(file, syns(64, MIDNIGHT + (days[i] ?? 0) * 86_400));
      await ingestInto(db, files, { ...ingestDefaults(), data, darknet: ['198.51.100.0/24'] });
    };
    await ingest('first', [0, 1, 2]);
    const between = () =>
      db.query(
        `SELECT groupUniqArray(version) AS versions FROM (
           SELECT day, version FROM portDays UNION ALL SELECT day, version FROM sourceDays
         ) WHERE day = '2020-09-15'`,
      );
    const before = await between();
    const sums = JSON.parse(await look(db)) as { packets: number }[];
    expect(sums.map(({ packets }) => packets)).toEqual([64, 64, 64]);
    await ingest('late', [1 / 24, 2 + 1 / 24]);
    expect(await between()).toEqual(before);
    const after = await look(db);
    expect(isWhole(after), after).toBe(true);
    expect((JSON.parse(after) as { packets: number }[]).map(({ packets }) => packets)).toEqual([128, 64, 128]);
    expect(await byHours(db)).toEqual([128, 64, 128]);
    await db.close();
  });
});

/** Sums of every finalised table, day by day, in one statement: one moment of the database. */
async function look(db: Connection): Promise<string> {
  const rows = await db.query(
    `SELECT day, packets, sources, marked FROM (
       SELECT day, sum(packets) AS packets FROM portDaysCurrent GROUP BY day) AS ports
     JOIN (SELECT day, sum(packets) AS sources FROM sourceDaysCurrent GROUP BY day) AS s USING (day)
     JOIN (SELECT day, argMax(packets, version) AS marked FROM days GROUP BY day) AS d USING (day) ORDER BY day`,
  );
  return JSON.stringify(rows);
}

/** Packets of each day as its hours hold them, which are no versions. */
async function byHours(db: Connection): Promise<number[]> {
  const rows = await db.query<{ packets: number }>(
    'SELECT sum(packets) AS packets FROM portHours GROUP BY day ORDER BY day',
  );
  return rows.map(({ packets }) => packets);
}

function isWhole(text: string): boolean {
  const days = JSON.parse(text) as { packets: number; sources: number; marked: number }[];
  return days.length > 0 && days.every(({ packets, sources, marked }) => packets === sources && packets === marked);
}
