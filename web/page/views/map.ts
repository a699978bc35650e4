// The address maps: where packets come from, where they arrive; and both moment by moment.
import { cellName, hilbertChart, mapTip } from '../../charts/hilbert.ts';
import { exactly, percent } from '../../charts/numbers.ts';
import { daysBetween } from '../../report/days.ts';
import type { MapReport } from '../../report/shape-range.ts';
import { ask } from '../api.ts';
import { addRow, startTable } from '../cells.ts';
import { apiQuery, type Context, chosen } from '../context.ts';
import { choiceGroup, dropDown, emptied, optionsOf, type Parent } from '../controls.ts';
import { keepFocus } from '../frame.ts';
import { showPicture } from '../picture.ts';
import { drawSensors } from '../sensors.ts';
import { drawSpan, spanOf } from '../span.ts';
import { MAP_WORDS } from '../words/map.ts';
import { drawPlayer } from './map-player.ts';

const DAYS = 30;
const MOST_DAYS = 100;
const WIDEST = 760;
const LISTED = 15;

export async function mapView(context: Context): Promise<void> {
  const { query, lang, sensors, signal } = context;
  const words = MAP_WORDS[lang];
  const of = chosen(query, 'of', ['sources', 'dark'] as const);
  const state = {
    ...spanOf(context, DAYS),
    of,
    measure: of === 'dark' ? 'packets' : chosen(query, 'measure', ['packets', 'sources']),
    kind: chosen(query, 'kind', ['all', 'scan', 'backscatter', 'other']),
    bits: of === 'dark' ? null : chosen(query, 'bits', ['8', '12', '16']),
  };
  keepFocus(() => drawSwitches(state, context));
  const days = daysBetween(state.from, state.to);
  const address = apiQuery({ ...state, sensor: sensors });
  const frames = days <= MOST_DAYS ? '&frames=true' : '';
  const report = await ask<MapReport>(`api/v1/map?${address}${frames}`, signal);
  if (signal.aborted) return;
  const view = emptied('view');
  let frame: number | undefined;
  const picture = showPicture(
    view,
    {
      id: 'map',
      name: `umbrascope-map-${of}-${report.from}-${report.to}`,
      widest: WIDEST,
      draw: (width) => hilbertChart(document, report, { lang, width, ...(frame === undefined ? {} : { frame }) }),
      cellTip: (x, y) => mapTip(report, x, y, lang, frame),
      csv: `api/v1/map?${address}&format=csv`,
      json: `api/v1/map?${address}&format=json`,
    },
    lang,
  );
  if (report.frames.length > 1) {
    drawPlayer(view, report, context, (shown) => {
      frame = shown;
      picture.redraw();
    });
  } else if (days > MOST_DAYS) view.append('p').attr('class', 'hint').text(words.noAnimation);
  drawLoudest(view, report, context);
  context.say(words.drawn);
}

interface MapState {
  from: string;
  to: string;
  of: string;
  measure: string;
  kind: string;
  bits: string | null;
}

function drawSwitches(state: MapState, context: Context): void {
  const { lang, change } = context;
  const words = MAP_WORDS[lang];
  const form = emptied('switches');
  const radio = (name: string, legend: string, labels: Record<string, string>, value: string) =>
    choiceGroup(form, { kind: 'radio', name, legend, options: optionsOf(labels), chosen: [value] }, ([taken]) =>
      change({ [name]: taken ?? null }),
    );
  radio('of', words.of, words.ofs, state.of);
  drawSpan(form, context, state);
  if (state.of === 'sources') radio('measure', words.measure, words.measures, state.measure);
  if (state.bits !== null) radio('bits', words.bits, { 8: '/8', 12: '/12', 16: '/16' }, state.bits);
  dropDown(form, { name: 'kind', label: words.kind, options: optionsOf(words.kinds), chosen: state.kind }, (value) =>
    change({ kind: value }),
  );
  drawSensors(form, context);
}

function drawLoudest(view: Parent, report: MapReport, { lang }: Context): void {
  const words = MAP_WORDS[lang];
  const section = view.append('section').attr('aria-labelledby', 'loudest-title');
  section.append('h2').attr('id', 'loudest-title').text(words.top);
  if (report.monitored !== null) {
    const heard = report.cells.filter(([, value]) => value > 0).length;
    section
      .append('p')
      .attr('id', 'heard')
      .text(words.silent(report.monitored - heard, report.monitored));
  }
  const columns = [
    { title: words.part },
    { title: words.value[report.measure] ?? '', number: true },
    { title: words.share, number: true },
  ];
  const all = report.cells.reduce((sum, [, value]) => sum + value, 0);
  const table = startTable(section, 'loudest', words.top, columns);
  const loudest = [...report.cells].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, LISTED);
  for (const [cell, value] of loudest) {
    addRow(table, columns, [cellName(report, cell, lang), exactly(value), percent(all > 0 ? (100 * value) / all : 0)]);
  }
}
