// Twelve months (or as many as there are) in the space of a word: bars from zero, the largest as high as the line.
import { select } from 'd3-selection';
import { exactly } from './numbers.ts';
import { round } from './svg.ts';

const SVG = 'http://www.w3.org/2000/svg';
const BAR = 6;
const GAP = 1;
const HEIGHT = 18;

/** @param label what it shows, for screen readers */
export function sparkline(document: Document, values: readonly number[], label: string, colour: string): SVGSVGElement {
  const node = document.createElementNS(SVG, 'svg') as SVGSVGElement;
  const width = values.length * (BAR + GAP) - GAP;
  const svg = select(node)
    .attr('class', 'sparkline')
    .attr('role', 'img')
    .attr('aria-label', `${label}: ${values.map(exactly).join(', ')}`)
    .attr('viewBox', `0 0 ${width} ${HEIGHT}`)
    .attr('width', width)
    .attr('height', HEIGHT);
  const largest = Math.max(1, ...values);
  for (const [index, value] of values.entries()) {
    const height = value > 0 ? Math.max(1, (HEIGHT * value) / largest) : 0;
    svg
      .append('rect')
      .attr('x', index * (BAR + GAP))
      .attr('y', round(HEIGHT - height))
      .attr('width', BAR)
      .attr('height', round(height))
      .attr('fill', colour);
  }
  return node;
}
