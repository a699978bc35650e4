// The live view: the last hour with packets, packets that arrive while one looks, and each sensor's state, losses and lag.
import { expect, it } from 'vitest';
import type { Connection } from '../../../store/database.ts';
import { liveReport } from '../../../web/report/live.ts';
import type { LiveReport } from '../../../web/report/shape-range.ts';
import { umbrascope } from '../../setup/command.ts';
import { syns } from '../../setup/scans.ts';
import type { Visit } from './visit.ts';

export function liveTests(visit: () => Visit): void {
  it('says that nothing came within the last hour, and shows the hour up to the last packet', async () => {
    const { page, open, db, api } = visit();
    await open('live');
    expect(await page.textContent('#stale')).toContain('up to the last packet, 2020-12-31 23:56 UTC');
    const { trend, sensors, stale } = await api<LiveReport>('live');
    expect(stale).toBe(true);
    const [row] = await db.query<{ packets: number }>(
      `SELECT sum(packets) AS packets FROM minutes WHERE minute BETWEEN '2020-12-31 22:57:00' AND '2020-12-31 23:56:00'`,
    );
    expect(trend.series.reduce((sum, { total }) => sum + total, 0)).toBe(row?.packets);
    expect(sensors).toMatchObject([
      { sensor: 'sample', lastMinute: '2020-12-31T23:56:00Z', packetsOfHour: row?.packets },
    ]);
    expect(trend.buckets).toHaveLength(60);
  });

  it('shows packets as they arrive, without being asked', async () => {
    const { page, data } = visit();
    const now = Math.floor(Date.now() / 1000);
    const { code } = await umbrascope(
      ['ingest', '--data', data, '--sensor', 'now', '--darknet', '198.51.100.0/26', '-'],
      syns(60, now - 60),
    );
    expect(code).toBe(0);
    const row = await page.waitForSelector('#pulses tbody tr:has(th:text-is("now")):has-text("60")');
    expect(await row.textContent()).toMatch(/^nowreads files\d{4}-\d\d-\d\d \d\d:\d\d/);
    expect(await page.textContent('#stale')).toBe('');
    expect(await page.$$eval('#live .band', (bands) => bands.map((band) => band.getAttribute('data-total')))).toEqual([
      '60',
    ]);
  });
  it('shows what a live sensor reports of itself: its state, lag and losses, the same that the tables hold', async () => {
    const { page, data, db } = visit();
    const now = Math.floor(Date.now() / 1000);
    const sensor = [
      'sensor',
      '-',
      '--data',
      data,
      '--sensor',
      'wire',
      '--darknet',
      '198.51.100.0/26',
      '--user',
      'root',
    ];
    const { code } = await umbrascope(sensor, syns(90, now - 90));
    expect(code).toBe(0);
    await page.waitForSelector('#reports tbody tr:has-text("wire"):has-text("90")');
    const row = () =>
      page.$$eval('#pulses tr:has(th:text-is("wire")) td', (cells) => cells.map((cell) => cell.textContent));
    expect((await row())[0]).toBe('● well');
    expect((await row())[3]).toBe('90');
    // As the sensor writes it when the ring was full.
    await report(db, Math.floor(now / 60) * 60, { kernelDropped: 7 });
    await page.waitForSelector('#pulses .losing');
    const cells = await page.$$eval('#reports tbody tr *', (all) => all.map((cell) => cell.textContent));
    expect(cells).toEqual(['wire', '-, eth9', expect.stringMatching(/^\d+ s$/), '90', '7', '0', '0', '0']);
    expect(await page.textContent('#now dl > div:last-child')).toBe('frames lost by live sensors in their last hour7');
    const rate = await page.textContent('#categoryRates tbody tr:has-text("telnet") td');
    expect(Number(rate)).toBeGreaterThan(0);
  });

  it('tells a sensor that reports no more from one that hears nothing', async () => {
    const { db } = visit();
    const minute = Math.floor(Date.now() / 60_000) * 60 + 1_800;
    const stateAt = async (seconds: number) =>
      (await liveReport(db, ['wire'], (minute + seconds) * 1000)).sensors[0]?.state;
    await report(db, minute, { observedSeconds: 0 });
    expect(await stateAt(59)).toBe('deaf');
    expect(await stateAt(241)).toBe('late');
    await report(db, minute, { observedSeconds: 60 });
    expect(await stateAt(239)).toBe('well');
    const { trend } = await liveReport(db, ['wire'], (minute + 59) * 1000);
    expect(trend.observed.at(-1)).toBe(1);
    expect(trend.all.slice(-3)).toEqual([null, null, 0]);
  });
}

/** A minute of the sensor named wire, as it writes it. */
async function report(db: Connection, minute: number, counts: Record<string, number>): Promise<void> {
  const names = Object.keys(counts);
  await db.command(
    `INSERT INTO captureMinutes (sensor, minute, source, ${names.join(', ')}) VALUES ('wire', ${minute}, 'eth9', ${Object.values(counts).join(', ')})`,
  );
  const seconds = counts.observedSeconds ?? 0;
  await db.command(
    `INSERT INTO coverage (sensor, hour, observedSeconds) VALUES ('wire', ${minute - (minute % 3600)}, ${seconds})`,
  );
}
