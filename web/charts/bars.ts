// Draws the bars: grid and axis, one stacked bar a year, thin lines that join the segments of neighbouring years, and
// each segment's share, inside it or above it at the end of a leader.
import { axisBottom } from 'd3-axis';
import type { ScaleLinear } from 'd3-scale';
import { type BarsLayout, NAME_SIZE, type Row, type Segment, SHARE_SIZE, TOTAL_SIZE, YEAR_SIZE } from './layout.ts';
import { textWidth } from './measure.ts';
import { GRID, INK, inkOn, PAPER, RULE, SOFT_INK } from './palette.ts';
import { drawBox, drawText, type Group, round } from './svg.ts';

const UNDERLINE = 2.5;

export interface BarsStyle {
  palette: Map<string, string>;
  yearLabel: (year: number) => string;
}

export function drawBars(parent: Group, layout: BarsLayout, style: BarsStyle): void {
  drawAxis(parent, layout.scale, layout.top, layout.bottom);
  for (const [index, row] of layout.rows.entries()) {
    const next = layout.rows[index + 1];
    if (next) drawConnectors(parent, row, next);
  }
  for (const row of layout.rows) {
    drawText(parent, 0, row.y + row.height / 2 + 5, style.yearLabel(row.year), { size: YEAR_SIZE });
    for (const segment of row.segments) drawSegment(parent, row, segment, style.palette.get(segment.group) ?? RULE);
    drawTotal(parent, row);
  }
}

function drawAxis(parent: Group, scale: ScaleLinear<number, number>, top: number, bottom: number): void {
  const axis = parent
    .append('g')
    .attr('class', 'axis')
    .attr('transform', `translate(0,${round(bottom)})`);
  const ticks = scale.range()[1]! - scale.range()[0]! < 360 ? 4 : 8;
  axis.call(
    axisBottom<number>(scale)
      .ticks(ticks)
      .tickSizeInner(top - bottom)
      .tickSizeOuter(0)
      .tickPadding(8)
      .offset(0)
      .tickFormat((value) => `${value}%`),
  );
  axis.attr('font-size', NAME_SIZE).attr('font-family', null);
  axis.selectAll('.domain').attr('stroke', RULE);
  axis.selectAll<SVGLineElement, number>('.tick line').attr('stroke', (value) => (value === 100 ? SOFT_INK : GRID));
  axis
    .selectAll<SVGLineElement, number>('.tick line')
    .filter((value) => value === 100)
    .attr('stroke-dasharray', '2 3');
  axis.selectAll('.tick text').attr('fill', SOFT_INK);
}

/** From the end of each segment to the end of the same group's segment in the next year. */
function drawConnectors(parent: Group, row: Row, next: Row): void {
  const ends = new Map(next.segments.map((segment) => [segment.group, segment.x + segment.width]));
  for (const segment of row.segments) {
    const end = ends.get(segment.group);
    if (end === undefined) continue;
    parent
      .append('line')
      .attr('class', 'connector')
      .attr('x1', round(segment.x + segment.width))
      .attr('y1', round(row.y + row.height))
      .attr('x2', round(end))
      .attr('y2', round(next.y))
      .attr('stroke', '#b7bcc3')
      .attr('stroke-width', 0.75);
  }
}

function drawSegment(parent: Group, row: Row, segment: Segment, colour: string): void {
  parent
    .append('rect')
    .attr('data-year', row.year)
    .attr('data-group', segment.group)
    .attr('data-tip', segment.tip.join('\n'))
    .attr('x', round(segment.x))
    .attr('y', round(row.y))
    .attr('width', round(segment.width))
    .attr('height', row.height)
    .attr('fill', colour)
    .attr('stroke', PAPER)
    .attr('stroke-width', Math.min(1, segment.width / 4));
  if (segment.outside) {
    drawOutside(parent, row, segment, colour);
    return;
  }
  const fill = inkOn(colour);
  const middle = row.y + row.height / 2;
  drawShare(parent, row, segment, middle + (segment.name ? -2 : 4.5), fill, 'share on-colour');
  if (segment.name) {
    drawText(parent, segment.labelX, middle + 12, segment.name, { size: NAME_SIZE, fill, anchor: 'middle' }).attr(
      'class',
      'on-colour',
    );
  }
}

function drawShare(parent: Group, row: Row, segment: Segment, y: number, fill: string, name = 'share'): void {
  drawText(parent, segment.labelX, y, segment.label, { size: SHARE_SIZE, fill, anchor: 'middle' })
    .attr('class', name)
    .attr('data-year', row.year)
    .attr('data-group', segment.group);
}

/** The share above the bar, underlined in its group's colour, on a white ground, and a leader down to its segment. */
function drawOutside(parent: Group, row: Row, segment: Segment, colour: string): void {
  const middle = segment.x + segment.width / 2;
  const width = textWidth(segment.label, SHARE_SIZE);
  const foot = row.y - row.leader;
  parent
    .append('path')
    .attr('class', 'leader')
    .attr('d', `M${round(segment.labelX)},${round(foot)}L${round(middle)},${round(row.y - 2)}V${round(row.y + 3)}`)
    .attr('fill', 'none')
    .attr('stroke', INK)
    .attr('stroke-width', 0.75);
  const left = segment.labelX - width / 2;
  drawBox(parent, left, foot - SHARE_SIZE - 4, width, SHARE_SIZE + 4, PAPER);
  drawBox(parent, left, foot - UNDERLINE, width, UNDERLINE, colour);
  drawShare(parent, row, segment, foot - UNDERLINE - 2, INK);
}

function drawTotal(parent: Group, row: Row): void {
  const middle = row.y + row.height / 2;
  const x = row.end + 8;
  const width = Math.max(textWidth(row.total, TOTAL_SIZE), textWidth(row.length, NAME_SIZE));
  drawBox(parent, x - 2, middle - 12, width + 2, 26, PAPER);
  drawText(parent, x, middle + (row.length ? -1 : 4.5), row.total, { size: TOTAL_SIZE });
  if (row.length) drawText(parent, x, middle + 12, row.length, { size: NAME_SIZE, fill: SOFT_INK });
}
