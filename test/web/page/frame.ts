// What holds for every view: its own address, both languages, a phone and a wall, the keyboard, accessibility, downloads, a dead engine.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { VIEWS, type ViewName } from '../../../web/views.ts';
import type { Visit } from './visit.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const HEADS: Record<ViewName, { en: string; ja: string }> = {
  years: { en: 'Attacks seen by the network telescope', ja: 'ダークネットで観測された通信の内容' },
  trends: { en: 'Scans over time', ja: 'スキャンの推移' },
  port: { en: 'Scans of tcp/23 by month', ja: 'tcp/23へのスキャン' },
  sources: { en: 'Sources with most packets', ja: 'パケット数の多い送信元' },
  backscatter: { en: 'Backscatter over time', ja: 'バックスキャッタの推移' },
  map: { en: 'Where packets come from', ja: 'パケットの送信元' },
  live: { en: 'The last hour with packets', ja: 'パケットのあった最後の1時間' },
  account: { en: 'What each sensor observed', ja: 'センサーごとの毎日の観測状況' },
};
const address = (view: ViewName) => (view === 'years' ? '' : view);

/** A chart is one image with a name and a description; what is in it is checked by its own tests. Rows of a table are alike: five will do. */
async function violations(visit: Visit): Promise<string[]> {
  await visit.page.evaluate(AXE);
  return visit.page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run: (context: object, options: object) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
      };
    };
    const { violations: found } = await axe.run(
      { exclude: ['.chart svg *', 'tbody tr:nth-child(n + 6)'] },
      { resultTypes: ['violations'] }, // what passed is not described, element by element
    );
    return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
  });
}

async function filesOpen({ page }: Visit, view: ViewName): Promise<void> {
  const download = async (kind: string) => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.click(`[data-download=${kind}] >> nth=0`)]);
    return readFileSync(await file.path());
  };
  const svg = (await download('svg')).toString();
  expect(svg).toContain('http://www.w3.org/2000/svg');
  expect(svg).toContain(HEADS[view].en);
  const png = await download('png');
  expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  expect(png.readUInt32BE(16)).toBeGreaterThan(1400);
  expect((await download('csv')).toString().trim().split('\n').length).toBeGreaterThan(2);
  expect(JSON.parse((await download('json')).toString())).toBeTypeOf('object');
}

export function frameTests(visit: () => Visit): void {
  for (const view of VIEWS) {
    it(`${view}: both languages, light and dark, accessible, no sideways scrolling at 390 and 1920 pixels, files that open`, async () => {
      const { page, open } = visit();
      for (const [lang, theme, width] of [
        ['ja', 'dark', 390],
        ['en', 'light', 1920],
      ] as const) {
        await page.setViewportSize({ width, height: 900 });
        await open(`${address(view)}?lang=${lang}&theme=${theme}`);
        expect(await page.textContent('#view .chart')).toContain(HEADS[view][lang]);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow).toBeLessThanOrEqual(0);
        expect(await violations(visit())).toEqual([]);
      }
      await filesOpen(visit(), view);
      await page.setViewportSize({ width: 1280, height: 800 });
    });
  }

  it('is used with the keyboard alone: skip link, views, switches keep the focus', async () => {
    const { page, open, drawn } = visit();
    await open('');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    await page.focus('nav a[href="./trends"]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#trend svg');
    await page.focus('[name=log][value=false]');
    await page.keyboard.press('ArrowRight');
    await drawn();
    expect(page.url()).toContain('log=true');
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).value)).toBe('true');
    await page.goBack();
    await page.waitForSelector('#chart svg');
  });
}

/** Last of all: it ends the engine under the running server. */
export function deadEngineTest(visit: () => Visit): void {
  it('says clearly that the database is gone, and recovers by itself when it is back', async () => {
    const { page, open, data, drawn } = visit();
    await open('trends?from=2020-01-01&to=2020-12-31');
    const { pid } = JSON.parse(readFileSync(`${data}/engine.json`, 'utf8')) as { pid: number };
    // Where its files are gone no new one can start.
    process.kill(pid, 'SIGKILL');
    renameSync(`${data}/engine`, `${data}/engine.away`);
    writeFileSync(`${data}/engine`, 'not a directory');
    await page.locator('[name="by"]').selectOption('port');
    await page.waitForSelector('#message:not([hidden])');
    expect(await page.textContent('#message')).toContain('The database does not answer');
    expect(await page.textContent('#message')).toContain('tries again by itself');
    rmSync(`${data}/engine`);
    renameSync(`${data}/engine.away`, `${data}/engine`);
    await page.waitForFunction(() => document.querySelector('#trend')?.textContent?.includes('tcp/23'), undefined, {
      timeout: 50_000,
    });
    await drawn();
  });
}
