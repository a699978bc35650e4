// Where everything of the bars' part goes: the scale, one row a year, its segments and their labels. Pure numbers, in
// pixels of the finished picture, so that tests can check that nothing overlaps.
import { type ScaleLinear, scaleLinear } from 'd3-scale';
import type { Lang, ReportGroup, ReportYear, YearlyReport } from '../report/shape.ts';
import { textWidth } from './measure.ts';
import { groupShortName } from './names.ts';
import { count, exactly, multiple, percent, wholePercent } from './numbers.ts';
import { spread } from './spread.ts';
import { WORDS } from './text.ts';

export interface Segment {
  group: string;
  x: number;
  width: number;
  label: string;
  labelX: number;
  /** Too narrow for its label, which then stands above the bar with a leader. */
  outside: boolean;
  /** The group's short name where it fits below the label, else empty. */
  name: string;
  /** Exact values, line by line, for who points at it. */
  tip: string[];
}

export interface Row {
  year: number;
  y: number;
  height: number;
  segments: Segment[];
  /** Height of the leaders from the labels above the bar down to it. */
  leader: number;
  end: number;
  /** Beside the bar's end: the volume, and its length in per cent unless that is the base's 100. */
  total: string;
  length: string;
}

export interface BarsLayout {
  scale: ScaleLinear<number, number>;
  top: number;
  bottom: number;
  rows: Row[];
}

export const SHARE_SIZE = 12;
export const NAME_SIZE = 10.5;
export const TOTAL_SIZE = 12.5;
export const YEAR_SIZE = 14;
const LABEL_GAP = 5;
const END_GAP = 8;
/** A label above the bar with its underline. */
const LABEL_HEIGHT = 17;
/** Leaders that run far aside need a taller lane to stay apart. */
const LEADER = 7;
const LONG_LEADER = 15;

export function layoutBars(report: YearlyReport, lang: Lang, width: number, top: number): BarsLayout {
  const height = report.years.length <= 3 ? 46 : report.years.length <= 6 ? 36 : 28;
  const totals = report.years.map((year) => yearTotal(year, report, lang));
  const scale = barScale(lang, width, totals);
  const rows = report.years.map((year, index) => layoutRow(year, scale, lang, height, totals[index]!));
  for (const row of rows) placeOutside(row, left(lang), width);
  const aside = Math.max(0, ...rows.flatMap((row) => row.segments.map(asideOf)));
  const leader = aside > 30 ? LONG_LEADER : LEADER;
  const lane = rows.some((row) => row.segments.some((segment) => segment.outside)) ? LABEL_HEIGHT + leader : 4;
  const gap = report.years.length <= 3 ? 14 : 8;
  for (const [index, row] of rows.entries()) {
    row.y = top + lane + 2 + index * (lane + height + gap);
    row.leader = leader;
  }
  return { scale, top, bottom: (rows.at(-1)?.y ?? top) + height + 8, rows };
}

export function left(lang: Lang): number {
  return Math.ceil(textWidth(WORDS[lang].year(2020), YEAR_SIZE)) + 12;
}

/** The narrowest chart whose small segments' labels still find room side by side above the bar. */
export function narrowestBars(report: YearlyReport, lang: Lang): number {
  const needs = report.years.map((year) =>
    year.groups.reduce((sum, group) => sum + textWidth(wholePercent(group.share), SHARE_SIZE) + LABEL_GAP, 0),
  );
  return left(lang) + Math.max(200, ...needs) + 8;
}

interface Total {
  packets: string;
  length: string;
  reach: number;
}

function yearTotal(year: ReportYear, report: YearlyReport, lang: Lang): Total {
  const reach = year.groups.reduce((sum, group) => sum + group.length, 0);
  const length = year.year === report.base || reach === 0 ? '' : wholePercent(reach);
  return { packets: count(year.packets, lang), length, reach };
}

/** From 0 to a round number no bar is longer than, drawn so wide that each bar still has room for its total. */
function barScale(lang: Lang, width: number, totals: Total[]): ScaleLinear<number, number> {
  const longest = Math.max(0, ...totals.map((total) => total.reach));
  const domain = scaleLinear().domain([0, longest || 100]);
  const [, maximum = 100] = domain.nice(8).domain();
  const start = left(lang);
  const room = totals.map((total) => {
    const text = Math.max(textWidth(total.packets, TOTAL_SIZE), textWidth(total.length, NAME_SIZE));
    return total.reach > 0 ? ((width - start - END_GAP - text) * maximum) / total.reach : Number.POSITIVE_INFINITY;
  });
  const axisLabel = textWidth(wholePercent(maximum), NAME_SIZE) / 2;
  const plot = Math.max(80, Math.min(width - start - axisLabel, ...room));
  return domain.range([start, start + plot]);
}

function layoutRow(
  year: ReportYear,
  scale: ScaleLinear<number, number>,
  lang: Lang,
  height: number,
  total: Total,
): Row {
  let sum = 0;
  const segments: Segment[] = [];
  for (const group of year.groups) {
    if (group.packets === 0) continue;
    const x = scale(sum);
    sum += group.length;
    const width = scale(sum) - x;
    const label = wholePercent(group.share);
    const short = groupShortName(group.group, lang);
    const fits = height >= 36 && textWidth(short, NAME_SIZE) + 8 <= width;
    const outside = textWidth(label, SHARE_SIZE) + 5 > width;
    const tip = segmentTip(year.year, group, lang);
    segments.push({
      group: group.group,
      x,
      width,
      label,
      labelX: x + width / 2,
      outside,
      name: fits ? short : '',
      tip,
    });
  }
  return {
    year: year.year,
    y: 0,
    height,
    leader: 0,
    segments,
    end: scale(sum),
    total: total.packets,
    length: total.length,
  };
}

function segmentTip(year: number, { group, packets, share, growth }: ReportGroup, lang: Lang): string[] {
  const counted = lang === 'ja' ? `${exactly(packets)}パケット` : `${exactly(packets)} packets`;
  const name = `${WORDS[lang].year(year)} ${groupShortName(group, lang)}`;
  return [name, counted, percent(share), ...(growth === null ? [] : [multiple(growth)])];
}

function asideOf(segment: Segment): number {
  return Math.abs(segment.labelX - (segment.x + segment.width / 2));
}

function placeOutside(row: Row, from: number, to: number): void {
  const outside = row.segments.filter((segment) => segment.outside);
  const wanted = outside.map((segment) => ({ at: segment.labelX, width: textWidth(segment.label, SHARE_SIZE) }));
  for (const [index, middle] of spread(wanted, LABEL_GAP, from, to).entries()) outside[index]!.labelX = middle;
}
