// A legend in rows: a swatch or a piece of line, and the name.
import { drawHatch } from './hatch.ts';
import { textWidth } from './measure.ts';
import { drawBox, drawText, type Group, round } from './svg.ts';

export interface LegendEntry {
  name: string;
  colour: string;
  line?: boolean;
  dash?: string;
  hatched?: boolean;
}

const SIZE = 11;
const SWATCH = 11;
const LINE = 18;
const GAP = 16;
const ROW = 18;

/** Draws with the first row's top at `y`; returns where the rows end. */
export function drawLegend(parent: Group, entries: readonly LegendEntry[], width: number, y: number): number {
  const legend = parent.append('g').attr('class', 'legend');
  let x = 0;
  let row = y;
  for (const entry of entries) {
    const mark = entry.line ? LINE : SWATCH;
    const needs = mark + 5 + textWidth(entry.name, SIZE);
    if (x > 0 && x + needs > width) {
      x = 0;
      row += ROW;
    }
    if (entry.line) drawStroke(legend, x, row + 7, entry);
    else drawBox(legend, x, row + 2, SWATCH, SWATCH, entry.colour);
    if (entry.hatched) drawHatch(legend, x, row + 2, SWATCH, SWATCH, 4);
    drawText(legend, x + mark + 5, row + 11, entry.name, { size: SIZE });
    x += needs + GAP;
  }
  return entries.length > 0 ? row + ROW : y;
}

function drawStroke(parent: Group, x: number, y: number, { colour, dash }: LegendEntry): void {
  const line = parent
    .append('line')
    .attr('x1', round(x))
    .attr('x2', round(x + LINE))
    .attr('y1', round(y))
    .attr('y2', round(y))
    .attr('stroke', colour)
    .attr('stroke-width', 2);
  if (dash) line.attr('stroke-dasharray', dash);
}
