// Addresses along a Hilbert curve: neighbours in number are neighbours in the picture, and every prefix is a square or half of one.
import type { Lang } from '../report/shape.ts';
import type { MapReport } from '../report/shape-range.ts';
import { rangeCaption } from './explain.ts';
import { cellOf, placeOf } from './hilbert-curve.ts';
import { drawLegend } from './legend.ts';
import { exactly, percent } from './numbers.ts';
import { INK, PAPER } from './palette.ts';
import { type ChartOptions, chartSheet, DEFAULT_WIDTH } from './sheet.ts';
import { drawBox, drawText, type Group, round } from './svg.ts';

export interface MapOptions extends ChartOptions {
  /** One of the frames instead of the whole span. */
  frame?: number;
}

/** Pale to dark; each step is a range of the logarithm. */
const STEPS = ['#dbe8f4', '#b9d3ea', '#8ab6dc', '#5a96c8', '#3f7fb8', '#1f5a96', '#0b3b6c'];
const SILENT = '#f3e3df';
const OUTSIDE = '#f0efea';
/** A label of a /8 needs this much room. */
const LABELLED = 24;

const WORDS: Record<
  Lang,
  {
    titles: Record<MapReport['of'], string>;
    subtitle: (report: MapReport) => string;
    silent: string;
    told: (cells: number) => string;
  }
> = {
  en: {
    titles: {
      sources: 'Where packets come from: the IPv4 Internet',
      dark: 'Where packets arrive: the monitored addresses',
    },
    subtitle: ({ of, measure, bits }) =>
      `${measure === 'packets' ? 'Packets' : 'Distinct sources'} by ${of === 'dark' ? (bits === 32 ? 'address' : '/24') : `/${bits}`}, along a Hilbert curve; steps are logarithmic`,
    silent: 'monitored, nothing heard',
    told: (cells) => `${exactly(cells)} cells with packets.`,
  },
  ja: {
    titles: { sources: 'パケットの送信元：IPv4インターネット', dark: 'パケットの宛先：監視アドレス' },
    subtitle: ({ of, measure, bits }) =>
      `${of === 'dark' ? (bits === 32 ? 'アドレス' : '/24') : `/${bits}`}ごとの${measure === 'packets' ? 'パケット数' : '送信元の数'}（ヒルベルト曲線、対数の段階）`,
    silent: '監視中で受信なし',
    told: (cells) => `パケットのある区画：${exactly(cells)}。`,
  },
};

export function hilbertChart(document: Document, report: MapReport, options: MapOptions): SVGSVGElement {
  const { lang, width = DEFAULT_WIDTH } = options;
  const words = WORDS[lang];
  const frame = options.frame === undefined ? undefined : report.frames[options.frame];
  const cells = frame?.cells ?? report.cells;
  return chartSheet(document, {
    lang,
    width,
    title:
      options.title ??
      `${words.titles[report.of]}${frame ? ` – ${frame.at.replace('T', ' ').replace(':00Z', ' UTC')}` : ''}`,
    subtitle: words.subtitle(report),
    description: words.told(cells.length),
    caption: rangeCaption(report, { kind: report.kind }, lang),
    draw: (sheet, room, y) => drawMap(sheet, report, cells, lang, Math.min(room, 720), y),
  });
}

/** The largest value of any frame, or of the span: so that colours mean the same in every frame. */
function largestOf({ cells, frames }: MapReport, shown: [number, number][]): number {
  const of = shown === cells ? cells : frames.flatMap((frame) => frame.cells);
  return of.reduce((most, [, value]) => Math.max(most, value), 1);
}

