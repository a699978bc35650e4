// Sources and backscatter: counts, the loudest, the new ones, one source's story, victims; against SQL.
import { expect, it } from 'vitest';
import type { SourceList, SourceStory } from '../../../web/report/shape-range.ts';
import type { Visit } from './visit.ts';

export function sourcesTests(visit: () => Visit): void {
  const names = (id: string) =>
    visit().page.$$eval(`#${id} .ranked`, (rows) =>
      rows.map((row) => [row.getAttribute('data-name'), Number(row.getAttribute('data-value'))]),
    );

  it('draws the sources with most packets, exactly', async () => {
    const { db, open } = visit();
    await open('sources?from=2020-01-01&to=2020-12-31&survey=exclude');
    const rows = await db.query<{ source: string; sent: number }>(
      `SELECT replaceOne(toString(srcAddr), '::ffff:', '') AS source, sum(scanPackets) AS sent FROM sourceDaysCurrent
       WHERE toYear(day) = 2020 AND scanClass = 'other' GROUP BY srcAddr ORDER BY sent DESC, srcAddr LIMIT 20`,
    );
    expect(await names('topSources')).toEqual(rows.map(({ source, sent }) => [source, sent]));
  });

  it('counts sources, new ones and survey scanners', async () => {
    const { db, api, page, open } = visit();
    await open('sources?from=2020-06-01&to=2020-06-30');
    const { counts } = await api<SourceList>('sources?from=2020-06-01&to=2020-06-30');
    const [row] = await db.query<{ sources: number; scanners: number; known: number }>(
      `SELECT uniqExact(srcAddr) AS sources, uniqExactIf(srcAddr, scanClass != 'other') AS scanners,
         uniqExactIf(srcAddr, srcAddr IN (SELECT srcAddr FROM flows WHERE hour < '2020-06-01')) AS known
       FROM sourceDaysCurrent WHERE day BETWEEN '2020-06-01' AND '2020-06-30' AND scanPackets > 0`,
    );
    expect(counts.sources).toBe(row?.sources);
    expect(counts.surveyScanners).toBe(row?.scanners);
    expect(counts.freshSources).toBe((row?.sources ?? 0) - (row?.known ?? 0));
    expect(await page.textContent('#counts')).toContain(String(row?.sources));
    const fresh = await api<SourceList>('sources?from=2020-06-01&to=2020-06-30&fresh=true&limit=1000');
    expect(fresh.sources).toHaveLength(counts.freshSources);
  });

  it('tells the story of a survey scanner: its days, its ports, and when it tried each', async () => {
    const { page, api, db, drawn } = visit();
    await visit().open('sources?from=2020-01-01&to=2020-12-31&survey=only');
    await page.click('#sources tbody tr:first-child a');
    await page.waitForSelector('#portTime circle.moment');
    await drawn();
    const srcAddr = new URL(page.url()).searchParams.get('srcAddr') ?? '';
    const story = await api<SourceStory>(`source?srcAddr=${srcAddr}&from=2020-01-01&to=2020-12-31`);
    const [row] = await db.query<{ packets: number; moments: number; days: number }>(
      `SELECT sum(packets) AS packets, uniqExact(hour, proto, dstPort) AS moments, uniqExact(toDate(hour)) AS days
       FROM flows WHERE srcAddr = toIPv6({address:String}) AND toYear(hour) = 2020`,
      { address: `::ffff:${srcAddr}` },
    );
    expect(story.sourceDays.reduce((sum, { packets }) => sum + packets, 0)).toBe(row?.packets);
    expect(story.sourceDays).toHaveLength(row?.days ?? 0);
    expect(await page.$$eval('#portTime circle.moment', (dots) => dots.length)).toBe(row?.moments);
    expect(await page.textContent('#sourceDays')).toContain('survey, by behaviour');
  });

  it('draws the victims and the ports under attack', async () => {
    const { db, open } = visit();
    await open('backscatter?from=2020-01-01&to=2020-12-31');
    const victims = await db.query<{ source: string; sent: number }>(
      `SELECT replaceOne(toString(srcAddr), '::ffff:', '') AS source, sum(packets) AS sent FROM flows
       WHERE kind = 'backscatter' AND toYear(hour) = 2020 GROUP BY srcAddr ORDER BY sent DESC, srcAddr LIMIT 20`,
    );
    expect(await names('victims')).toEqual(victims.map(({ source, sent }) => [source, sent]));
    const [web] = await db.query<{ sent: number }>(
      `SELECT sum(packets) AS sent FROM flows WHERE kind = 'backscatter' AND toYear(hour) = 2020 AND proto = 6 AND srcPort = 80`,
    );
    expect(await names('attacked')).toContainEqual(['tcp/80', web?.sent]);
  });
}
