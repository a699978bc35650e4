// Charts over time say what the report says: stacks add up, gaps are gaps, both languages.
import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { calendarChart } from '../../web/charts/calendar.ts';
import { renderSvg } from '../../web/charts/render.ts';
import { bucketStart, bucketsEnd } from '../../web/charts/time-axis.ts';
import { type TrendOptions, trendChart, trendTip } from '../../web/charts/trend.ts';
import { valueScale } from '../../web/charts/value-axis.ts';
import { bucketsOf, scaleFor, yearLater, yearsBefore } from '../../web/report/buckets.ts';
import type { TrendReport } from '../../web/report/shape-range.ts';
import { accountFortnight, fortnight } from './timeReports.ts';

function draw(report: TrendReport, options: TrendOptions = { lang: 'en' }): SVGSVGElement {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  return trendChart(document as unknown as Document, report, options);
}

const heights = (path: string) => [...path.matchAll(/V([\d.]+)/g)].map(([, y]) => Number(y));

test('the upper edge of the stack is the total, in the scale of the axis', () => {
  const svg = draw(fortnight());
  const bands = [...svg.querySelectorAll('.band')];
  expect(bands.map((band) => Number(band.getAttribute('data-total')))).toEqual(
    fortnight().series.map(({ total }) => total),
  );
  const plot = svg.querySelector('.plot');
  const [top, height] = ['y', 'height'].map((name) => Number(plot?.getAttribute(name)));
  const scale = valueScale(6_000 + 3 * 37 * 13, false, (top ?? 0) + (height ?? 0), top ?? 0, 'en');
  expect(heights(bands[2]?.getAttribute('d') ?? '')[0]).toBeCloseTo(scale(6_000), 0);
});

test('a gap breaks the stack and the lines', () => {
  const stacked = draw(fortnight());
  for (const band of stacked.querySelectorAll('.band')) expect(band.getAttribute('d')?.match(/Z/g)).toHaveLength(2);
  const lines = draw(fortnight({ measure: 'sources' }));
  for (const line of lines.querySelectorAll('.line')) expect(line.getAttribute('d')?.match(/M/g)).toHaveLength(2);
  expect(stacked.querySelectorAll('.gap')).toHaveLength(2);
  expect(trendTip(fortnight(), 4, 'en')).toEqual(['2020-03-05', 'not observed', 'Total one year earlier: 4,080']);
});

test('what is pointed at is told to the last packet', () => {
  expect(trendTip(fortnight(), 1, 'en')).toEqual([
    '2020-03-02',
    'IoT: telnet: 1,037',
    'Windows: file sharing (SMB): 2,037',
    'Ports without a category: 3,037',
    'Total: 6,111',
    'Total one year earlier: 4,020',
  ]);
  expect(trendTip(fortnight(), 5, 'ja').at(-1)).toBe('時間の50%を観測');
});

test('a logarithmic axis has powers of ten, and zero lies at its foot', () => {
  const scale = valueScale(12_000, true, 100, 0, 'en');
  expect(scale.ticks).toEqual([1, 10, 100, 1_000, 10_000]);
  expect(scale(0)).toBe(100);
  expect(scale(12_000)).toBe(0);
});

test('buckets end where the next would begin, months at the next month', () => {
  expect(bucketsEnd(['2020-01-01', '2020-02-01'])).toBe(bucketStart('2020-03-01'));
  expect(bucketsEnd(['2020-01-01', '2020-01-02'])).toBe(bucketStart('2020-01-03'));
});

test('the scale follows the span, and spans too long for a scale are refused', () => {
  expect(['2020-01-01', '2020-01-14', '2020-12-31', '2024-01-01'].map((to) => scaleFor('2020-01-01', to))).toEqual([
    'minute',
    'hour',
    'day',
    'month',
  ]);
  const scope = { sensors: [], from: '2020-01-01', to: '2020-12-31', timeZone: 'UTC' };
  expect(() => bucketsOf('minute', scope, { start: 0, end: 1 })).toThrow('at most 3 days at once, not 366');
});

test('a calendar day one year earlier and later', () => {
  expect(yearsBefore('2020-02-29')).toBe('2019-02-28');
  expect(yearsBefore('2020-03-01')).toBe('2019-03-01');
  expect(yearLater('2020-02-29')).toBeUndefined();
  expect(yearLater('2019-12-31T23:00:00Z')).toBe('2020-12-31T23:00:00Z');
});

test('the charts over time, in both languages', async () => {
  const trend = (options: TrendOptions, over: Partial<TrendReport> = {}) =>
    renderSvg((document) => trendChart(document, fortnight(over), options));
  await expect(trend({ lang: 'en' })).toMatchFileSnapshot('snapshots/trend-en.svg');
  await expect(trend({ lang: 'ja', width: 390 })).toMatchFileSnapshot('snapshots/trend-ja.svg');
  await expect(trend({ lang: 'en', log: true }, { measure: 'sources' })).toMatchFileSnapshot('snapshots/trend-log.svg');
  const calendar = renderSvg((document) => calendarChart(document, accountFortnight(), { lang: 'en' }));
  await expect(calendar).toMatchFileSnapshot('snapshots/calendar-en.svg');
});
