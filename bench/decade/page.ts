// `npm run bench -- page`: the page over the decade. How soon each view is there in a real browser when nobody asked before, how long answers
// take when 20 clients ask at once, and how large the page is.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { VIEWS, type ViewName } from '../../web/views.ts';
import { launchBrowser } from '../browser.ts';
import { median } from '../contest.ts';
import { machineText } from '../machine.ts';
import { askAtOnce, CLIENTS } from './clients.ts';
import { decadeDirectory, type Section } from './decade.ts';
import { type DecadeSize, generate } from './generate.ts';
import { percentile95, serve } from './serving.ts';

const PAINT_BAR_MS = 1_000;
const ANSWER_BAR_MS = 200;
const BUNDLE_BAR_KB = 150;
const VISITS = 3;

export async function benchPage(cache: string, size: DecadeSize, seconds: number): Promise<Section> {
  const directory = decadeDirectory(cache, size);
  await generate(directory, size, console.log);
  const views = await visits(directory);
  const { url, stop } = await serve(directory);
  const asked = await askAtOnce(url, size.seed, seconds).finally(stop);
  const all = [...asked.values()].flat();
  const section = {
    title: `The page over ten years of days (scale ${size.scale})`,
    body: [
      `${machineText()}; seed ${size.seed}.`,
      '',
      `Each view in Chromium, ${VISITS} times, each with a service that was just started and an empty browser; bar ${PAINT_BAR_MS} ms.`,
      '',
      '| view | first paint ms (median) | its charts drawn ms (median) | slowest |',
      '|---|---|---|---|',
      ...views.map(({ view, paint, drawn }) => row([view, median(paint), median(drawn), Math.max(...drawn)])),
      '',
      `${CLIENTS} clients at once for ${seconds} s, ${all.length} answers (${Math.round(all.length / seconds)} a second); bar ${ANSWER_BAR_MS} ms for p95.`,
      '',
      '| route | answers | median ms | p95 ms | slowest |',
      '|---|---|---|---|---|',
      ...[...asked].map(([route, took]) =>
        row([route, took.length, median(took), percentile95(took), Math.max(...took)]),
      ),
      row(['all', all.length, median(all), percentile95(all), Math.max(...all)]),
      '',
      `The page's script, style and frame take ${bundleKilobytes().toFixed(1)} kB as gzip; bar ${BUNDLE_BAR_KB} kB.`,
    ].join('\n'),
  };
  console.log(`\n## ${section.title}\n\n${section.body}`);
  return section;
}

const row = (cells: (string | number)[]) =>
  `| ${cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(0) : cell)).join(' | ')} |`;

interface Visited {
  view: ViewName;
  paint: number[];
  drawn: number[];
}

async function visits(directory: string): Promise<Visited[]> {
  const browser = await launchBrowser();
  try {
    const visited: Visited[] = [];
    for (const view of VIEWS) {
      const each: Visited = { view, paint: [], drawn: [] };
      for (let time = 0; time < VISITS; time++) {
        const { url, stop } = await serve(directory);
        try {
          const { paint, drawn } = await visit(browser, url, view);
          each.paint.push(paint);
          each.drawn.push(drawn);
        } finally {
          await stop();
        }
      }
      visited.push(each);
    }
    return visited;
  } finally {
    await browser.close();
  }
}

/** Milliseconds from asking for the page to its first paint, and until its charts stand there. */
async function visit(browser: Browser, url: string, view: ViewName): Promise<{ paint: number; drawn: number }> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${url}${view === 'years' ? '' : view}`);
    await page.waitForSelector('body:not(.busy) #view .chart svg', { timeout: 60_000 });
    return await page.evaluate(() => {
      const [paint] = performance.getEntriesByName('first-contentful-paint');
      return { paint: paint?.startTime ?? Number.NaN, drawn: performance.now() };
    });
  } finally {
    await context.close();
  }
}

/** What a browser gets before any font or answer. */
function bundleKilobytes(): number {
  const page = path.resolve(import.meta.dirname, '../../web/page-assets');
  const assets = readdirSync(path.join(page, 'assets')).filter((name) => /\.(js|css)$/.test(name));
  const files = [path.join(page, 'index.html'), ...assets.map((name) => path.join(page, 'assets', name))];
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0) / 1000;
}
