// Small pieces every part of the chart is drawn with: text at a place, several lines of it, a line.
import type { Selection } from 'd3-selection';
import { INK } from './palette.ts';

export type Group = Selection<SVGGElement, unknown, null, undefined>;

export interface TextStyle {
  size: number;
  fill?: string;
  anchor?: 'start' | 'middle' | 'end';
}

/** Text whose baseline is at `y`. */
export function drawText(parent: Group, x: number, y: number, content: string, style: TextStyle) {
  const text = parent
    .append('text')
    .attr('x', round(x))
    .attr('y', round(y))
    .attr('font-size', style.size)
    .attr('fill', style.fill ?? INK);
  if (style.anchor && style.anchor !== 'start') text.attr('text-anchor', style.anchor);
  return text.text(content);
}

/** Lines below each other, the first one's baseline at `y`; returns the baseline that a next line would have. */
export function drawLines(parent: Group, x: number, y: number, lines: string[], style: TextStyle): number {
  const step = lineHeight(style.size);
  for (const [index, line] of lines.entries()) drawText(parent, x, y + index * step, line, style);
  return y + lines.length * step;
}

export function lineHeight(size: number): number {
  return Math.round(size * 1.4);
}

export function drawRule(parent: Group, x1: number, x2: number, y: number, colour: string, width: number): void {
  parent
    .append('line')
    .attr('x1', round(x1))
    .attr('x2', round(x2))
    .attr('y1', round(y))
    .attr('y2', round(y))
    .attr('stroke', colour)
    .attr('stroke-width', width);
}

/** A rectangle without a meaning of its own: ground behind text, an underline, a legend's swatch. */
export function drawBox(parent: Group, x: number, y: number, width: number, height: number, fill: string): void {
  parent
    .append('rect')
    .attr('x', round(x))
    .attr('y', round(y))
    .attr('width', round(width))
    .attr('height', round(height))
    .attr('fill', fill);
}

/** Tenths of a pixel are enough, and keep the file small and the same everywhere. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
