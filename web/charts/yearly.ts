// The year-on-year chart: one stacked bar a year, a table that is legend and figures in one, and a caption. A function
// from the report to one SVG node, for the page and the command line alike; all its styling is in attributes.
import type { Lang, YearlyReport } from '../report/shape.ts';
import { drawBars } from './bars.ts';
import { captionText, descriptionText } from './caption.ts';
import { layoutBars, narrowestBars } from './layout.ts';
import { paletteOf, SOFT_INK } from './palette.ts';
import { type ChartOptions, chartSheet, DEFAULT_WIDTH, MARGIN } from './sheet.ts';
import { drawLines, type Group } from './svg.ts';
import { drawTable, narrowestTable } from './table.ts';
import { WORDS } from './text.ts';

const AXIS_HEIGHT = 36;

export function yearlyChart(document: Document, report: YearlyReport, options: ChartOptions): SVGSVGElement {
  const { lang } = options;
  const needed = Math.max(narrowestBars(report, lang), narrowestTable(report)) + 2 * MARGIN;
  const empty = report.years.length === 0;
  return chartSheet(document, {
    lang,
    width: Math.ceil(Math.max(options.width ?? DEFAULT_WIDTH, needed)),
    title: options.title ?? WORDS[lang].title(report.top),
    subtitle: empty ? '' : WORDS[lang].lengths(report.base, report.normalise === 'perAddress'),
    description: descriptionText(report, lang),
    caption: empty ? '' : captionText(report, lang),
    draw: (sheet, width, y) => drawBarsAndTable(sheet, report, y, { lang, width }),
  });
}

/** Returns where it ended. */
function drawBarsAndTable(sheet: Group, report: YearlyReport, y: number, at: { lang: Lang; width: number }): number {
  const { lang, width } = at;
  if (report.years.length === 0) {
    return drawLines(sheet, 0, y + 4, [WORDS[lang].noYears], { size: 12, fill: SOFT_INK });
  }
  const groups = [...new Set(report.years.flatMap((year) => year.groups.map((group) => group.group)))];
  const palette = paletteOf(groups);
  const bars = layoutBars(report, lang, width, y + 2);
  drawBars(sheet, bars, { palette, yearLabel: WORDS[lang].year });
  return drawTable(sheet, report, bars.bottom + AXIS_HEIGHT, { lang, width, palette });
}
