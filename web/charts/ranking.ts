// Bars from zero, one a row, the longest first, each with its exact value: sources, ports, tools.
import type { Lang } from '../report/shape.ts';
import type { RangeFacts } from '../report/shape-range.ts';
import { type Filters, rangeCaption } from './explain.ts';
import { textWidth } from './measure.ts';
import { exactly } from './numbers.ts';
import { SOFT_INK } from './palette.ts';
import { type ChartOptions, chartSheet, DEFAULT_WIDTH } from './sheet.ts';
import { drawBox, drawText, type Group, round } from './svg.ts';

export interface RankedRow {
  name: string;
  value: number;
  colour: string;
  /** More to tell of it, line by line. */
  tip?: string[];
}

export interface Ranking {
  title: string;
  subtitle: string;
  rows: RankedRow[];
  facts: RangeFacts;
  filters: Filters;
  /** What is said where there is no row. */
  nothing: string;
}

const SIZE = 12;
const ROW = 24;
const BAR = 15;

export function rankingChart(document: Document, ranking: Ranking, options: ChartOptions): SVGSVGElement {
  const { lang, width = DEFAULT_WIDTH } = options;
  const { title, subtitle, rows, facts, filters } = ranking;
  return chartSheet(document, {
    lang,
    width,
    title: options.title ?? title,
    subtitle,
    description: rows.map(({ name, value }) => `${name} ${exactly(value)}`).join(lang === 'ja' ? '、' : ', '),
    caption: rangeCaption(facts, filters, lang),
    draw: (sheet, room, y) => drawRows(sheet, ranking, lang, room, y),
  });
}

function drawRows(sheet: Group, { rows, nothing }: Ranking, _lang: Lang, width: number, y: number): number {
  if (rows.length === 0) {
    drawText(sheet, 0, y + 16, nothing, { size: SIZE, fill: SOFT_INK });
    return y + 20;
  }
  const names = Math.min(width * 0.55, Math.max(...rows.map(({ name }) => textWidth(name, SIZE))) + 12);
  const values = Math.max(...rows.map(({ value }) => textWidth(exactly(value), SIZE))) + 8;
  const largest = Math.max(...rows.map(({ value }) => value), 1);
  const room = Math.max(20, width - names - values);
  for (const [index, { name, value, colour, tip }] of rows.entries()) {
    const top = y + 4 + index * ROW;
    const row = sheet.append('g').attr('class', 'ranked').attr('data-name', name).attr('data-value', value);
    if (tip) row.attr('data-tip', tip.join('\n'));
    drawText(row, 0, top + 14, name, { size: SIZE });
    const length = (room * value) / largest;
    drawBox(row, names, top + 2, Math.max(1, length), BAR, colour);
    drawText(row, round(names + Math.max(1, length) + 6), top + 14, exactly(value), { size: SIZE });
  }
  return y + 4 + rows.length * ROW;
}
