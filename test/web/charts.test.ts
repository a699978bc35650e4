// The year-on-year chart says what the report says, in both languages, and stays readable: nothing overlaps.
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { textWidth } from '../../web/charts/measure.ts';
import { noteText } from '../../web/charts/notes.ts';
import { count, multiple, wholePercent } from '../../web/charts/numbers.ts';
import { inkOn, paletteOf } from '../../web/charts/palette.ts';
import { renderSvg } from '../../web/charts/render.ts';
import type { ChartOptions } from '../../web/charts/sheet.ts';
import { spread } from '../../web/charts/spread.ts';
import { yearlyChart } from '../../web/charts/yearly.ts';
import type { YearlyReport } from '../../web/report/shape.ts';
import { everyCategory, reportOf, tenYears, twoYears } from './nicterReport.ts';

function draw(report: YearlyReport, options: ChartOptions = { lang: 'en' }): SVGSVGElement {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  return yearlyChart(document as unknown as Document, report, options);
}

const number = (node: Element, name: string) => Number(node.getAttribute(name));
const texts = (svg: Element) => [...svg.querySelectorAll('text')].map((node) => node.textContent ?? '');
const segmentsOf = (svg: Element, year: number) => [...svg.querySelectorAll(`rect[data-year="${year}"]`)];

interface Box {
  text: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Boxes of all text but the axis's, which d3-axis lays out. */
function textBoxes(svg: Element): Box[] {
  const nodes = [...svg.querySelectorAll('text')].filter((node) => !node.closest('.axis'));
  return nodes.map((node) => {
    const size = number(node, 'font-size');
    const text = node.textContent ?? '';
    const width = textWidth(text, size);
    const anchor = node.getAttribute('text-anchor');
    const left = number(node, 'x') - (anchor === 'middle' ? width / 2 : anchor === 'end' ? width : 0);
    const y = number(node, 'y');
    return { text, left, right: left + width, top: y - size * 0.8, bottom: y + size * 0.15 };
  });
}

function overlaps(svg: Element): string[] {
  const boxes = textBoxes(svg);
  return boxes.flatMap((a, index) =>
    boxes
      .slice(index + 1)
      .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map((b) => `${a.text} | ${b.text}`),
  );
}

const fastGrowth = () =>
  reportOf(
    [2015, 2016, 2017, 2018].map((year, index) => ({
      year,
      packets: 3.1e9 * 4 ** index,
      shares: { iot: 49, http: 4, windows: 9, crypto: 2, services: 2, other: 34 },
    })),
    { scheme: 'mic-2023' },
  );

describe('the bars', () => {
  test('a label is the share of its own year, in whole per cent', () => {
    const report = twoYears();
    const svg = draw(report);
    for (const { year, groups } of report.years) {
      for (const { group, share } of groups) {
        const label = svg.querySelector(`text.share[data-year="${year}"][data-group="${group}"]`);
        expect(label?.textContent).toBe(`${Math.round(share)}%`);
      }
    }
  });

  test('a segment is as long as its volume relative to the base year', () => {
    const report = twoYears();
    const svg = draw(report);
    const base = segmentsOf(svg, 2019).reduce((sum, node) => sum + number(node, 'width'), 0);
    for (const { year, groups } of report.years) {
      for (const { group, length } of groups) {
        const segment = svg.querySelector(`rect[data-year="${year}"][data-group="${group}"]`)!;
        expect((100 * number(segment, 'width')) / base).toBeCloseTo(length, 0);
      }
    }
  });

  test('the axis starts at zero and ends at a round number no bar is longer than', () => {
    const ticks = [...draw(twoYears()).querySelectorAll('.axis text')].map((node) => node.textContent);
    expect(ticks[0]).toBe('0%');
    expect(ticks.at(-1)).toBe('160%');
  });

  test('a group without packets has no segment, and a year is still drawn', () => {
    const svg = draw(reportOf([{ year: 2019, packets: 1_000, shares: { iot: 60, crypto: 0, other: 40 } }]));
    expect(segmentsOf(svg, 2019).map((node) => node.getAttribute('data-group'))).toEqual(['iot', 'other']);
  });

  test('a share that rounds to nothing is not called nothing', () => {
    expect([0, 0.2, 0.5, 1.4].map(wholePercent)).toEqual(['0%', '<1%', '1%', '1%']);
  });
});

describe('readable', () => {
  const cases: [string, YearlyReport][] = [
    ['two years', twoYears()],
    ['ten years', tenYears()],
    ['every category', everyCategory()],
    ['volume growing sixty-four-fold', fastGrowth()],
    ['a year without packets', reportOf([{ year: 2019, packets: 0, shares: { iot: 0, other: 0 }, perAddress: null }])],
    ['no year', reportOf([{ year: 2019, packets: 1, shares: { other: 100 } }], { years: [] })],
  ];
  for (const [name, report] of cases) {
    for (const width of [358, 720, 960]) {
      test(`${name}, ${width} pixels: no text overlaps or leaves the picture`, () => {
        for (const lang of ['en', 'ja'] as const) {
          const svg = draw(report, { lang, width });
          expect(overlaps(svg)).toEqual([]);
          const room = number(svg, 'width') - 40;
          const outside = textBoxes(svg).filter((box) => box.left < -1 || box.right > room + 20);
          expect(outside).toEqual([]);
        }
      });
    }
  }

  test('labels that want the same place stand side by side around it', () => {
    expect(
      spread(
        [
          { at: 50, width: 20 },
          { at: 50, width: 20 },
        ],
        4,
        0,
        100,
      ),
    ).toEqual([38, 62]);
    expect(
      spread(
        [
          { at: 2, width: 20 },
          { at: 99, width: 20 },
        ],
        4,
        0,
        100,
      ),
    ).toEqual([10, 90]);
  });

  test('text on each colour has a contrast of at least 4.5', () => {
    const groups = [
      'iot',
      'http',
      'windows',
      'crypto',
      'services',
      'other',
      'iot/devices',
      'iot/ssh',
      'windows/sql',
      'rdp',
    ];
    for (const colour of paletteOf(groups).values())
      expect(contrast(colour, inkOn(colour))).toBeGreaterThanOrEqual(4.5);
  });
});

function contrast(a: string, b: string): number {
  const luminance = (colour: string) =>
    [1, 3, 5]
      .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
      .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index]!, 0);
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

