// The axis of time: nice ticks, each named by as much as is needed; a year's name stands where the year begins.
import { type ScaleTime, scaleUtc } from 'd3-scale';
import type { Lang } from '../report/shape.ts';
import { GRID, RULE, SOFT_INK } from './palette.ts';
import { drawRule, drawText, type Group, round } from './svg.ts';

export type TimeScale = ScaleTime<number, number>;

const SIZE = 10.5;
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

export function timeScale(start: number, end: number, from: number, to: number): TimeScale {
  return scaleUtc().domain([start, end]).range([from, to]);
}

/** When a bucket begins: days and months at midnight, as if they were UTC. */
export function bucketStart(bucket: string): number {
  return Date.parse(bucket.length === 10 ? `${bucket}T00:00:00Z` : bucket);
}

/** Of the bucket after the last. */
export function bucketsEnd(buckets: readonly string[]): number {
  const last = bucketStart(buckets.at(-1) ?? '1970-01-01');
  const before = bucketStart(buckets.at(-2) ?? '1969-12-31');
  const step = last - before;
  if (step < 27 * 86_400_000) return last + step;
  const date = new Date(last);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

export function drawTimeAxis(parent: Group, scale: TimeScale, top: number, bottom: number, lang: Lang): void {
  const [from = 0, to = 0] = scale.range();
  const axis = parent.append('g').attr('class', 'axis');
  drawRule(axis, from, to, bottom, RULE, 1);
  for (const tick of scale.ticks(Math.max(2, Math.floor((to - from) / 80)))) {
    const x = scale(tick);
    axis
      .append('line')
      .attr('x1', round(x))
      .attr('x2', round(x))
      .attr('y1', round(top))
      .attr('y2', round(bottom + 4))
      .attr('stroke', GRID);
    const anchor = x < from + 16 ? 'start' : x > to - 16 ? 'end' : 'middle';
    drawText(axis, x, bottom + 16, tickName(tick, lang), { size: SIZE, fill: SOFT_INK, anchor });
  }
}

function tickName(date: Date, lang: Lang): string {
  const [hour, minute, day, month, year] = [
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCDate(),
    date.getUTCMonth(),
    date.getUTCFullYear(),
  ];
  if (hour !== 0 || minute !== 0) return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  if (day !== 1) return lang === 'ja' ? `${month + 1}/${day}` : `${MONTHS[month]} ${day}`;
  if (month !== 0) return lang === 'ja' ? `${month + 1}月` : (MONTHS[month] as string);
  return lang === 'ja' ? `${year}年` : String(year);
}
