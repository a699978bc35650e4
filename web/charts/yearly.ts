// The year-on-year chart: one stacked bar a year, a table that is legend and figures in one, and a caption. A function
// from the report to one SVG node, for the page and the command line alike; all its styling is in attributes.
import { select } from 'd3-selection';
import type { Lang, YearlyReport } from '../report/shape.ts';
import { drawBars } from './bars.ts';
import { captionText, descriptionText } from './caption.ts';
import { layoutBars, narrowestBars } from './layout.ts';
import { wrapText } from './measure.ts';
import { PAPER, paletteOf, SOFT_INK } from './palette.ts';
import { drawLines, type Group } from './svg.ts';
import { drawTable, narrowestTable } from './table.ts';
import { FONTS, WORDS } from './text.ts';

export interface ChartOptions {
  lang: Lang;
  title?: string;
  /** In pixels; a chart that needs more room takes it. */
  width?: number;
}

const SVG = 'http://www.w3.org/2000/svg';
const DEFAULT_WIDTH = 720;
const MARGIN = 20;
const AXIS_HEIGHT = 36;

export function yearlyChart(document: Document, report: YearlyReport, options: ChartOptions): SVGSVGElement {
  const { lang } = options;
  const node = document.createElementNS(SVG, 'svg') as SVGSVGElement;
  const svg = select(node);
  const title = options.title ?? WORDS[lang].title(report.top);
  const needed = Math.max(narrowestBars(report, lang), narrowestTable(report)) + 2 * MARGIN;
  const width = Math.ceil(Math.max(options.width ?? DEFAULT_WIDTH, needed));
  svg.append('title').text(title);
  svg.append('desc').text(descriptionText(report, lang));
  const paper = svg.append('rect').attr('class', 'paper').attr('width', width).attr('fill', PAPER);
  const sheet = svg.append('g').attr('transform', `translate(${MARGIN},${MARGIN})`);
  const height = Math.ceil(drawSheet(sheet, report, title, { lang, width: width - 2 * MARGIN }) + 2 * MARGIN);
  paper.attr('height', height);
  svg
    .attr('xmlns', SVG)
    .attr('viewBox', `0 0 ${width} ${height}`)
    .attr('width', width)
    .attr('height', height)
    .attr('role', 'img')
    .attr('lang', lang)
    .attr('font-family', FONTS[lang]);
  return node;
}

/** Draws from top to bottom; returns the height it took. */
function drawSheet(sheet: Group, report: YearlyReport, title: string, at: { lang: Lang; width: number }): number {
  const { lang, width } = at;
  let y = drawLines(sheet, 0, 14, wrapText(title, 17, width), { size: 17 });
  const groups = [...new Set(report.years.flatMap((year) => year.groups.map((group) => group.group)))];
  if (report.years.length === 0) {
    return drawLines(sheet, 0, y + 4, [WORDS[lang].noYears], { size: 12, fill: SOFT_INK });
  }
  const lengths = WORDS[lang].lengths(report.base, report.normalise === 'perAddress');
  y = drawLines(sheet, 0, y, wrapText(lengths, 11, width), { size: 11, fill: SOFT_INK });
  const palette = paletteOf(groups);
  const bars = layoutBars(report, lang, width, y + 2);
  drawBars(sheet, bars, { palette, yearLabel: WORDS[lang].year });
  y = drawTable(sheet, report, bars.bottom + AXIS_HEIGHT, { lang, width, palette });
  const caption = wrapText(captionText(report, lang), 10, width);
  return drawLines(sheet, 0, y + 18, caption, { size: 10, fill: SOFT_INK }) - 12;
}
