// Coverage as a calendar: a row of weeks for each sensor and year, a cell a day, dark where the whole day was observed. A mark in a cell:
// frames were read that day that were not counted.
import type { Lang } from '../report/shape.ts';
import type { AccountDays, SensorDay } from '../report/shape-range.ts';
import { rangeCaption } from './explain.ts';
import { drawLegend } from './legend.ts';
import { coveragePercent, exactly } from './numbers.ts';
import { INK, SOFT_INK } from './palette.ts';
import { type ChartOptions, chartSheet, DEFAULT_WIDTH } from './sheet.ts';
import { drawText, type Group, round } from './svg.ts';

const DAY_MS = 86_400_000;
const WEEKS = 54;
const LEFT = 44;
const SIZE = 10.5;
const MISSING = '#e2ded6';
/** From nothing to everything, rising in darkness. */
const STEPS: { from: number; colour: string; en: string; ja: string }[] = [
  { from: 99.95, colour: '#0b3b6c', en: 'whole day', ja: '全日' },
  { from: 90, colour: '#3f7fb8', en: '90% and more', ja: '90%以上' },
  { from: 50, colour: '#8ab6dc', en: '50% and more', ja: '50%以上' },
  { from: 0.001, colour: '#cfe0ef', en: 'less', ja: '50%未満' },
];
const WORDS: Record<
  Lang,
  { title: string; subtitle: string; missing: string; mark: string; days: (n: number) => string }
> = {
  en: {
    title: 'What each sensor observed, day by day',
    subtitle: 'Share of the day observed; weeks run from Monday (top) to Sunday',
    missing: 'nothing',
    mark: '• frames not counted',
    days: (n) => `${exactly(n)} ${n === 1 ? 'day' : 'days'} with frames.`,
  },
  ja: {
    title: 'センサーごとの毎日の観測状況',
    subtitle: '1日のうち観測できた時間の割合。縦は月曜（上）から日曜',
    missing: '観測なし',
    mark: '• 集計外のフレームあり',
    days: (n) => `フレームのある日：${exactly(n)}日。`,
  },
};

export interface CalendarOptions extends ChartOptions {
  /** What a cell holds, line by line, for who points at it. */
  tip?: (day: SensorDay) => string[];
}

export function calendarChart(document: Document, report: AccountDays, options: CalendarOptions): SVGSVGElement {
  const { lang, width = DEFAULT_WIDTH } = options;
  const words = WORDS[lang];
  return chartSheet(document, {
    lang,
    width,
    title: options.title ?? words.title,
    subtitle: words.subtitle,
    description: words.days(report.sensorDays.length),
    caption: rangeCaption(report, {}, lang),
    draw: (sheet, room, y) => drawYears(sheet, report, options, room, y),
  });
}

function drawYears(sheet: Group, report: AccountDays, options: CalendarOptions, width: number, y: number): number {
  const { lang } = options;
  const words = WORDS[lang];
  const entries = STEPS.map(({ colour, ...step }) => ({ colour, name: step[lang] }));
  let next = drawLegend(sheet, [...entries, { name: words.missing, colour: MISSING }], width, y + 2);
  drawText(sheet, 0, next + 10, words.mark, { size: SIZE, fill: SOFT_INK });
  next += 22;
  const cell = Math.min(16, (width - LEFT) / WEEKS);
  const days = new Map(report.sensorDays.map((day) => [`${day.sensor} ${day.day}`, day]));
  for (const sensor of report.sensors) {
    drawText(sheet, 0, next + 12, sensor, { size: 12 });
    next += 20;
    for (let year = Number(report.from.slice(0, 4)); year <= Number(report.to.slice(0, 4)); year++) {
      drawText(sheet, 0, next + 4 * cell, String(year), { size: SIZE, fill: SOFT_INK });
      drawYear(sheet, { sensor, year, cell, y: next, report, days, options });
      next += 7 * cell + 10;
    }
  }
  return next - 8;
}

interface YearParts {
  sensor: string;
  year: number;
  cell: number;
  y: number;
  report: AccountDays;
  days: Map<string, SensorDay>;
  options: CalendarOptions;
}

function drawYear(sheet: Group, { sensor, year, cell, y, report, days, options }: YearParts): void {
  const start = Date.UTC(year, 0, 1);
  const firstWeekday = (new Date(start).getUTCDay() + 6) % 7;
  for (let at = start; at < Date.UTC(year + 1, 0, 1); at += DAY_MS) {
    const name = new Date(at).toISOString().slice(0, 10);
    if (name < report.from || name > report.to) continue;
    const place = (at - start) / DAY_MS + firstWeekday;
    const x = LEFT + Math.floor(place / 7) * cell;
    const top = y + (place % 7) * cell;
    const day = days.get(`${sensor} ${name}`);
    const box = sheet
      .append('rect')
      .attr('class', 'day')
      .attr('data-day', name)
      .attr('data-sensor', sensor)
      .attr('x', round(x))
      .attr('y', round(top))
      .attr('width', round(cell - 1))
      .attr('height', round(cell - 1))
      .attr('fill', STEPS.find(({ from }) => (day?.coverage ?? 0) >= from)?.colour ?? MISSING);
    const tip = day ? (options.tip?.(day) ?? plainTip(day)) : [`${sensor} ${name}`, WORDS[options.lang].missing];
    box.attr('data-tip', tip.join('\n'));
    if (day && day.frames > day.counted) drawMark(sheet, x + (cell - 1) / 2, top + (cell - 1) / 2, cell, day.coverage);
  }
}

function plainTip({ sensor, day, coverage }: SensorDay): string[] {
  return [`${sensor} ${day}`, coveragePercent(coverage)];
}

function drawMark(sheet: Group, x: number, y: number, cell: number, coverage: number): void {
  sheet
    .append('circle')
    .attr('class', 'on-colour')
    .attr('cx', round(x))
    .attr('cy', round(y))
    .attr('r', round(cell / 6))
    .attr('fill', coverage >= 90 ? '#ffffff' : INK)
    .attr('pointer-events', 'none');
}
