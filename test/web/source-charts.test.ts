// Rankings and the picture of ports over time say what the answers say.
import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { hilbertChart, mapTip } from '../../web/charts/hilbert.ts';
import { cellOf, placeOf } from '../../web/charts/hilbert-curve.ts';
import { portTimeChart } from '../../web/charts/port-time.ts';
import { type Ranking, rankingChart } from '../../web/charts/ranking.ts';
import { renderSvg } from '../../web/charts/render.ts';
import { attackedRanking, sourcesRanking, victimsRanking } from '../../web/charts/source-rankings.ts';
import { sparkline } from '../../web/charts/sparkline.ts';
import type { MapReport, SourceList, SourceStory } from '../../web/report/shape-range.ts';
import { FACTS, fortnight } from './timeReports.ts';

const sources: SourceList = {
  ...FACTS,
  ...{ kind: 'scan', survey: 'include', fresh: true, addressesHidden: false },
  counts: { sources: 2, freshSources: 2, surveyScanners: 1, surveyPackets: 300, packets: 900 },
  sources: [
    { srcAddr: '203.0.113.9', packets: 600, scanClass: 'other', tools: ['mirai'], organisation: '', ports: 2 },
    {
      srcAddr: '2001:db8::1',
      packets: 300,
      scanClass: 'surveyKnown',
      tools: [],
      organisation: 'Survey Org',
      ports: 99,
    },
  ].map((source) => ({ ...source, days: 3, firstDay: '2020-03-02', lastDay: '2020-03-09' })),
};

const ranking: Ranking = {
  title: 'Sources with most packets',
  subtitle: 'Packets in the span',
  facts: FACTS,
  filters: { kind: 'scan', survey: 'include' },
  nothing: 'No source.',
  rows: [
    { name: '203.0.113.9', value: 12_345, colour: '#0b3b6c' },
    { name: '2001:db8::1', value: 4_115, colour: '#e8b93e', tip: ['2001:db8::1', 'masscan'] },
    { name: '203.0.113.77', value: 1, colour: '#0b3b6c' },
  ],
};

/** Ports 1 to 60 a second apart: a line. */
const story: SourceStory = {
  ...FACTS,
  srcAddr: '203.0.113.9',
  sourceDays: [],
  topPorts: [],
  moments: Array.from({ length: 60 }, (_, index) => ({
    time: Date.UTC(2020, 2, 3, 12, 0, index) / 1000,
    proto: index % 10 === 0 ? 17 : 6,
    dstPort: 100 * (index + 1),
    packets: 1,
  })),
  momentsCut: false,
};

/** Numbers in the attributes of the marks that a selector finds. */
function marks(svg: string, selector: string, ...names: string[]): number[][] {
  const { document } = parseHTML(svg.replace(/^<\?xml.*\n/, ''));
  return [...document.querySelectorAll(selector)].map((mark) => names.map((name) => Number(mark.getAttribute(name))));
}

test('bars are as long as their values, and none vanishes', () => {
  const svg = renderSvg((document) => rankingChart(document, ranking, { lang: 'en' }));
  const widths = marks(svg, '.ranked rect', 'width').flat();
  expect(widths[1]! / widths[0]!).toBeCloseTo(4_115 / 12_345, 2);
  expect(widths[2]).toBe(1);
  expect(svg).toContain('12,345');
});

test('ports tried one after the other lie on a line', () => {
  const svg = renderSvg((document) => portTimeChart(document, story, { lang: 'en' }));
  const dots = marks(svg, 'circle.moment', 'cx', 'cy') as [number, number][];
  expect(dots).toHaveLength(60);
  const slopes = dots.slice(1).map(([x, y], index) => (y - dots[index]![1]) / (x - dots[index]![0]));
  for (const slope of slopes) expect(Math.abs(slope - slopes[0]!)).toBeLessThan(0.1);
});

const internet: MapReport = {
  ...FACTS,
  of: 'sources',
  measure: 'packets',
  kind: 'all',
  order: 4,
  bits: 8,
  monitored: null,
  cells: [
    [1, 5],
    [13, 12_000],
    [203, 70],
  ],
  frames: [],
};

test('a cell of the map is found again where the curve puts it, and neighbours touch', () => {
  for (const order of [1, 2, 4]) {
    const places = Array.from({ length: 4 ** order }, (_, cell) => placeOf(cell, order));
    expect(places.map(([x, y]) => cellOf(x, y, order))).toEqual([...places.keys()]);
    for (const [index, [x, y]] of places.slice(1).entries()) {
      const [beforeX, beforeY] = places[index]!;
      expect(Math.abs(x - beforeX) + Math.abs(y - beforeY)).toBe(1);
    }
  }
});

test('what is pointed at on the map is told, of a dark address only its place', () => {
  const [x, y] = placeOf(13, 4);
  expect(mapTip(internet, x, y, 'en')).toEqual(['13.0.0.0/8', '12,000', '99.4%']);
  const dark: MapReport = { ...internet, of: 'dark', bits: 32, order: 3, monitored: 64, cells: [[5, 7]] };
  const [column, row] = placeOf(5, 3);
  expect(mapTip(dark, column, row, 'en')).toEqual(['Address 6 / 64', '7', '100.0%']);
  expect(mapTip({ ...dark, monitored: 5 }, column, row, 'en')).toEqual([]);
});

test('an empty answer says so', () => {
  expect(renderSvg((document) => rankingChart(document, { ...ranking, rows: [] }, { lang: 'en' }))).toContain(
    'No source.',
  );
  expect(renderSvg((document) => portTimeChart(document, { ...story, moments: [] }, { lang: 'ja' }))).toContain(
    'ありません',
  );
});

test('the charts of sources', async () => {
  const bars = renderSvg((document) => rankingChart(document, ranking, { lang: 'en' }));
  await expect(bars).toMatchFileSnapshot('snapshots/ranking-en.svg');
  const map = renderSvg((document) => hilbertChart(document, internet, { lang: 'en' }));
  await expect(map).toMatchFileSnapshot('snapshots/map-en.svg');
  const dots = renderSvg((document) => portTimeChart(document, story, { lang: 'ja', width: 390 }));
  await expect(dots).toMatchFileSnapshot('snapshots/port-time-ja.svg');
  const ranked = (made: Ranking) => renderSvg((document) => rankingChart(document, made, { lang: 'ja' }));
  await expect(ranked(sourcesRanking(sources, 'ja'))).toMatchFileSnapshot('snapshots/sources-ja.svg');
  await expect(ranked(victimsRanking(sources, 'ja'))).toMatchFileSnapshot('snapshots/victims-ja.svg');
  const attacked = fortnight({ by: 'port', kind: 'backscatter' });
  await expect(ranked(attackedRanking(attacked, 'ja'))).toMatchFileSnapshot('snapshots/attacked-ja.svg');
  const line = renderSvg((document) => sparkline(document, [0, 3, 12, 7], 'tcp/23 by month', '#5b7fa6'));
  await expect(line).toMatchFileSnapshot('snapshots/sparkline.svg');
});