function drawMap(
  sheet: Group,
  report: MapReport,
  cells: [number, number][],
  lang: Lang,
  size: number,
  y: number,
): number {
  const largest = largestOf(report, cells);
  const silent = report.monitored !== null;
  const entries = legendOf(largest).map(({ colour, name }) => ({ colour, name }));
  const top =
    drawLegend(sheet, [...entries, ...(silent ? [{ colour: SILENT, name: WORDS[lang].silent }] : [])], size, y + 2) + 6;
  const side = 2 ** report.order;
  const cell = size / side;
  drawBox(sheet, 0, top, size, size, OUTSIDE);
  const values = new Map(cells);
  const paths = new Map<string, string>();
  const add = (index: number, colour: string) => {
    const [x, row] = placeOf(index, report.order);
    const gap = cell >= 4 ? 0.5 : 0;
    const span = round(cell - gap);
    paths.set(
      colour,
      `${paths.get(colour) ?? ''}M${round(x * cell)},${round(top + row * cell)}h${span}v${span}h${-span}z`,
    );
  };
  for (let index = 0; index < (report.monitored ?? 0); index++) if (!values.has(index)) add(index, SILENT);
  for (const [index, value] of cells) add(index, colourOf(value, largest));
  for (const [colour, path] of paths) sheet.append('path').attr('class', 'cells').attr('d', path).attr('fill', colour);
  if (report.of === 'sources') drawNames(sheet, report, size, top, values, largest);
  sheet
    .append('rect')
    .attr('class', 'grid')
    .attr('data-order', report.order)
    .attr('x', 0)
    .attr('y', round(top))
    .attr('width', size)
    .attr('height', size)
    .attr('fill', 'none')
    .attr('pointer-events', 'all');
  return top + size;
}

/** The first number of every /8, and lines between them where cells are smaller. */
function drawNames(
  sheet: Group,
  report: MapReport,
  size: number,
  top: number,
  values: Map<number, number>,
  largest: number,
): void {
  const block = size / 16;
  if (block < LABELLED) return;
  for (let first = 0; first < 256; first++) {
    const [x, row] = placeOf(first, 4);
    const dark = report.bits === 8 && stepOf(values.get(first) ?? 0, largest) >= 4;
    drawText(sheet, x * block + 3, top + row * block + 11, String(first), {
      size: 9,
      fill: dark ? PAPER : INK,
    }).attr('class', dark ? 'on-colour' : 'on-pale');
  }
}

function stepOf(value: number, largest: number): number {
  if (value <= 0) return -1;
  const share = largest <= 1 ? 1 : Math.log(value) / Math.log(largest);
  return Math.min(STEPS.length - 1, Math.floor(share * STEPS.length));
}

function colourOf(value: number, largest: number): string {
  return STEPS[stepOf(value, largest)] ?? OUTSIDE;
}

/** Where each step begins; steps without a whole number of their own are left out. */
function legendOf(largest: number): { colour: string; name: string }[] {
  const starts = STEPS.map((colour, step) => ({
    colour,
    from: Math.max(1, Math.ceil(largest ** (step / STEPS.length) - 1e-9)),
  }));
  const used = starts.filter(({ colour, from }) => colourOf(from, largest) === colour && from <= largest);
  return used.map(({ colour, from }, index) => {
    const to = (used[index + 1]?.from ?? largest + 1) - 1;
    return { colour, name: from >= to ? exactly(from) : `${exactly(from)}–${exactly(to)}` };
  });
}

/** What a cell is, line by line, for who points at it. */
export function mapTip(report: MapReport, x: number, y: number, lang: Lang, frame?: number): string[] {
  const index = cellOf(x, y, report.order);
  if (report.monitored !== null && index >= report.monitored) return [];
  const cells = (frame === undefined ? undefined : report.frames[frame]?.cells) ?? report.cells;
  const value = cells.find(([cell]) => cell === index)?.[1] ?? 0;
  const all = cells.reduce((sum, each) => sum + each[1], 0);
  const share = report.measure === 'packets' && all > 0 ? [percent((100 * value) / all)] : [];
  return [cellName(report, index, lang), exactly(value), ...share];
}

/** `192.168.0.0/16`; of a monitored address only its place. */
export function cellName({ of, bits, monitored }: MapReport, index: number, lang: Lang): string {
  if (of === 'dark') {
    const what = bits === 32 ? { en: 'Address', ja: 'アドレス' } : { en: '/24', ja: '/24' };
    return `${what[lang]} ${exactly(index + 1)} / ${exactly(monitored ?? 0)}`;
  }
  const address = index * 2 ** (32 - bits);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')}/${bits}`;
}
