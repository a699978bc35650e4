// The trends: packets or sources over time in series, with last year's total, gaps and the users' own notes. Dragging over it zooms.

import { bucketStart, bucketsEnd } from '../../charts/time-axis.ts';
import { trendChart, trendTip } from '../../charts/trend.ts';
import type { TrendReport } from '../../report/shape-range.ts';
import { ask } from '../api.ts';
import type { Context } from '../context.ts';
import { choiceGroup, dropDown, emptied, optionsOf } from '../controls.ts';
import { keepFocus } from '../frame.ts';
import { showPicture } from '../picture.ts';
import { drawSensors } from '../sensors.ts';
import { drawSpan } from '../span.ts';
import { TRENDS_WORDS } from '../words/trends.ts';
import { drawNotes } from './notes.ts';
import { scaleOf, type TrendsState, trendQuery, trendsState } from './trends-state.ts';
import { drawTotals } from './trends-totals.ts';

const WIDEST = 1100;

export async function trendsView(context: Context): Promise<void> {
  const { lang, signal, sensors } = context;
  const state = trendsState(context);
  keepFocus(() => drawSwitches(state, context));
  const query = trendQuery(state, sensors);
  const report = await ask<TrendReport>(`api/v1/trend?${query}`, signal);
  if (signal.aborted) return;
  const view = emptied('view');
  showPicture(
    view,
    {
      id: 'trend',
      name: `umbrascope-trend-${report.by}-${report.from}-${report.to}`,
      widest: WIDEST,
      draw: (width) => trendChart(document, report, { lang, width, log: state.log }),
      csv: `api/v1/trend?${query}&format=csv`,
      json: `api/v1/trend?${query}&format=json`,
      tip: (bucket) => trendTip(report, bucket, lang),
      zoom: (from, to) => context.change(zoomed(report, from, to)),
    },
    lang,
  );
  view.append('p').attr('class', 'hint').text(TRENDS_WORDS[lang].hint);
  drawTotals(view, report, context);
  drawNotes(view, report, context);
  context.say(TRENDS_WORDS[lang].drawn(report.from, report.to));
}

/** The days of the first and the last bucket dragged over; the scale is chosen anew. */
export function zoomed({ buckets, to }: TrendReport, first: number, last: number) {
  const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
  const end = last + 1 < buckets.length ? bucketStart(buckets[last + 1] as string) : bucketsEnd(buckets);
  const lastDay = dayOf(end - 1);
  return { from: dayOf(bucketStart(buckets[first] as string)), to: lastDay > to ? to : lastDay, scale: null };
}

function drawSwitches(state: TrendsState, context: Context): void {
  const { lang, change } = context;
  const words = TRENDS_WORDS[lang];
  const form = emptied('switches');
  const scale = scaleOf(state);
  const fine = scale === 'hour' || scale === 'minute';
  drawSpan(form, context, state);
  const by = Object.entries(words.bys).filter(([name]) => {
    return !(fine && (name === 'tool' || name === 'scanClass')) && !(scale === 'minute' && name === 'port');
  });
  dropDown(
    form,
    { name: 'by', label: words.by, options: optionsOf(Object.fromEntries(by)), chosen: state.by },
    (value) => change({ by: value }),
  );
  if (!fine) {
    radio('measure', words.measure, words.measures, state.measure);
    if (state.by !== 'scanClass') radio('survey', words.survey, words.surveys, state.survey);
  }
  if (state.by !== 'tool')
    dropDown(form, { name: 'kind', label: words.kind, options: optionsOf(words.kinds), chosen: state.kind }, (value) =>
      change({ kind: value }),
    );
  dropDown(
    form,
    { name: 'scale', label: words.scale, options: optionsOf(words.scales), chosen: state.scale },
    (value) => change({ scale: value === 'auto' ? null : value }),
  );
  radio('log', words.axis, words.axes, String(state.log));
  radio('yearBefore', words.yearBefore, words.yesNo, String(state.yearBefore));
  drawSensors(form, context);

  function radio(name: string, legend: string, labels: Record<string, string>, chosen: string): void {
    choiceGroup(form, { kind: 'radio', name, legend, options: optionsOf(labels), chosen: [chosen] }, ([value]) =>
      change({ [name]: value === undefined || value === 'false' ? null : value }),
    );
  }
}
