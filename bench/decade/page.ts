// `npm run bench -- page`: the page over the decade. How soon each view is there in a real browser when nobody asked before, how long answers
// take when 20 clients ask at once, and how large the page is.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { positiveNumber, wholeNumber } from '../../cli/options.ts';
import { VIEWS, type ViewName } from '../../web/views.ts';
import { launchBrowser } from '../browser.ts';
import type { BenchCase, CaseOptions } from '../case.ts';
import { median } from '../contest.ts';
import { atMost } from '../results.ts';
import { askAtOnce, CLIENTS, openEach } from './clients.ts';
import { decadeDirectory } from './decade.ts';
import { generate } from './generate.ts';
import { percentile95, serve } from './serving.ts';

const PAINT_BAR_MS = 1_000;
const ANSWER_BAR_MS = 200;
const BUNDLE_BAR_KB = 150;
/** Seconds for which a client looks at a view, on the average. */
const LOOK = 3;

export interface PageOptions extends CaseOptions {
  /** As of `decade`, whose data it uses; the bars are those of 1. */
  scale: number;
  /** How long the clients ask. */
  seconds: number;
}

export const PAGE: BenchCase<PageOptions> = {
  name: 'page',
  title: `the page over ten years of days: each view in Chromium, and ${CLIENTS} clients at once`,
  options: (command) => {
    command.option('--scale <n>', 'as of decade, whose data it uses', positiveNumber, 0.1);
    command.option('--seconds <n>', 'how long the clients ask', wholeNumber, 30);
  },
  run: async ({ cache, seed, scale, seconds, runs }) => {
    const directory = decadeDirectory(cache, { scale, seed });
    await generate(directory, { scale, seed }, console.log);
    const views = await visits(directory, runs);
    const rushed = await load(directory, seed, seconds, 0);
    const looked = await load(directory, seed, seconds, LOOK);
    const lines = [
      `each view in Chromium, ${runs} times (scale ${scale}), with a service that was just started and an empty browser`,
      '',
      columns('view', ['first paint ms', 'charts drawn ms', 'slowest ms']),
      ...views.map(({ view, paint, drawn }) => columns(view, [median(paint), median(drawn), Math.max(...drawn)])),
      '',
      ...loadLines(
        `${CLIENTS} clients at once for ${seconds} s, each with its next view as soon as the last is there; each view was opened once before, one in four\nis opened with switches of the client’s own`,
        rushed,
        seconds,
      ),
      '',
      ...loadLines(`the same, each looking at a view for ${LOOK} s`, looked, seconds),
    ];
    const bars = [
      ...views.map(({ view, paint }) => atMost(`first paint of ${view}`, PAINT_BAR_MS, median(paint), ' ms')),
      atMost(`answers to ${CLIENTS} clients, p95`, ANSWER_BAR_MS, percentile95([...rushed.values()].flat()), ' ms'),
      atMost('script, style and frame of the page, gzip', BUNDLE_BAR_KB, bundleKilobytes(), ' kB'),
    ];
    return { text: lines.join('\n'), bars: scale === 1 ? bars : [] };
  },
};

/** A service that others have used: each view was opened once, as it is first shown. What nobody asked for before is not made ahead. */
async function load(directory: string, seed: number, seconds: number, look: number): Promise<Map<string, number[]>> {
  const { url, stop } = await serve(directory);
  return openEach(url)
    .then(() => askAtOnce(url, seed, seconds, look))
    .finally(stop);
}

function loadLines(what: string, asked: ReadonlyMap<string, number[]>, seconds: number): string[] {
  const all = [...asked.values()].flat();
  return [
    `${what}:`,
    `${all.length.toLocaleString('en')} answers, ${Math.round(all.length / seconds)} a second`,
    '',
    columns('route', ['answers', 'median ms', 'p95 ms', 'slowest ms']),
    ...[...asked, ['all', all] as const].map(([route, took]) =>
      columns(route, [took.length, median(took), percentile95(took), Math.max(...took)]),
    ),
  ];
}

function columns(first: string, others: readonly (number | string)[]): string {
  const cells = others.map((cell) => (typeof cell === 'number' ? cell.toFixed(0) : cell).padStart(17));
  return first.padEnd(16) + cells.join('');
}

interface Visited {
  view: ViewName;
  paint: number[];
  drawn: number[];
}

async function visits(directory: string, times: number): Promise<Visited[]> {
  const browser = await launchBrowser();
  try {
    const visited: Visited[] = [];
    for (const view of VIEWS) {
      const each: Visited = { view, paint: [], drawn: [] };
      for (let time = 0; time < times; time++) {
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
