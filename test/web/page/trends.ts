// The trends: totals against SQL, gaps grey and not zero, last year's line, zoom, notes.
import { expect, it } from 'vitest';
import type { TrendReport } from '../../../web/report/shape-range.ts';
import type { Visit } from './visit.ts';

export function trendsTests(visit: () => Visit): void {
  it('stacks the categories of a year with the packets that the database holds', async () => {
    const { page, db, open } = visit();
    await open('trends?from=2019-01-01&to=2019-12-31');
    const bands = await page.$$eval('#trend .band', (paths) =>
      paths.map((path) => [path.getAttribute('data-series'), Number(path.getAttribute('data-total'))]),
    );
    const rows = await db.query<{ category: string; packets: number }>(
      `SELECT toString(category) AS category, sum(packets) AS packets FROM portDaysCurrent
       WHERE toYear(day) = 2019 AND kind = 'scan' AND scanClass = 'other' GROUP BY category`,
    );
    expect(Object.fromEntries(bands)).toEqual(Object.fromEntries(rows.map((row) => [row.category, row.packets])));
  });

  it('draws the hours of the outage grey, and never as zero', async () => {
    const { page, open, api } = visit();
    const query = 'from=2019-10-13&to=2019-10-17&scale=hour';
    await open(`trends?${query}`);
    expect(await page.$$eval('#trend .gap:not(.partly)', (gaps) => gaps.length)).toBe(1);
    const { buckets, all, observed } = await api<TrendReport>(`trend?${query}`);
    const unseen = buckets.filter((_, index) => all[index] === null);
    expect(unseen).toHaveLength(36);
    expect(unseen[0]).toBe('2019-10-14T18:00:00Z');
    expect(observed.filter((share) => share === 0)).toHaveLength(36);
    const edges = (await page.getAttribute('#trend .plot', 'data-buckets'))?.split(' ').map(Number) ?? [];
    const gap = await page.$eval('#trend .gap:not(.partly)', (rect) =>
      ['x', 'width'].map((name) => Number(rect.getAttribute(name))),
    );
    const first = buckets.indexOf('2019-10-14T18:00:00Z');
    expect(gap[0]).toBeCloseTo(edges[first] ?? 0, 0);
    expect((gap[0] ?? 0) + (gap[1] ?? 0)).toBeCloseTo(edges[first + 36] ?? 0, 0);
  });

  it('shows last year’s total by calendar day, 29 February without one', async () => {
    const { api, db, page, open } = visit();
    const trend = await api<TrendReport>(
      'trend?from=2020-02-27&to=2020-03-02&scale=day&yearBefore=true&survey=exclude',
    );
    const rows = await db.query<{ day: string; packets: number }>(
      `SELECT toString(day) AS name, sum(packets) AS packets FROM portDaysCurrent
       WHERE day BETWEEN '2019-02-27' AND '2019-03-02' AND kind = 'scan' AND scanClass = 'other' GROUP BY day ORDER BY day`,
    );
    const [a, b, c, d] = rows.map(({ packets }) => packets);
    expect(trend.yearBefore).toEqual([a, b, null, c, d]);
    await open('trends?from=2020-01-01&to=2020-12-31&yearBefore=true');
    expect(await page.$$eval('#trend .line[data-series="yearBefore"]', (lines) => lines.length)).toBe(1);
  });

  it('counts distinct sources over all series once', async () => {
    const { api, db } = visit();
    const trend = await api<TrendReport>('trend?from=2020-05-01&to=2020-05-03&scale=day&measure=sources');
    const rows = await db.query<{ sources: number }>(
      `SELECT uniqExact(srcAddr) AS sources FROM flows
       WHERE toDate(hour) BETWEEN '2020-05-01' AND '2020-05-03' AND kind = 'scan' GROUP BY toDate(hour) ORDER BY toDate(hour)`,
    );
    expect(trend.all).toEqual(rows.map(({ sources }) => sources));
  });

  it('adds up to the same packets by minutes, hours, days and months', async () => {
    const { api } = visit();
    const sum = async (scale: string) => {
      const { series } = await api<TrendReport>(`trend?from=2020-02-01&to=2020-02-29&kind=all&scale=${scale}`);
      return series.reduce((all, { total }) => all + total, 0);
    };
    const days = ['2020-02-01', '2020-02-02', '2020-02-03'];
    const day = async (scale: string) => {
      const { series } = await api<TrendReport>(`trend?from=${days[0]}&to=${days[2]}&kind=all&scale=${scale}`);
      return series.reduce((all, { total }) => all + total, 0);
    };
    expect(await sum('hour')).toBe(await sum('day'));
    expect(await sum('month')).toBe(await sum('day'));
    expect(await day('minute')).toBe(await day('day'));
  });

  it('zooms into what is dragged over', async () => {
    const { page, open, drawn } = visit();
    await open('trends?from=2020-01-01&to=2020-12-31');
    const box = await page.locator('#trend .plot').boundingBox();
    if (!box) throw new Error('nothing to drag over');
    await page.mouse.move(box.x + box.width * 0.25, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 60, { steps: 4 });
    await page.mouse.up();
    await drawn();
    const query = new URL(page.url()).searchParams;
    expect(query.get('from')).toMatch(/^2020-0[34]-/);
    expect(query.get('to')).toMatch(/^2020-0[67]-/);
  });

  it('walks through the days with the arrow keys and tells their exact values', async () => {
    const { page, open, api } = visit();
    await open('trends?from=2020-01-01&to=2020-12-31&by=kind&kind=all');
    await page.focus('#trend');
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowLeft']) await page.keyboard.press(key);
    const { all } = await api<TrendReport>('trend?from=2020-01-01&to=2020-12-31&by=kind&kind=all&survey=exclude');
    const told = (await page.textContent('#tip')) ?? '';
    expect(told).toContain('2020-01-02');
    expect(told).toContain(`Total: ${all[1]}`);
  });

  it('keeps a note in the database and draws it, until it is removed', async () => {
    const { page, open, drawn, db } = visit();
    await open('trends?from=2020-01-01&to=2020-12-31');
    await page.fill('[name=noteDay]', '2020-03-11');
    await page.fill('[name=noteText]', 'flood seen by everybody');
    await page.click('.note-form button');
    await page.waitForSelector('#trend .note');
    await drawn();
    expect(await page.textContent('#trend')).toContain('2020-03-11 flood seen by everybody');
    const kept = await db.query('SELECT text FROM annotations FINAL');
    expect(kept).toEqual([{ text: 'flood seen by everybody' }]);
    await page.click('.notes button');
    await page.waitForSelector('#trend .note', { state: 'detached' });
    expect(await page.$$('.notes li')).toEqual([]);
  });
}
