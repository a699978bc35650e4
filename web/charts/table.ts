// The table below the bars: legend, notes, and per year each group's share and growth, then the year's other figures.
import type { Lang, ReportGroup, ReportYear, YearlyReport } from '../report/shape.ts';
import { textWidth, wrapText } from './measure.ts';
import { groupName } from './names.ts';
import { coveragePercent, inOneUnit, multiple, percent, seconds, unitFor } from './numbers.ts';
import { INK, RULE, SOFT_INK } from './palette.ts';
import { drawBox, drawLines, drawRule, drawText, type Group, lineHeight } from './svg.ts';
import { WORDS } from './text.ts';

const SIZE = 12;
const SMALL = 10.5;
const SWATCH = 11;
const INDENT = 20;
const NARROWEST_NAMES = 190;
const NARROWEST_COLUMN = 52;
const WIDEST_COLUMN = 72;
/** A year's column that has the growth beside the share; used while the names keep their room. */
const DOUBLE_COLUMN = 106;
const GROWTH_COLUMN = 44;
const NAMES_BESIDE_DOUBLE = 280;

export interface TableFrame {
  lang: Lang;
  width: number;
  palette: Map<string, string>;
}

interface Columns {
  names: number;
  /** Right edges of the years' columns. */
  right: number[];
  width: number;
  /** Growth stands beside the share, in a column of its own, instead of below it. */
  beside: boolean;
}

export function narrowestTable(report: YearlyReport): number {
  return NARROWEST_NAMES + report.years.length * NARROWEST_COLUMN;
}

/** Draws the table with its top at `y`; returns where it ends. */
export function drawTable(parent: Group, report: YearlyReport, y: number, frame: TableFrame): number {
  const columns = columnsFor(report.years.length, frame.width);
  let next = drawHead(parent, report, y, frame, columns);
  const groups = report.years.at(-1)?.groups.map((group) => group.group) ?? [];
  for (const group of groups) next = drawGroup(parent, report, group, next, frame, columns);
  drawRule(parent, 0, frame.width, next + 2, RULE, 0.75);
  next += 6;
  for (const row of figureRows(report, frame.lang)) next = drawFigures(parent, row, next, columns);
  drawRule(parent, 0, frame.width, next + 5, INK, 1);
  return next + 5;
}

function columnsFor(years: number, width: number): Columns {
  const beside = years > 1 && NAMES_BESIDE_DOUBLE + years * DOUBLE_COLUMN <= width;
  const column = beside ? DOUBLE_COLUMN : Math.min(WIDEST_COLUMN, (width - NARROWEST_NAMES) / Math.max(1, years));
  const names = width - years * column;
  const aside = beside ? GROWTH_COLUMN : 0;
  const right = Array.from({ length: years }, (_, index) => names + (index + 1) * column - aside);
  return { names, right, width: column - aside, beside };
}

function drawHead(parent: Group, report: YearlyReport, y: number, frame: TableFrame, columns: Columns): number {
  const words = WORDS[frame.lang];
  drawRule(parent, 0, frame.width, y, INK, 1);
  const head = report.years.length > 1 ? [words.groups, words.growth] : [words.groups];
  const separator = frame.lang === 'ja' ? '　' : '; ';
  const lines = wrapText(head.join(separator), SMALL, columns.names - 12);
  const end = drawLines(parent, 0, y + 16, lines, { size: SMALL, fill: SOFT_INK });
  const baseline = end - lineHeight(SMALL);
  for (const [index, year] of report.years.entries()) {
    drawText(parent, columns.right[index]!, baseline, words.year(year.year), { size: SIZE, anchor: 'end' });
  }
  drawRule(parent, 0, frame.width, baseline + 7, RULE, 0.75);
  return baseline + 9;
}

/** One group: its colour, name and notes, and per year its share and its volume against the year before. */
function drawGroup(
  parent: Group,
  report: YearlyReport,
  group: string,
  y: number,
  frame: TableFrame,
  columns: Columns,
): number {
  const cells = report.years.map((year) => year.groups.find((candidate) => candidate.group === group));
  const baseline = y + 15;
  drawBox(parent, 0, baseline - SWATCH + 1, SWATCH, SWATCH, frame.palette.get(group) ?? RULE);
  const room = columns.names - INDENT - 8;
  const name = wrapText(groupName(group, frame.lang, report.top), SIZE, room);
  let end = drawLines(parent, INDENT, baseline, name, { size: SIZE });
  for (const note of new Set(cells.flatMap((cell) => cell?.notes ?? []))) {
    const lines = wrapText(frame.lang === 'ja' ? `※${note}` : note, SMALL, room);
    end = drawLines(parent, INDENT, end - 1, lines, { size: SMALL, fill: SOFT_INK });
  }
  for (const [index, cell] of cells.entries()) drawCell(parent, cell, columns.right[index]!, baseline, columns.beside);
  const below = !columns.beside && cells.some((cell) => cell?.growth != null);
  return Math.max(end - lineHeight(SIZE), baseline + (below ? 15 : 0)) + 6;
}

function drawCell(parent: Group, cell: ReportGroup | undefined, x: number, y: number, beside: boolean): void {
  drawText(parent, x, y, cell ? percent(cell.share) : '–', { size: SIZE, anchor: 'end' });
  if (cell?.growth == null) return;
  const style = { size: SMALL, fill: SOFT_INK, anchor: 'end' } as const;
  drawText(parent, beside ? x + GROWTH_COLUMN : x, beside ? y : y + 15, multiple(cell.growth), style).attr(
    'class',
    'growth',
  );
}

interface FigureRow {
  label: string;
  values: string[];
}

function figureRows(report: YearlyReport, lang: Lang): FigureRow[] {
  const words = WORDS[lang];
  const withUnit = (label: string, values: (number | null)[]): FigureRow => {
    const numbers = values.map((value) => value ?? 0);
    const unit = unitFor(Math.max(...numbers), lang);
    const printed = inOneUnit(numbers, unit);
    return {
      label: label + (unit.name ? words.unit(unit.name) : ''),
      values: values.map((value, index) => (value === null ? words.notKnown : printed[index]!)),
    };
  };
  const each = (label: string, value: (year: ReportYear) => string) => ({ label, values: report.years.map(value) });
  return [
    withUnit(
      words.packets[report.survey],
      report.years.map((year) => year.packets),
    ),
    withUnit(
      words.perAddress,
      report.years.map((year) => year.perAddress),
    ),
    each(words.secondsPerPacket, ({ secondsPerPacket }) =>
      secondsPerPacket === null ? words.notKnown : seconds(secondsPerPacket, lang),
    ),
    each(words.surveyShare[report.survey], (year) => percent(surveyShare(year))),
    each(words.coverage, (year) => coveragePercent(year.coverage)),
  ];
}

/** Per cent of everything counted, as NICT's yearly announcements give it. */
export function surveyShare(year: ReportYear): number {
  return year.allPackets === 0 ? 0 : (100 * year.surveyPackets) / year.allPackets;
}

function drawFigures(parent: Group, row: FigureRow, y: number, columns: Columns): number {
  const baseline = y + 14;
  const end = drawLines(parent, 0, baseline, wrapText(row.label, SMALL + 0.5, columns.names - 8), {
    size: SMALL + 0.5,
    fill: SOFT_INK,
  });
  for (const [index, value] of row.values.entries()) {
    const size = textWidth(value, SIZE) > columns.width - 4 ? SMALL : SIZE;
    drawText(parent, columns.right[index]!, baseline, value, { size, anchor: 'end' });
  }
  return end - lineHeight(SMALL) + 4;
}
