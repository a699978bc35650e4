// The marks of a chart over time: stacked steps, lines, grey gaps, numbered notes.
import type { TrendReport, TrendSeries } from '../report/shape-range.ts';
import { drawHatch } from './hatch.ts';
import { INK, PAPER } from './palette.ts';
import { drawText, type Group, round } from './svg.ts';
import type { ValueScale } from './value-axis.ts';

export interface Plot {
  /** Where each bucket begins, and where the last one ends. */
  x: number[];
  y: ValueScale;
  top: number;
  bottom: number;
}

export const GAP = '#d4d7db';
export const PARTLY = '#eef0f2';
/** From this share on a bucket counts as wholly observed. */
export const WHOLE = 0.995;

/** Nothing observed: grey and hatched. Partly observed: pale. */
export function drawGaps(parent: Group, observed: readonly number[], { x, top, bottom }: Plot): void {
  for (const { from, to, level } of runsOf(observed.map((share) => (share === 0 ? 2 : share < WHOLE ? 1 : 0)))) {
    if (level === 0) continue;
    const left = x[from] ?? 0;
    const width = Math.max(1, (x[to] ?? 0) - left);
    parent
      .append('rect')
      .attr('class', level === 2 ? 'gap' : 'gap partly')
      .attr('x', round(left))
      .attr('y', round(top))
      .attr('width', round(width))
      .attr('height', round(bottom - top))
      .attr('fill', level === 2 ? GAP : PARTLY);
    if (level === 2) drawHatch(parent, left, top, width, bottom - top);
  }
}

function runsOf(levels: readonly number[]): { from: number; to: number; level: number }[] {
  const runs: { from: number; to: number; level: number }[] = [];
  for (const [index, level] of levels.entries()) {
    const last = runs.at(-1);
    if (last?.level === level) last.to = index + 1;
    else runs.push({ from: index, to: index + 1, level });
  }
  return runs;
}

/** The first series lies at the bottom. */
export function drawStack(parent: Group, series: readonly TrendSeries[], colours: readonly string[], plot: Plot): void {
  const base = new Array<number>(plot.x.length - 1).fill(0);
  for (const [index, { series: name, values, total }] of series.entries()) {
    const before = [...base];
    for (const [at, value] of values.entries()) base[at] = (base[at] ?? 0) + (value ?? 0);
    parent
      .append('path')
      .attr('class', 'band')
      .attr('data-series', name)
      .attr('data-total', total)
      .attr('d', stepsOf(values, before, base, plot))
      .attr('fill', colours[index] ?? INK);
  }
}

/** One closed outline for each stretch without a gap: along the tops, back along the bottoms. */
function stepsOf(
  values: readonly (number | null)[],
  lower: readonly number[],
  upper: readonly number[],
  { x, y }: Plot,
): string {
  const outlines = runsOf(values.map((value) => (value === null ? 1 : 0))).filter(({ level }) => level === 0);
  return outlines
    .map(({ from, to }) => {
      let path = `M${round(x[from] ?? 0)},${round(y(lower[from] ?? 0))}`;
      for (let at = from; at < to; at++) path += `V${round(y(upper[at] ?? 0))}H${round(x[at + 1] ?? 0)}`;
      for (let at = to - 1; at >= from; at--) path += `V${round(y(lower[at] ?? 0))}H${round(x[at] ?? 0)}`;
      return `${path}Z`;
    })
    .join('');
}

export interface LineStyle {
  name: string;
  colour: string;
  width: number;
  dash?: string;
}

/** Through the middles of the buckets, broken where nothing was observed. */
export function drawLine(parent: Group, values: readonly (number | null)[], { x, y }: Plot, style: LineStyle): void {
  let path = '';
  let drawing = false;
  for (const [at, value] of values.entries()) {
    if (value === null) {
      drawing = false;
      continue;
    }
    const middle = ((x[at] ?? 0) + (x[at + 1] ?? 0)) / 2;
    path += `${drawing ? 'L' : 'M'}${round(middle)},${round(y(value))}`;
    if (!drawing && values[at + 1] == null) path += 'h0.1';
    drawing = true;
  }
  const line = parent
    .append('path')
    .attr('class', 'line')
    .attr('data-series', style.name)
    .attr('d', path || null)
    .attr('fill', 'none')
    .attr('stroke', style.colour)
    .attr('stroke-width', style.width)
    .attr('stroke-linecap', 'round')
    .attr('stroke-linejoin', 'round');
  if (style.dash) line.attr('stroke-dasharray', style.dash);
}

const MARK = 7;

/** A number above the plot and a line down from it; the caption says what the number stands for. */
export function drawNotes(parent: Group, { notes }: TrendReport, plot: Plot, at: (day: string) => number): void {
  for (const [index, { day, text }] of notes.entries()) {
    const x = at(day);
    if (x < (plot.x[0] ?? 0) - 1 || x > (plot.x.at(-1) ?? 0) + 1) continue;
    const mark = parent.append('g').attr('class', 'note').attr('data-tip', `${day}\n${text}`);
    mark
      .append('line')
      .attr('x1', round(x))
      .attr('x2', round(x))
      .attr('y1', round(plot.top - 4))
      .attr('y2', round(plot.bottom))
      .attr('stroke', INK)
      .attr('stroke-dasharray', '1 3');
    mark
      .append('circle')
      .attr('cx', round(x))
      .attr('cy', round(plot.top - 8))
      .attr('r', MARK)
      .attr('fill', INK);
    drawText(mark, x, plot.top - 4.5, String(index + 1), { size: 10, fill: PAPER, anchor: 'middle' });
  }
}
