// The sources of a span: how many, which sent most, which are new; or the story of the one that the address names.
import { exactly, percent } from '../../charts/numbers.ts';
import { rankingChart } from '../../charts/ranking.ts';
import { sourcesRanking } from '../../charts/source-rankings.ts';
import type { Lang } from '../../report/shape.ts';
import type { SourceFacts, SourceList } from '../../report/shape-range.ts';
import { ask } from '../api.ts';
import { addRow, startTable } from '../cells.ts';
import { apiQuery, type Context, chosen } from '../context.ts';
import { choiceGroup, dropDown, emptied, optionsOf, type Parent } from '../controls.ts';
import { keepFocus } from '../frame.ts';
import { showPicture } from '../picture.ts';
import { drawSensors } from '../sensors.ts';
import { drawSpan, spanOf } from '../span.ts';
import { SOURCES_WORDS } from '../words/sources.ts';
import { sourceView } from './source.ts';

const DAYS = 30;
const LISTED = 50;

export async function sourcesView(context: Context): Promise<void> {
  const { query, lang, sensors, signal } = context;
  const srcAddr = query.get('srcAddr');
  if (srcAddr) return sourceView(context, srcAddr);
  const state = {
    ...spanOf(context, DAYS),
    kind: chosen(query, 'kind', ['scan', 'backscatter', 'other', 'all']),
    survey: chosen(query, 'survey', ['include', 'exclude', 'only']),
    fresh: query.get('fresh') === 'true',
  };
  keepFocus(() => drawSwitches(state, context));
  const address = apiQuery({ ...state, limit: LISTED, sensor: sensors });
  const report = await ask<SourceList>(`api/v1/sources?${address}`, signal);
  if (signal.aborted) return;
  const view = emptied('view');
  drawCounts(view, report, lang);
  if (report.addressesHidden) view.append('p').attr('class', 'hint').text(SOURCES_WORDS[lang].hidden);
  else {
    showPicture(
      view,
      {
        id: 'topSources',
        name: `umbrascope-sources-${report.from}-${report.to}`,
        draw: (width) => rankingChart(document, sourcesRanking(report, lang), { lang, width }),
        csv: `api/v1/sources?${address}&format=csv`,
        json: `api/v1/sources?${address}&format=json`,
      },
      lang,
    );
    drawList(view, report.sources, context);
  }
  context.say(SOURCES_WORDS[lang].drawn);
}

function drawSwitches(
  state: { from: string; to: string; kind: string; survey: string; fresh: boolean },
  context: Context,
): void {
  const { lang, change } = context;
  const words = SOURCES_WORDS[lang];
  const form = emptied('switches');
  drawSpan(form, context, state);
  const radio = (name: string, legend: string, labels: Record<string, string>, value: string) =>
    choiceGroup(form, { kind: 'radio', name, legend, options: optionsOf(labels), chosen: [value] }, ([taken]) =>
      change({ [name]: taken ?? null }),
    );
  radio('survey', words.survey, words.surveys, state.survey);
  radio('fresh', words.fresh, words.freshes, String(state.fresh));
  dropDown(form, { name: 'kind', label: words.kind, options: optionsOf(words.kinds), chosen: state.kind }, (value) =>
    change({ kind: value }),
  );
  drawSensors(form, context);
}

function drawCounts(view: Parent, { counts }: SourceList, lang: Lang): void {
  const words = SOURCES_WORDS[lang];
  const section = view
    .append('section')
    .attr('class', 'headline')
    .attr('id', 'counts')
    .attr('aria-labelledby', 'counts-title');
  section.append('h2').attr('id', 'counts-title').text(words.counts);
  const list = section.append('dl');
  const share = counts.packets > 0 ? (100 * counts.surveyPackets) / counts.packets : 0;
  const figures: [string, string][] = [
    [exactly(counts.sources), words.sources],
    [exactly(counts.freshSources), words.freshSources],
    [exactly(counts.surveyScanners), words.scanners],
    [percent(share), words.surveyPackets],
  ];
  for (const [value, label] of figures) {
    const pair = list.append('div');
    pair.append('dt').text(label);
    pair.append('dd').text(value);
  }
}

function drawList(view: Parent, sources: readonly SourceFacts[], context: Context): void {
  if (sources.length === 0) return;
  const words = SOURCES_WORDS[context.lang];
  const section = view.append('section').attr('aria-labelledby', 'list-title');
  section.append('h2').attr('id', 'list-title').text(words.list);
  const columns = [
    { title: words.source },
    { title: words.packets, number: true },
    { title: words.days, number: true },
    { title: words.ports, number: true },
    { title: words.scanClass },
    { title: words.tools },
    { title: words.first },
    { title: words.last },
  ];
  const table = startTable(section, 'sources', words.list, columns);
  for (const source of sources) {
    const { srcAddr, packets, days, ports, scanClass, organisation, tools, firstDay, lastDay } = source;
    const what = [words.classes[scanClass] ?? scanClass, organisation].filter(Boolean).join(': ');
    const cells = [
      exactly(packets),
      exactly(days),
      exactly(ports),
      what,
      tools.join(', ') || words.none,
      firstDay,
      lastDay,
    ];
    const row = addRow(table, columns, ['', ...cells]);
    const { from, to } = spanOf(context, DAYS);
    row.select('th').append('a').attr('href', context.link('sources', { srcAddr, from, to })).text(srcAddr);
  }
}
