// Packets or sources over time. Packets on a linear scale are stacked, so that the top edge is the total; sources overlap and logarithms
// do not add, so these are lines. What was not observed is grey, never zero.
import type { Lang } from '../report/shape.ts';
import type { TrendReport } from '../report/shape-range.ts';
import { type Filters, rangeCaption } from './explain.ts';
import { drawLegend, type LegendEntry } from './legend.ts';
import { exactly } from './numbers.ts';
import { INK, SOFT_INK } from './palette.ts';
import { lineColour, seriesColours, seriesName } from './series.ts';
import { type ChartOptions, chartSheet, DEFAULT_WIDTH } from './sheet.ts';
import { drawText, type Group, round } from './svg.ts';
import { bucketStart, bucketsEnd, drawTimeAxis, timeScale } from './time-axis.ts';
import { drawGaps, drawLine, drawNotes, drawStack, GAP, PARTLY, type Plot, WHOLE } from './trend-marks.ts';
import { TREND_WORDS, trendTitle } from './trend-words.ts';
import { drawValueAxis, valueScale } from './value-axis.ts';

export interface TrendOptions extends ChartOptions {
  log?: boolean;
  /** Of the part between the axes. */
  plotHeight?: number;
}

export function trendChart(document: Document, report: TrendReport, options: TrendOptions): SVGSVGElement {
  const { lang, width = DEFAULT_WIDTH } = options;
  const words = TREND_WORDS[lang];
  const more = [...(report.port ? [report.port] : []), ...(report.category ? [report.category] : [])];
  const noted = report.notes.map(({ day, text }, index) => `[${index + 1}] ${day} ${text}`);
  const caption = [rangeCaption(report, filtersOf(report, more), lang), ...noted].join(lang === 'ja' ? '　' : ' ');
  return chartSheet(document, {
    lang,
    width,
    title: options.title ?? trendTitle(report, lang),
    subtitle: words.subtitle(report, isStacked(report, options)),
    description: describe(report, lang),
    caption,
    draw: (sheet, room, y) => drawTrend(sheet, report, options, room, y),
  });
}

/** Only scans are of survey scanners or not. */
function filtersOf({ kind, survey }: TrendReport, more: string[]): Filters {
  return kind === 'backscatter' || kind === 'other' ? { kind, more } : { kind, survey, more };
}

function isStacked(report: TrendReport, { log = false }: TrendOptions): boolean {
  return report.measure === 'packets' && !log;
}

function drawTrend(sheet: Group, report: TrendReport, options: TrendOptions, width: number, y: number): number {
  const { lang, log = false, plotHeight = width < 500 ? 220 : 300 } = options;
  const names = report.series.map(({ series }) => series);
  const colours = seriesColours(names, report.by);
  const top = drawLegend(sheet, legendOf(report, colours, options), width, y + 2) + 18;
  const bottom = top + plotHeight;
  if (report.series.length === 0) drawText(sheet, 0, top, TREND_WORDS[lang].nothing, { size: 12, fill: SOFT_INK });
  const largest = Math.max(
    0,
    ...report.all.map((value) => value ?? 0),
    ...(report.yearBefore ?? []).map((value) => value ?? 0),
  );
  const values = valueScale(largest, log, bottom, top, lang);
  const left = Math.ceil(values.labelWidth) + 10;
  const starts = report.buckets.map(bucketStart);
  const end = bucketsEnd(report.buckets);
  const time = timeScale(starts[0] ?? 0, end, left, width - 4);
  const plot: Plot = { x: [...starts, end].map((at) => time(at)), y: values, top, bottom };
  drawGaps(sheet, report.observed, plot);
  drawTimeAxis(sheet, time, top, bottom, lang);
  drawValueAxis(sheet, values, left, width - 4);
  if (isStacked(report, options)) drawStack(sheet, report.series, colours, plot);
  if (report.yearBefore)
    drawLine(sheet, report.yearBefore, plot, { name: 'yearBefore', colour: SOFT_INK, width: 1, dash: '3 2' });
  if (!isStacked(report, options)) {
    if (report.series.length > 1) drawLine(sheet, report.all, plot, { name: 'all', colour: INK, width: 1.75 });
    for (const [index, { series, values: line }] of [...report.series.entries()].reverse()) {
      drawLine(sheet, line, plot, { name: series, colour: lineColour(colours[index] ?? INK), width: 1.25 });
    }
  }
  drawNotes(sheet, report, plot, (day) => time(bucketStart(day)));
  drawHits(sheet, plot);
  return bottom + 22;
}

/** Invisible, over everything: where the page finds which bucket the reader points at. */
function drawHits(sheet: Group, { x, top, bottom }: Plot): void {
  sheet
    .append('rect')
    .attr('class', 'plot')
    .attr('data-buckets', x.map(round).join(' '))
    .attr('x', round(x[0] ?? 0))
    .attr('y', round(top))
    .attr('width', round((x.at(-1) ?? 0) - (x[0] ?? 0)))
    .attr('height', round(bottom - top))
    .attr('fill', 'none')
    .attr('pointer-events', 'all');
}

function legendOf(report: TrendReport, colours: readonly string[], options: TrendOptions): LegendEntry[] {
  const { lang } = options;
  const words = TREND_WORDS[lang];
  const stacked = isStacked(report, options);
  const entries: LegendEntry[] = report.series.map(({ series }, index) => {
    const colour = colours[index] ?? INK;
    return { name: seriesName(series, report.by, lang), colour: stacked ? colour : lineColour(colour), line: !stacked };
  });
  if (!stacked && report.series.length > 1) entries.push({ name: words.all, colour: INK, line: true });
  if (report.yearBefore) entries.push({ name: words.yearBefore, colour: SOFT_INK, line: true, dash: '3 2' });
  if (report.observed.includes(0)) entries.push({ name: words.gap, colour: GAP, hatched: true });
  if (report.observed.some((share) => share > 0 && share < WHOLE))
    entries.push({ name: words.partlyName, colour: PARTLY });
  return entries;
}

function describe(report: TrendReport, lang: Lang): string {
  const words = TREND_WORDS[lang];
  const totals = report.series.map(({ series, total }) => `${seriesName(series, report.by, lang)} ${exactly(total)}`);
  const sums = report.measure === 'packets' ? totals.join(lang === 'ja' ? '、' : ', ') : '';
  return [words.described(report), sums].filter(Boolean).join(' ');
}

/** What one bucket holds, line by line: for who points at it. */
export function trendTip(report: TrendReport, index: number, lang: Lang): string[] {
  const words = TREND_WORDS[lang];
  const print = (value: number | null | undefined) => (value == null ? words.gap : exactly(value));
  const when = (report.buckets[index] ?? '').replace('T', ' ').replace(':00Z', ' UTC');
  const lines = report.series
    .filter(({ values }) => values[index] !== 0)
    .map(({ series, values }) => `${seriesName(series, report.by, lang)}: ${print(values[index])}`);
  const observed = report.observed[index] ?? 1;
  return [
    report.scale === 'month' ? when.slice(0, 7) : when,
    ...(observed === 0 ? [words.gap] : lines),
    ...(observed > 0 && report.series.length > 1 ? [`${words.all}: ${print(report.all[index])}`] : []),
    ...(report.yearBefore ? [`${words.yearBefore}: ${print(report.yearBefore[index])}`] : []),
    ...(observed > 0 && observed < 1 ? [words.partly(observed)] : []),
  ];
}
