// Oblique lines over a box, so that "not observed" is not taken for one of the series that are grey too.
import { PAPER } from './palette.ts';
import { type Group, round } from './svg.ts';

const STEP = 8;

/** Lines fall to the right and end at the box's edges. */
export function drawHatch(parent: Group, left: number, top: number, width: number, height: number, step = STEP): void {
  let path = '';
  // In steps from zero on, so that boxes beside each other are hatched alike.
  for (let x = Math.ceil((left - height) / step) * step; x < left + width; x += step) {
    const from = Math.max(x, left);
    const to = Math.min(x + height, left + width);
    if (to > from) path += `M${round(from)},${round(top + from - x)}L${round(to)},${round(top + to - x)}`;
  }
  parent
    .append('path')
    .attr('class', 'hatch')
    .attr('d', path || null)
    .attr('stroke', PAPER)
    .attr('pointer-events', 'none');
}
