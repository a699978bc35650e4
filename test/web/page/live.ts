// The live view: the last hour with packets, a new packet that arrives while one looks, and each sensor's state.
import { expect, it } from 'vitest';
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
    await page.waitForFunction(() => document.querySelector('#pulses')?.textContent?.includes('now'));
    const row = await page.textContent('#pulses tbody tr:has-text("now")');
    expect(row).toContain('60');
    expect(await page.textContent('#stale')).toBe('');
    expect(await page.$$eval('#live .band', (bands) => bands.map((band) => band.getAttribute('data-total')))).toEqual([
      '60',
    ]);
  });
}
