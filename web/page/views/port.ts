// The port view: one port's history, sources, survey share, category and reason, tools, and the ports that move with it.
import { categoryName } from '../../charts/names.ts';
import { exactly, percent } from '../../charts/numbers.ts';
import { seriesName } from '../../charts/series.ts';
import { portHistoryTitle } from '../../charts/trend-words.ts';
import type { PortReport } from '../../report/shape-range.ts';
import { ask } from '../api.ts';
import { addRow, startTable } from '../cells.ts';
import { apiQuery, type Context } from '../context.ts';
import { dropDown, emptied, type Parent } from '../controls.ts';
import { keepFocus } from '../frame.ts';
import { drawSensors } from '../sensors.ts';
import { drawSpan, type Span, spanOf } from '../span.ts';
import { PORT_WORDS } from '../words/port.ts';
import { askTrend, showTrend } from './trend-picture.ts';

const DAYS = 365;
const FIRST_SHOWN = 'tcp/23';
/** Weaker than this is chance. */
const MOVES_WITH = 0.3;

export async function portView(context: Context): Promise<void> {
  const { lang, query, sensors, signal, choices } = context;
  const words = PORT_WORDS[lang];
  const asked = query.get('port') ?? '';
  const port = /^(tcp|udp)\/\d{1,5}$/.test(asked) ? asked : FIRST_SHOWN;
  const span = spanOf(context, DAYS);
  keepFocus(() => drawSwitches(port, span, context));
  const whole = { from: choices.days?.first ?? span.from, to: choices.days?.last ?? span.to };
  const of = { port, kind: 'scan', sensor: sensors };
  const address = apiQuery({ ...span, port, sensor: sensors });
  const [report, history, packets, sources] = await Promise.all([
    ask<PortReport>(`api/v1/port?${address}`, signal),
    askTrend({ ...of, ...whole, by: 'scanClass', scale: 'month' }, signal),
    askTrend({ ...of, ...span, by: 'scanClass', scale: 'day' }, signal),
    askTrend({ ...of, ...span, by: 'kind', scale: 'day', measure: 'sources', survey: 'exclude' }, signal),
  ]);
  if (signal.aborted) return;
  const view = emptied('view');
  drawFacts(view, report, context);
  showTrend(view, history, context, { id: 'history', title: portHistoryTitle(port, lang), height: 180 });
  showTrend(view, packets, context, { id: 'portDays', title: words.packetsTitle(port), height: 180 });
  showTrend(view, sources, context, { id: 'portSources', title: words.sourcesTitle(port), height: 180 });
  drawYears(view, report, context);
  drawTools(view, report, context);
  drawNeighbours(view, report, context);
  context.say(words.drawn(port));
}

function drawSwitches(port: string, span: Span, context: Context): void {
  const words = PORT_WORDS[context.lang];
  const form = emptied('switches');
  const [proto = 'tcp', number = ''] = port.split('/');
  const protos = ['tcp', 'udp'].map((value) => ({ value, label: value.toUpperCase() }));
  dropDown(form, { name: 'proto', label: words.proto, options: protos, chosen: proto }, (value) =>
    context.change({ port: `${value}/${number}` }),
  );
  const label = form.append('label').attr('class', 'list');
  label.append('span').text(words.port);
  const input = label.append('input').attr('type', 'number').attr('name', 'dstPort').attr('min', 0).attr('max', 65_535);
  input.property('value', number).on('change', () => {
    const value = Number(input.property('value'));
    if (Number.isInteger(value) && value >= 0 && value <= 65_535) context.change({ port: `${proto}/${value}` });
    else context.alert(words.bad);
  });
  drawSpan(form, context, span);
  drawSensors(form, context);
}

function drawFacts(view: Parent, { port, categories, years }: PortReport, { lang }: Context): void {
  const words = PORT_WORDS[lang];
  const section = view.append('section').attr('class', 'headline').attr('aria-labelledby', 'port-title');
  section.append('h2').attr('id', 'port-title').text(port);
  const list = section.append('p').attr('id', 'category');
  for (const { version, category, why } of categories) {
    list.append('strong').text(categoryName(category, lang));
    list.append('span').text(` – ${why || words.noReason} (${version}) `);
  }
  if (years.length === 0) section.append('p').text(words.noPackets);
}

function drawYears(view: Parent, { years }: PortReport, { lang }: Context): void {
  if (years.length === 0) return;
  const words = PORT_WORDS[lang];
  const section = view.append('section').attr('aria-labelledby', 'years-title');
  section.append('h2').attr('id', 'years-title').text(words.years);
  const columns = [words.year, words.rank, words.packets, words.surveyShare, words.sources].map((title, index) => {
    return { title, number: index > 0 };
  });
  const table = startTable(section, 'portYears', words.years, columns);
  for (const { year, rank, packets, surveyPackets, sources } of [...years].reverse()) {
    const share = packets > 0 ? (100 * surveyPackets) / packets : 0;
    addRow(table, columns, [
      String(year),
      rank === null ? '–' : String(rank),
      exactly(packets),
      percent(share),
      sources === null ? '–' : exactly(sources),
    ]);
  }
}

function drawTools(view: Parent, { tools }: PortReport, { lang }: Context): void {
  if (tools.length === 0) return;
  const words = PORT_WORDS[lang];
  const section = view.append('section').attr('aria-labelledby', 'tools-title');
  section.append('h2').attr('id', 'tools-title').text(words.tools);
  section.append('p').attr('class', 'hint').text(words.toolsNote);
  const columns = [
    { title: words.tools },
    { title: words.packets, number: true },
    { title: words.sources, number: true },
  ];
  const table = startTable(section, 'tools', words.tools, columns);
  for (const { tool, packets, sources } of tools) {
    addRow(table, columns, [seriesName(tool, 'tool', lang), exactly(packets), exactly(sources)]);
  }
}

function drawNeighbours(view: Parent, { neighbours }: PortReport, context: Context): void {
  const { lang } = context;
  const words = PORT_WORDS[lang];
  const section = view.append('section').attr('aria-labelledby', 'neighbours-title');
  section.append('h2').attr('id', 'neighbours-title').text(words.neighbours);
  section.append('p').attr('class', 'hint').text(words.neighboursNote);
  const moving = neighbours.filter(({ correlation }) => correlation >= MOVES_WITH);
  if (moving.length === 0) {
    section.append('p').text(words.noNeighbours);
    return;
  }
  const columns = [
    { title: words.port },
    { title: words.category },
    { title: words.packets, number: true },
    { title: words.correlation, number: true },
  ];
  const table = startTable(section, 'neighbours', words.neighbours, columns);
  for (const { port, category, packets, correlation } of moving) {
    const row = addRow(table, columns, ['', categoryName(category, lang), exactly(packets), correlation.toFixed(2)]);
    row.select('th').append('a').attr('href', context.link('port', { port })).text(port);
  }
}
