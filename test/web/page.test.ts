// The page in a real browser over the sample captures: what the picture says is what the database holds.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { YearlyReport } from '../../web/report/shape.ts';
import { launchBrowser } from '../setup/browser.ts';
import { temporaryDirectory, umbrascopeJson } from '../setup/command.ts';
import { type Served, serveData } from '../setup/serving.ts';

const samples = path.resolve(import.meta.dirname, '../../sample-pcaps/*.gz');
const data = temporaryDirectory();
let served: Served;
let browser: Browser;
let page: Page;
const troubles: string[] = [];

beforeAll(async () => {
  await umbrascopeJson(['ingest', '--data', data, samples, '--darknet', '198.51.100.0/26', '2001:db8:64::/64']);
  served = await serveData(data);
  browser = await launchBrowser();
  page = await browser.newPage({ locale: 'en' });
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  page.on(
    'request',
    (request) =>
      request.url().startsWith(served.url) || /^(data|blob):/.test(request.url()) || troubles.push(request.url()),
  );
  await page.goto(served.url);
  await page.waitForSelector('#chart svg');
}, 90_000);

afterAll(async () => {
  await browser?.close();
  const { code } = await served.stop();
  expect(code).toBe(0);
});

const report = (...args: string[]) =>
  umbrascopeJson<YearlyReport>(['report', '--data', data, '--years', '2019,2020', ...args]);

/** The labels of the chart: `2019/iot` → `49%`. */
async function labels(): Promise<Record<string, string>> {
  const pairs = await page.$$eval('#chart svg text.share', (texts) => {
    return texts.map((text) => [
      `${text.getAttribute('data-year')}/${text.getAttribute('data-group')}`,
      text.textContent ?? '',
    ]);
  });
  return Object.fromEntries(pairs);
}

async function choose(name: string, value: string): Promise<void> {
  const before = await page.innerHTML('#chart');
  await page.locator(`[name="${name}"][value="${value}"]`).check({ force: true });
  await page.waitForFunction((old) => document.querySelector('#chart')?.innerHTML !== old, before);
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

describe('the page', () => {
  it('shows the ministry’s chart with the shares of the samples', async () => {
    const shown = await labels();
    expect(shown).toEqual(expectedLabels(await report()));
    expect(shown['2019/iot']).toBe('49%');
    expect(shown['2020/other']).toBe('51%');
  });

  it('draws bars as long as the report says', async () => {
    const widths = await page.$$eval('#chart svg rect[data-group]', (bars) =>
      bars.map((bar) => Number(bar.getAttribute('width'))),
    );
    const lengths = (await report()).years.flatMap(({ groups }) => groups.map(({ length }) => length));
    const scale = (widths[0] ?? 0) / (lengths[0] ?? 1);
    for (const [i, length] of lengths.entries()) expect(widths[i]).toBeCloseTo(length * scale, 0);
  });

  it('lists the top 30 ports with rank, previous rank and sources', async () => {
    const [, year] = (await report()).years;
    const rows = await page.$$eval('#ports tbody tr', (lines) => lines.map((line) => line.textContent ?? ''));
    expect(rows).toHaveLength(30);
    expect(rows[0]).toContain('tcp/23');
    expect(rows[0]).toContain((year?.topPorts[0]?.packets ?? 0).toLocaleString('en'));
    expect(rows.find((row) => row.includes('tcp/3389'))).toContain(
      String(year?.topPorts.find(({ dstPort }) => dstPort === 3389)?.previousRank),
    );
  });

  it('shows the account, balanced', async () => {
    const account = await page.textContent('#account-section');
    expect(account).toContain('124,527');
    expect(account).toContain('It balances');
  });

  it('changes the chart when survey scans are left in, and keeps that in the address', async () => {
    await choose('survey', 'include');
    expect(await labels()).toEqual(expectedLabels(await report('--survey', 'include')));
    expect(page.url()).toContain('survey=include');
    await page.reload();
    await page.waitForSelector('#chart svg');
    expect(await labels()).toEqual(expectedLabels(await report('--survey', 'include')));
    await choose('survey', 'exclude');
  });

  it('speaks Japanese', async () => {
    await choose('lang', 'ja');
    expect(await page.textContent('#chart')).toContain('RDPが上位30ポートに登場(2020)');
    await page.waitForFunction(() => document.fonts.check('16px Kosugi', '仮想通貨'));
    await choose('lang', 'en');
  });

  it('hands out the chart as SVG, PNG and CSV', async () => {
    const download = async (id: string) => {
      const [file] = await Promise.all([page.waitForEvent('download'), page.click(id)]);
      return readFileSync(await file.path());
    };
    const svg = (await download('#download-svg')).toString();
    expect(svg).toMatch(/<svg[\s\S]*49%[\s\S]*<\/svg>/);
    expect(svg).toContain('http://www.w3.org/2000/svg');
    const png = await download('#download-png');
    expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
    expect(png.readUInt32BE(16)).toBeGreaterThan(1400);
    const csv = (await download('#download-csv')).toString().trim().split('\n');
    expect(csv[0]?.trim()).toBe('year,group,packets,share,length,growth');
    expect(csv).toHaveLength(11);
  });

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('asked nobody else for anything and met no error', () => {
    expect(troubles).toEqual([]);
  });
});
