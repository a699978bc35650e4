// The year-on-year view: what the picture and the tables say is what the report and the database hold.
import { expect, it } from 'vitest';
import type { YearlyReport } from '../../../web/report/shape.ts';
import { umbrascopeJson } from '../../setup/command.ts';
import type { Visit } from './visit.ts';

export function yearsTests(visit: () => Visit): void {
  const report = (more = '') => visit().api<YearlyReport>(`yearly?years=2019,2020${more}`);

  /** The labels of the chart: `2019/iot` → `49%`. */
  const labels = async (): Promise<Record<string, string>> => {
    const pairs = await visit().page.$$eval('#chart svg text.share', (texts) => {
      return texts.map((text) => [
        `${text.getAttribute('data-year')}/${text.getAttribute('data-group')}`,
        text.textContent ?? '',
      ]);
    });
    return Object.fromEntries(pairs);
  };

  it('is the home page, and shows the ministry’s chart with the shares of the samples', async () => {
    await visit().open('');
    const shown = await labels();
    const { data } = visit();
    const printed = await umbrascopeJson<YearlyReport>(['report', '--data', data, '--years', '2019,2020']);
    expect(printed).toEqual(await report());
    expect(shown).toEqual(expectedLabels(printed));
    expect(shown['2019/iot']).toBe('49%');
    expect(shown['2020/other']).toBe('51%');
  });

  it('draws bars as long as the report says', async () => {
    const widths = await visit().page.$$eval('#chart svg rect[data-group]', (bars) =>
      bars.map((bar) => Number(bar.getAttribute('width'))),
    );
    const lengths = (await report()).years.flatMap(({ groups }) => groups.map(({ length }) => length));
    const scale = (widths[0] ?? 0) / (lengths[0] ?? 1);
    expect(widths).toHaveLength(lengths.length);
    for (const [i, length] of lengths.entries()) expect(widths[i]).toBeCloseTo(length * scale, 0);
  });

  it('tells exact values of what is pointed at', async () => {
    const { page } = visit();
    await page.hover('#chart rect[data-year="2020"][data-group="iot"]');
    const [, year] = (await report()).years;
    const packets = year?.groups.find(({ group }) => group === 'iot')?.packets ?? 0;
    expect(await page.textContent('#tip')).toContain(`${packets.toLocaleString('en')} packets`);
  });

  it('lists the top 30 ports with rank, previous rank, sources and the packets of each month', async () => {
    const [, year] = (await report()).years;
    const { page, db } = visit();
    const rows = await page.$$eval('#ports tbody tr', (lines) => lines.map((line) => line.textContent ?? ''));
    expect(rows).toHaveLength(30);
    expect(rows[0]).toContain('tcp/23');
    expect(rows[0]).toContain((year?.topPorts[0]?.packets ?? 0).toLocaleString('en'));
    const rdp = year?.topPorts.find(({ dstPort }) => dstPort === 3389);
    expect(rows.find((row) => row.includes('tcp/3389'))).toContain(String(rdp?.previousRank));
    const months = await db.query<{ packets: number }>(
      `SELECT sum(packets) AS packets FROM portMonthsCurrent
       WHERE toYear(month) = 2020 AND kind = 'scan' AND scanClass = 'other' AND proto = 6 AND dstPort = 23
       GROUP BY month ORDER BY month`,
    );
    const label = await page.getAttribute('#ports tbody tr:first-child .sparkline', 'aria-label');
    expect(label).toContain(months.map(({ packets }) => packets.toLocaleString('en')).join(', '));
  });

  it('names newcomers and leavers of the top 30', async () => {
    const [first, second] = (await report()).years;
    const names = (ports: { proto: string; dstPort: number }[] = []) =>
      ports.map(({ proto, dstPort }) => `${proto}/${dstPort}`);
    const came = names(second?.topPorts).filter((port) => !names(first?.topPorts).includes(port));
    const left = names(first?.topPorts).filter((port) => !names(second?.topPorts).includes(port));
    expect(came).toContain('tcp/3389');
    expect(await visit().page.textContent('#newcomers')).toBe(came.join(', '));
    const leavers = await visit().page.$$eval('#leavers a', (links) => links.map((link) => link.textContent));
    expect(leavers.map((text) => text?.split(' ')[0])).toEqual(left);
  });

  it('changes the chart when survey scans are left in, and keeps that in the address', async () => {
    const { page, choose, drawn } = visit();
    await choose('survey', 'include');
    expect(await labels()).toEqual(expectedLabels(await report('&survey=include')));
    expect(page.url()).toContain('survey=include');
    await page.reload();
    await page.waitForSelector('#chart svg');
    await drawn();
    expect(await labels()).toEqual(expectedLabels(await report('&survey=include')));
    await choose('survey', 'exclude');
  });

  it('compares the same months of the years, from another base, per address', async () => {
    await visit().open('?months=1-11&base=2020&normalise=perAddress');
    const expected = await report('&months=1-11&base=2020&normalise=perAddress');
    expect(await labels()).toEqual(expectedLabels(expected));
    expect(await visit().page.textContent('#chart')).toContain('January to November');
  });

  it('speaks Japanese', async () => {
    const { page, choose } = visit();
    await visit().open('');
    await choose('lang', 'ja');
    expect(await page.textContent('#chart')).toContain('RDPが上位30ポートに登場(2020)');
    expect(await page.getAttribute('html', 'lang')).toBe('ja');
    await page.waitForFunction(() => document.fonts.check('16px Kosugi', '仮想通貨'));
    await choose('lang', 'en');
  });
}

/** A group without packets has no label; one below half a per cent is not called 0. */
function expectedLabels({ years }: YearlyReport): Record<string, string> {
  const shown = years.flatMap(({ year, groups }) => {
    return groups
      .filter(({ packets }) => packets > 0)
      .map(({ group, share }) => [`${year}/${group}`, share < 0.5 ? '<1%' : `${Math.round(share)}%`]);
  });
  return Object.fromEntries(shown);
}
