// Pointing at a chart: a mark's own text (data-tip), or the bucket of a chart over time under the pointer; arrow keys walk through the
// buckets; dragging over them zooms.
import type { Picture } from './picture.ts';

const SVG = 'http://www.w3.org/2000/svg';
/** Shorter drags are clicks. */
const DRAG_PIXELS = 6;

interface Plot {
  svg: SVGSVGElement;
  box: SVGRectElement;
  /** Where each bucket begins, and where the last one ends, in the chart's own units. */
  edges: number[];
  /** Pixels of the screen for each unit. */
  scale: number;
  left: number;
}

export function pointAt(holder: HTMLElement, picture: Picture): void {
  let bucket = -1;
  let dragFrom: number | undefined;
  const show = (plot: Plot, index: number, y: number) => {
    bucket = index;
    drawCursor(plot, index, index, 'cursor');
    const x = plot.left + middleOf(plot, index) * plot.scale;
    showTip(picture.tip?.(index) ?? [], x, y);
  };
  holder.addEventListener('pointermove', (event) => {
    const plot = plotOf(holder);
    const target = event.target as Element;
    const tip = target.closest('[data-tip]')?.getAttribute('data-tip');
    if (tip) showTip(tip.split('\n'), event.clientX, event.clientY);
    else if (target.matches('.grid') && picture.cellTip)
      showTip(picture.cellTip(...cellAt(target as SVGRectElement, event)), event.clientX, event.clientY);
    else if (plot && picture.tip && target === plot.box) {
      const index = bucketAt(plot, event.clientX);
      show(plot, index, event.clientY);
      if (dragFrom !== undefined) drawCursor(plot, Math.min(dragFrom, index), Math.max(dragFrom, index), 'brush');
    } else hideTip();
  });
  holder.addEventListener('pointerleave', () => {
    hideTip();
    removeCursors(holder);
    dragFrom = undefined;
  });
  holder.addEventListener('pointerdown', (event) => {
    const plot = plotOf(holder);
    if (!plot || !picture.zoom || event.target !== plot.box || event.button !== 0) return;
    dragFrom = bucketAt(plot, event.clientX);
    event.preventDefault();
  });
  holder.addEventListener('pointerup', (event) => {
    const plot = plotOf(holder);
    const from = dragFrom;
    dragFrom = undefined;
    if (!plot || from === undefined) return;
    const to = bucketAt(plot, event.clientX);
    const pixels = Math.abs(middleOf(plot, to) - middleOf(plot, from)) * plot.scale;
    removeCursors(holder);
    if (to !== from && pixels >= DRAG_PIXELS) picture.zoom?.(Math.min(from, to), Math.max(from, to));
  });
  holder.addEventListener('keydown', (event) => {
    const plot = plotOf(holder);
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
    if (event.key === 'Escape') hideTip();
    if (!plot || !picture.tip || step === undefined) return;
    event.preventDefault();
    const last = plot.edges.length - 2;
    const next = bucket < 0 ? (step > 0 ? 0 : last) : Math.max(0, Math.min(last, bucket + step));
    const { top } = plot.box.getBoundingClientRect();
    show(plot, next, top + 20);
  });
  holder.addEventListener('blur', hideTip);
}

function plotOf(holder: HTMLElement): Plot | undefined {
  const svg = holder.querySelector('svg');
  const box = svg?.querySelector<SVGRectElement>('.plot');
  if (!svg || !box) return undefined;
  const edges = (box.dataset.buckets ?? '').split(' ').map(Number);
  const { left, width } = box.getBoundingClientRect();
  const scale = width / Math.max(1, (edges.at(-1) ?? 0) - (edges[0] ?? 0));
  return { svg, box, edges, scale, left: left - (edges[0] ?? 0) * scale };
}

function bucketAt({ edges, scale, left }: Plot, clientX: number): number {
  const x = (clientX - left) / scale;
  const after = edges.findIndex((edge) => edge > x);
  return Math.max(0, Math.min(edges.length - 2, (after < 0 ? edges.length : after) - 1));
}

/** Column and row of a map's cell under the pointer. */
function cellAt(grid: SVGRectElement, { clientX, clientY }: PointerEvent): [x: number, y: number] {
  const { left, top, width, height } = grid.getBoundingClientRect();
  const side = 2 ** Number(grid.dataset.order);
  const at = (offset: number, size: number) => Math.max(0, Math.min(side - 1, Math.floor((side * offset) / size)));
  return [at(clientX - left, width), at(clientY - top, height)];
}

const middleOf = ({ edges }: Plot, index: number) => ((edges[index] ?? 0) + (edges[index + 1] ?? 0)) / 2;

/** A band over the buckets; it takes no part in pointing. */
function drawCursor({ box, edges }: Plot, from: number, to: number, name: string): void {
  const parent = box.parentNode as Element;
  const mark = parent.querySelector(`.${name}`) ?? parent.insertBefore(document.createElementNS(SVG, 'rect'), box);
  const x = edges[from] ?? 0;
  const attributes = {
    class: name,
    x,
    width: Math.max(1, (edges[to + 1] ?? x) - x),
    y: box.getAttribute('y'),
    height: box.getAttribute('height'),
    'pointer-events': 'none',
  };
  for (const [key, value] of Object.entries(attributes)) mark.setAttribute(key, String(value));
}

function removeCursors(holder: HTMLElement): void {
  for (const mark of holder.querySelectorAll('.cursor, .brush')) mark.remove();
}

function showTip(lines: string[], x: number, y: number): void {
  const tip = document.getElementById('tip') as HTMLElement;
  if (lines.length === 0) {
    hideTip();
    return;
  }
  tip.replaceChildren(
    ...lines.map((line) => {
      const row = document.createElement('div');
      row.textContent = line;
      return row;
    }),
  );
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  const left = x + 16 + width > innerWidth ? Math.max(4, x - width - 16) : x + 16;
  tip.style.left = `${left}px`;
  tip.style.top = `${Math.max(4, Math.min(innerHeight - height - 4, y + 16))}px`;
}

export function hideTip(): void {
  const tip = document.getElementById('tip');
  if (tip) tip.hidden = true;
}