describe('words', () => {
  test('the groups are named as the ministry names them', () => {
    const japanese = texts(draw(twoYears('ja'), { lang: 'ja' }));
    expect(japanese).toContain('IoT機器を狙った攻撃（Webカメラ、ルータ等）');
    expect(japanese).toContain('※約半数がtelnet');
    expect(japanese).toContain('※RDPが上位30ポートに登場(2020)');
    expect(japanese).toContain('その他（上位30ポート以外）');
    expect(japanese).toContain('2,315億');
    const english = texts(draw(twoYears()));
    expect(english).toContain('Attacks on IoT devices (web cameras, routers)');
    expect(english).toContain('231.5 billion');
  });

  test('a share that fell while its volume rose shows both', () => {
    const english = texts(draw(twoYears()));
    expect(english).toContain('37.0%');
    expect(english).toContain('×1.14');
  });

  test('the caption names period, sensors, rules and what was left out', () => {
    const caption = texts(draw(tenYears())).join(' ');
    expect(caption).toContain('January to November');
    expect(caption).toContain('sensor-6 and 8 more');
    expect(caption).toContain('at least 30 ports');
    expect(caption).toContain('2019 98.2%');
    expect(caption).toContain('port rules: 2020-1');
  });

  test('unknown dark addresses are said to be unknown', () => {
    expect(texts(draw(everyCategory('ja'), { lang: 'ja' })).filter((text) => text === '不明')).toHaveLength(4);
  });

  test('notes', () => {
    expect(noteText({ note: 'aboutHalf', category: 'windows/smb' }, 'en')).toBe('about half is file sharing');
    expect(noteText({ note: 'aboutHalf', category: 'windows/smb' }, 'ja')).toBe('約半数がファイル共有');
    const enters = { note: 'entersTop', category: 'rdp', top: 30, year: 2020 } as const;
    expect(noteText(enters, 'en')).toBe('RDP enters the top 30 in 2020');
    expect(noteText(enters, 'ja')).toBe('RDPが上位30ポートに登場(2020)');
    expect(noteText({ ...enters, note: 'leavesTop' }, 'en')).toBe('RDP leaves the top 30 in 2020');
  });

  test('counts', () => {
    expect([950, 20_500, 231_500_000_000].map((value) => count(value, 'en'))).toEqual([
      '950',
      '20.5 thousand',
      '231.5 billion',
    ]);
    expect([9_500, 1_821_722, 231_500_000_000].map((value) => count(value, 'ja'))).toEqual([
      '9,500',
      '182.2万',
      '2,315億',
    ]);
    expect([1.139, 12.64, 6400].map(multiple)).toEqual(['×1.14', '×12.6', '×6,400']);
  });
});

describe('as a file', () => {
  test('it is a whole document with a title and a description', () => {
    const svg = renderSvg((document) => yearlyChart(document, twoYears(), { lang: 'en', title: 'Ours & <theirs>' }));
    expect(svg).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<svg /);
    expect(svg).toContain('xmlns="http://www.w3.org/2000/svg"');
    expect(svg).toContain('role="img"');
    expect(svg).toContain('<title>Ours &amp; &lt;theirs&gt;</title>');
    expect(svg).toContain('2019: Attacks on IoT devices (web cameras, routers) 49%');
    expect(svg).not.toContain('style=');
    expect(svg).not.toContain('NaN');
  });

  test('the ministry’s chart, in both languages', async () => {
    await expect(renderSvg((document) => yearlyChart(document, twoYears(), { lang: 'en' }))).toMatchFileSnapshot(
      'snapshots/ministry-en.svg',
    );
    await expect(renderSvg((document) => yearlyChart(document, twoYears('ja'), { lang: 'ja' }))).toMatchFileSnapshot(
      'snapshots/ministry-ja.svg',
    );
  });
});
