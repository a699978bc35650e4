// The axis of values: linear from zero, or logarithmic from one; its labels in the units of the language.
import { scaleLinear, scaleLog } from 'd3-scale';
import type { Lang } from '../report/shape.ts';
import { textWidth } from './measure.ts';
import { inUnit, unitFor } from './numbers.ts';
import { GRID, SOFT_INK } from './palette.ts';
import { drawText, type Group, round } from './svg.ts';

export interface ValueScale {
  (value: number): number;
  ticks: number[];
  labels: string[];
  /** Width of the widest label. */
  labelWidth: number;
}

const SIZE = 10.5;

/** From `bottom` up to `top`; on a logarithmic scale what is below one lies on the bottom line. */
export function valueScale(largest: number, log: boolean, bottom: number, top: number, lang: Lang): ValueScale {
  const made = log
    ? scaleLog()
        .domain([1, Math.max(10, largest)])
        .range([bottom, top])
        .clamp(true)
    : scaleLinear()
        .domain([0, largest || 1])
        .nice(5)
        .range([bottom, top]);
  const all = log ? made.ticks().filter(isPowerOfTen) : made.ticks(5);
  const ticks = all.filter(Number.isInteger);
  const unit = unitFor(Math.max(...ticks, 0), lang);
  const space = lang === 'en' && unit.name ? ' ' : '';
  const labels = ticks.map((tick) => {
    const own = log ? unitFor(tick, lang) : unit;
    const between = log && lang === 'en' && own.name ? ' ' : space;
    return tick === 0 ? '0' : `${inUnit(tick, own)}${between}${own.name}`;
  });
  const labelWidth = Math.max(0, ...labels.map((label) => textWidth(label, SIZE)));
  return Object.assign((value: number) => (log && value < 1 ? bottom : made(value)), { ticks, labels, labelWidth });
}

function isPowerOfTen(value: number): boolean {
  return Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9;
}

export function drawValueAxis(parent: Group, scale: ValueScale, from: number, to: number): void {
  const axis = parent.append('g').attr('class', 'axis');
  for (const [index, tick] of scale.ticks.entries()) {
    const y = scale(tick);
    axis
      .append('line')
      .attr('x1', round(from))
      .attr('x2', round(to))
      .attr('y1', round(y))
      .attr('y2', round(y))
      .attr('stroke', GRID);
    drawText(axis, from - 6, y + 3.5, scale.labels[index] ?? '', { size: SIZE, fill: SOFT_INK, anchor: 'end' });
  }
}
