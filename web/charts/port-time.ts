// Which ports one source tried, and when: a dot for each port and hour, at the second of its first packet. Ports tried one after the other
// lie on a line.
import { scaleLinear } from 'd3-scale';
import type { Lang } from '../report/shape.ts';
import type { SourceStory } from '../report/shape-range.ts';
import { rangeCaption } from './explain.ts';
import { drawLegend } from './legend.ts';
import { exactly } from './numbers.ts';
import { GRID, SOFT_INK } from './palette.ts';
import { type ChartOptions, chartSheet, DEFAULT_WIDTH } from './sheet.ts';
import { drawText, type Group, round } from './svg.ts';
import { drawTimeAxis, timeScale } from './time-axis.ts';

const TCP = 6;
const COLOURS = { tcp: '#0b3b6c', udp: '#b8472a' };
const HEIGHT = 300;
const LEFT = 50;
const WORDS: Record<
  Lang,
  { title: (source: string) => string; subtitle: string; nothing: string; cut: (n: number) => string }
> = {
  en: {
    title: (source) => `Ports that ${source} tried, in order`,
    subtitle: 'Destination port by the time of its first packet in each hour (UTC)',
    nothing: 'It sent to no TCP or UDP port in these days.',
    cut: (n) => `Only the first ${exactly(n)} are drawn.`,
  },
  ja: {
    title: (source) => `${source}が試したポートの順序`,
    subtitle: '宛先ポートと、各時間帯で最初のパケットの時刻（UTC）',
    nothing: 'この期間にTCP・UDPのポートへの送信はありません。',
    cut: (n) => `最初の${exactly(n)}点のみを描画。`,
  },
};

export function portTimeChart(document: Document, story: SourceStory, options: ChartOptions): SVGSVGElement {
  const { lang, width = DEFAULT_WIDTH } = options;
  const words = WORDS[lang];
  const cut = story.momentsCut ? [words.cut(story.moments.length)] : [];
  return chartSheet(document, {
    lang,
    width,
    title: options.title ?? words.title(story.srcAddr),
    subtitle: words.subtitle,
    description: [story.srcAddr, ...cut].join(' '),
    caption: [rangeCaption(story, {}, lang), ...cut].join(' '),
    draw: (sheet, room, y) => drawDots(sheet, story, lang, room, y),
  });
}

function drawDots(sheet: Group, { moments }: SourceStory, lang: Lang, width: number, y: number): number {
  if (moments.length === 0) {
    drawText(sheet, 0, y + 16, WORDS[lang].nothing, { size: 12, fill: SOFT_INK });
    return y + 20;
  }
  const legend = (['tcp', 'udp'] as const).map((name) => ({ name, colour: COLOURS[name] }));
  const top = drawLegend(sheet, legend, width, y + 2) + 10;
  const bottom = top + HEIGHT;
  const times = moments.map(({ time }) => time * 1000);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const around = Math.max(60_000, (last - first) * 0.02);
  const time = timeScale(first - around, last + around, LEFT, width - 4);
  drawTimeAxis(sheet, time, top, bottom, lang);
  const ports = portScale(moments.map(({ dstPort }) => dstPort)).range([bottom, top]);
  for (const tick of ports.ticks(6)) {
    sheet
      .append('line')
      .attr('x1', LEFT)
      .attr('x2', round(width - 4))
      .attr('y1', round(ports(tick)))
      .attr('y2', round(ports(tick)))
      .attr('stroke', GRID);
    drawText(sheet, LEFT - 6, ports(tick) + 3.5, String(tick), { size: 10.5, fill: SOFT_INK, anchor: 'end' });
  }
  for (const { time: at, proto, dstPort, packets } of moments) {
    const name = proto === TCP ? 'tcp' : 'udp';
    const when = new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' ');
    sheet
      .append('circle')
      .attr('class', 'moment')
      .attr('data-tip', `${name}/${dstPort}\n${when} UTC\n${exactly(packets)}`)
      .attr('cx', round(time(at * 1000)))
      .attr('cy', round(ports(dstPort)))
      .attr('r', 2.5)
      .attr('fill', COLOURS[name]);
  }
  return bottom + 22;
}

/** From zero, so that low ports are low. */
function portScale(ports: readonly number[]) {
  return scaleLinear()
    .domain([0, Math.max(...ports, 100)])
    .nice(6);
}
