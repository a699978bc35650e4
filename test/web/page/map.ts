// The address maps: cells against SQL, the whole dark block heard, moments that add up to the whole.
import { expect, it } from 'vitest';
import { placeOf } from '../../../web/charts/hilbert-curve.ts';
import type { MapReport } from '../../../web/report/shape-range.ts';
import type { Visit } from './visit.ts';

export function mapTests(visit: () => Visit): void {
  it('has the packets of every /8, and tells them of what is pointed at', async () => {
    const { db, api, page, open } = visit();
    const { cells } = await api<MapReport>('map?from=2020-01-01&to=2020-12-31&kind=scan');
    const rows = await db.query<{ first: number; packets: number }>(
      `SELECT toUInt8(splitByChar('.', replaceOne(toString(srcAddr), '::ffff:', ''))[1]) AS first, sum(packets) AS packets FROM flows
       WHERE kind = 'scan' AND toYear(hour) = 2020 AND startsWith(toString(srcAddr), '::ffff:') GROUP BY first ORDER BY first`,
    );
    expect(cells).toEqual(rows.map(({ first, packets }) => [first, packets]));
    await open('map?from=2020-01-01&to=2020-12-31&kind=scan');
    const [first, packets] = cells[20] ?? [0, 0];
    const [x, y] = placeOf(first, 4);
    await page.locator('#map .grid').scrollIntoViewIfNeeded();
    const box = await page.locator('#map .grid').boundingBox();
    if (!box) throw new Error('no map');
    const cell = box.width / 16;
    await page.mouse.move(box.x + (x + 0.5) * cell, box.y + (y + 0.5) * cell);
    const tip = (await page.textContent('#tip')) ?? '';
    expect(tip).toContain(`${first}.0.0.0/8`);
    expect(tip).toContain(packets.toLocaleString('en'));
  });

  it('shows that the whole monitored block is heard, without naming an address', async () => {
    const { db, api, page, open } = visit();
    await open('map?of=dark&from=2019-01-01&to=2020-12-31');
    expect(await page.textContent('#heard')).toBe('All 64 monitored cells were heard.');
    const report = await api<MapReport>('map?of=dark&from=2019-01-01&to=2020-12-31');
    const [row] = await db.query<{ packets: number }>(
      `SELECT sum(packets) AS packets FROM darkDays WHERE startsWith(toString(dstAddr), '::ffff:')`,
    );
    expect(report.cells.reduce((sum, [, value]) => sum + value, 0)).toBe(row?.packets);
    expect(report.cells.map(([cell]) => cell)).toEqual(Array.from({ length: 64 }, (_, place) => place));
    expect(await page.textContent('body')).not.toContain('198.51.100');
  });

  it('plays a span moment by moment, and the moments add up to the whole', async () => {
    const { api, page, open } = visit();
    const report = await api<MapReport>('map?from=2020-05-01&to=2020-05-02&frames=true');
    expect(report.frames[0]?.at).toBe('2020-05-01T00:00:00Z');
    const sum = (cells: [number, number][]) => cells.reduce((all, [, value]) => all + value, 0);
    expect(report.frames.reduce((all, { cells }) => all + sum(cells), 0)).toBe(sum(report.cells));
    await open('map?from=2020-05-01&to=2020-05-02');
    await page.click('#play');
    await page.waitForFunction(() => document.querySelector('#map title')?.textContent?.includes('01:00 UTC'));
    await page.click('#play');
    await page.locator('[name=moment]').fill('-1');
    expect(await page.textContent('#map title')).not.toContain('UTC');
  });
}
