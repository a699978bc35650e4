// A chart on the page: as wide as there is room, with exact values for who points at it or walks through it with the arrow keys, and
// handed out as SVG, PNG, CSV and JSON.
import { select } from 'd3-selection';
import type { Lang } from '../report/shape.ts';
import type { Parent } from './controls.ts';
import { pngFile, save, svgFile } from './downloads.ts';
import { hideTip, pointAt } from './pointer.ts';
import { FRAME_WORDS } from './words/frame.ts';

export interface Picture {
  id?: string;
  /** Of the files, without an ending. */
  name: string;
  draw: (width: number) => SVGSVGElement;
  /** Drawn wider than this it would be hard to read; where there is more room it is enlarged. */
  widest?: number;
  /** Addresses of the same data. */
  csv?: string;
  json?: string;
  /** What a bucket of a chart over time holds. */
  tip?: (bucket: number) => string[];
  /** What a cell of a map holds, by column and row. */
  cellTip?: (x: number, y: number) => string[];
  /** Buckets that were dragged over, the first and the last. */
  zoom?: (from: number, to: number) => void;
}

const WIDEST = 1000;

/** Draws it again when what it shows has changed. */
export interface Shown {
  redraw: () => void;
}

export function showPicture(parent: Parent, picture: Picture, lang: Lang): Shown {
  const words = FRAME_WORDS[lang];
  const figure = parent.append('figure').attr('class', 'sheet');
  const holder = figure.append('div').attr('class', 'chart').attr('tabindex', 0).attr('role', 'region');
  if (picture.id) holder.attr('id', picture.id);
  const node = holder.node() as HTMLElement;
  let drawnFor = 0;
  const draw = () => {
    if (node.clientWidth === drawnFor || node.clientWidth === 0) return;
    drawnFor = node.clientWidth;
    hideTip();
    const svg = fitted(picture, drawnFor);
    holder.attr('aria-label', `${svg.querySelector('title')?.textContent ?? ''} (${words.scrollable})`);
    node.replaceChildren(svg);
  };
  draw();
  new ResizeObserver(() => requestAnimationFrame(draw)).observe(node);
  pointAt(node, picture);
  drawDownloads(figure as unknown as Parent, picture, node, lang);
  return {
    redraw: () => {
      drawnFor = 0;
      draw();
    },
  };
}

/** A chart of many years may be wider than a phone, and then scrolls. */
function fitted(picture: Picture, room: number): SVGSVGElement {
  const svg = picture.draw(Math.min(picture.widest ?? WIDEST, room));
  const [, , width = 1, height = 1] = (svg.getAttribute('viewBox') ?? '').split(' ').map(Number);
  const scale = Math.max(1, room / width);
  svg.setAttribute('width', String(width * scale));
  svg.setAttribute('height', String(height * scale));
  return svg;
}

function drawDownloads(figure: Parent, { name, csv, json }: Picture, holder: HTMLElement, lang: Lang): void {
  const caption = figure.append('figcaption').attr('class', 'downloads');
  caption.append('span').text(FRAME_WORDS[lang].download);
  const drawn = () => select(holder).select<SVGSVGElement>('svg').node() as SVGSVGElement;
  const button = (kind: string, action: () => unknown) =>
    caption
      .append('button')
      .attr('type', 'button')
      .attr('data-download', kind)
      .text(kind.toUpperCase())
      .on('click', action);
  button('svg', async () => save(await svgFile(drawn()), `${name}.svg`));
  button('png', async () => save(await pngFile(drawn()), `${name}.png`));
  if (csv) button('csv', () => save(csv, `${name}.csv`));
  if (json) button('json', () => save(json, `${name}.json`));
}
