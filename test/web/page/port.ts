// The port view: its years, category, tools and neighbours against SQL.
import { expect, it } from 'vitest';
import type { PortReport } from '../../../web/report/shape-range.ts';
import type { Visit } from './visit.ts';

export function portTests(visit: () => Visit): void {
  it('tells a port’s category with the reason that the rules give', async () => {
    const { page, open } = visit();
    await open('port?port=tcp/23&from=2019-01-01&to=2020-12-31');
    expect(await page.textContent('#category')).toContain(
      'telnet – NICTER tables; Mirai sends every tenth probe to 2323',
    );
  });

  it('has the packets, the survey share and the rank of every year', async () => {
    const { page, db, api } = visit();
    const { years } = await api<PortReport>('port?port=tcp/23');
    const rows = await db.query<{ year: number; packets: number; surveyPackets: number }>(
      `SELECT toYear(day) AS year, sum(packets) AS packets, sumIf(portDaysCurrent.packets, scanClass != 'other') AS surveyPackets
       FROM portDaysCurrent WHERE kind = 'scan' AND proto = 6 AND dstPort = 23 GROUP BY year ORDER BY year`,
    );
    expect(years).toMatchObject(rows.map((row) => ({ ...row, rank: 1 })));
    const shown = await page.$$eval('#portYears tbody tr', (lines) => lines.map((line) => line.textContent ?? ''));
    expect(shown[0]).toContain('2020');
    expect(shown[0]).toContain(rows[1]?.packets.toLocaleString('en'));
  });

  it('has the packets of each tool, together all of the port’s', async () => {
    const { api, db } = visit();
    const { tools } = await api<PortReport>('port?port=tcp/23&from=2019-01-01&to=2020-12-31');
    const [row] = await db.query<{ all: number; mirai: number }>(
      `SELECT sum(packets) AS all, sumIf(flows.packets, bitAnd(toolMarks, 1) != 0) AS mirai
       FROM flows WHERE kind = 'scan' AND proto = 6 AND dstPort = 23`,
    );
    expect(tools.reduce((sum, { packets }) => sum + packets, 0)).toBe(row?.all);
    expect(tools.find(({ tool }) => tool === 'mirai')?.packets).toBe(row?.mirai);
  });

  it('finds the port that moves with telnet, by the correlation of packets a day', async () => {
    const { page, db, api } = visit();
    const { neighbours } = await api<PortReport>('port?port=tcp/23&from=2019-01-01&to=2020-12-31');
    const [row] = await db.query<{ correlation: number }>(
      `SELECT corr(toFloat64(a), toFloat64(b)) AS correlation FROM (
         SELECT day, sumIf(portDaysCurrent.packets, dstPort = 23) AS a, sumIf(portDaysCurrent.packets, dstPort = 2323) AS b FROM portDaysCurrent
         WHERE kind = 'scan' AND scanClass = 'other' AND proto IN (6, 17) GROUP BY day)`,
    );
    expect(neighbours[0]?.port).toBe('tcp/2323');
    expect(neighbours[0]?.correlation).toBeCloseTo(row?.correlation ?? 0, 3);
    expect(await page.textContent('#neighbours tbody tr:first-child')).toContain('tcp/2323');
  });

  it('goes from port to port', async () => {
    const { page, drawn } = visit();
    await page.fill('[name=dstPort]', '445');
    await page.keyboard.press('Tab');
    await page.waitForFunction(() => document.querySelector('#category')?.textContent?.includes('file sharing'));
    await drawn();
    expect(page.url()).toContain('port=tcp/445');
    await page.click('nav a[href^="./trends"]');
    await page.waitForSelector('#trend svg');
    await page.goBack();
    await page.waitForSelector('#category');
    await drawn();
  });

  it('says of a port that was never scanned that it was not', async () => {
    const { page, open } = visit();
    await open('port?port=udp/1');
    expect(await page.textContent('#view')).toContain('No scan of this port was seen.');
  });
}
