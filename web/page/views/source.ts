// The story of one source: what it did on each day, its ports, and in which order it tried them.
import { exactly } from '../../charts/numbers.ts';
import { portTimeChart } from '../../charts/port-time.ts';
import type { SourceStory } from '../../report/shape-range.ts';
import { ask } from '../api.ts';
import { addRow, startTable } from '../cells.ts';
import { apiQuery, type Context } from '../context.ts';
import { emptied, type Parent } from '../controls.ts';
import { keepFocus } from '../frame.ts';
import { showPicture } from '../picture.ts';
import { drawSpan, spanOf } from '../span.ts';
import { SOURCES_WORDS } from '../words/sources.ts';

const DAYS = 30;

export async function sourceView(context: Context, srcAddr: string): Promise<void> {
  const { lang, sensors, signal, choices } = context;
  const words = SOURCES_WORDS[lang];
  const span = spanOf(context, DAYS);
  keepFocus(() => drawSpan(emptied('switches'), context, span));
  const query = apiQuery({ ...span, srcAddr, sensor: sensors });
  const story = await ask<SourceStory>(`api/v1/source?${query}`, signal);
  if (signal.aborted) return;
  const view = emptied('view');
  const section = view.append('section').attr('class', 'headline').attr('aria-labelledby', 'story-title');
  section.append('h2').attr('id', 'story-title').text(words.story(srcAddr));
  const ways = section.append('p');
  ways
    .append('a')
    .attr('href', context.link('sources', { ...span }))
    .text(words.back);
  if (choices.days && (span.from !== choices.days.first || span.to !== choices.days.last)) {
    const { first: from, last: to } = choices.days;
    ways.append('span').text(' · ');
    ways.append('a').attr('href', context.link('sources', { srcAddr, from, to })).text(words.wide);
  }
  if (story.sourceDays.length === 0) section.append('p').text(words.nothingOf(srcAddr));
  showPicture(
    view,
    {
      id: 'portTime',
      name: `umbrascope-source-${srcAddr.replaceAll(':', '-')}`,
      draw: (width) => portTimeChart(document, story, { lang, width }),
      csv: `api/v1/source?${query}&format=csv`,
      json: `api/v1/source?${query}&format=json`,
    },
    lang,
  );
  drawDays(view, story, context);
  drawPorts(view, story, context);
  context.say(words.drawn);
}

function drawDays(view: Parent, { sourceDays }: SourceStory, { lang }: Context): void {
  if (sourceDays.length === 0) return;
  const words = SOURCES_WORDS[lang];
  const section = view.append('section').attr('aria-labelledby', 'days-title');
  section.append('h2').attr('id', 'days-title').text(words.byDay);
  const columns = [
    { title: words.day },
    { title: words.packets, number: true },
    { title: words.scans, number: true },
    { title: words.answers, number: true },
    { title: words.ports, number: true },
    { title: words.scanClass },
    { title: words.tools },
  ];
  const table = startTable(section, 'sourceDays', words.byDay, columns);
  for (const day of [...sourceDays].reverse()) {
    const tools = (['mirai', 'masscan', 'zmap'] as const).filter((tool) => day[tool] > 0);
    const figures = [day.packets, day.scanPackets, day.backscatterPackets, day.ports].map(exactly);
    const what = [words.classes[day.scanClass] ?? day.scanClass, day.organisation].filter(Boolean).join(': ');
    addRow(table, columns, [day.day, ...figures, what, tools.join(', ') || words.none]);
  }
}

function drawPorts(view: Parent, { topPorts }: SourceStory, context: Context): void {
  if (topPorts.length === 0) return;
  const words = SOURCES_WORDS[context.lang];
  const section = view.append('section').attr('aria-labelledby', 'source-ports-title');
  section.append('h2').attr('id', 'source-ports-title').text(words.whichPorts);
  const columns = [
    { title: words.port },
    { title: words.kindColumn },
    { title: words.packets, number: true },
    { title: words.days, number: true },
  ];
  const table = startTable(section, 'sourcePorts', words.whichPorts, columns);
  for (const { port, kind, packets, days } of topPorts) {
    const row = addRow(table, columns, [port, words.kinds[kind] ?? kind, exactly(packets), exactly(days)]);
    if (kind !== 'scan' || !/^(tcp|udp)/.test(port)) continue;
    row.select('th').text(null).append('a').attr('href', context.link('port', { port })).text(port);
  }
}
