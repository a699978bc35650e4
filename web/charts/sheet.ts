// The paper every chart is drawn on: title, a line about the unit, the drawing, and a caption that explains the picture by itself.
// One SVG node, all styling in attributes, so that it prints the same everywhere.
import { select } from 'd3-selection';
import type { Lang } from '../report/shape.ts';
import { wrapText } from './measure.ts';
import { PAPER, SOFT_INK } from './palette.ts';
import { drawLines, type Group } from './svg.ts';
import { FONTS } from './text.ts';

/** What every chart takes. */
export interface ChartOptions {
  lang: Lang;
  title?: string;
  /** In pixels; a chart that needs more room takes it. */
  width?: number;
}

export interface SheetParts {
  lang: Lang;
  width: number;
  title: string;
  /** What is measured, below the title. */
  subtitle: string;
  /** For screen readers. */
  description: string;
  caption: string;
  /** Draws from `y` on within `width`; returns where it ended. */
  draw: (sheet: Group, width: number, y: number) => number;
}

const SVG = 'http://www.w3.org/2000/svg';
export const DEFAULT_WIDTH = 720;
export const MARGIN = 20;

export function chartSheet(document: Document, parts: SheetParts): SVGSVGElement {
  const { lang, width, title, subtitle, description, caption } = parts;
  const node = document.createElementNS(SVG, 'svg') as SVGSVGElement;
  const svg = select(node);
  svg.append('title').text(title);
  svg.append('desc').text(description);
  const paper = svg.append('rect').attr('class', 'paper').attr('width', width).attr('fill', PAPER);
  const sheet = svg.append('g').attr('transform', `translate(${MARGIN},${MARGIN})`);
  const room = width - 2 * MARGIN;
  let y = drawLines(sheet, 0, 14, wrapText(title, 17, room), { size: 17 });
  y = drawLines(sheet, 0, y, wrapText(subtitle, 11, room), { size: 11, fill: SOFT_INK });
  y = parts.draw(sheet, room, y);
  y = drawLines(sheet, 0, y + 18, wrapText(caption, 10, room), { size: 10, fill: SOFT_INK });
  const height = Math.ceil(y - 12 + 2 * MARGIN);
  paper.attr('height', height);
  svg
    .attr('xmlns', SVG)
    .attr('viewBox', `0 0 ${width} ${height}`)
    .attr('width', width)
    .attr('height', height)
    .attr('role', 'img')
    .attr('lang', lang)
    .attr('font-family', FONTS[lang]);
  return node;
}
