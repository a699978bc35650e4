// The trends: packets or sources over time in series, with last year's total, gaps and the users' own notes. Dragging over it zooms.

import type { TrendReport } from '../../report/shape-range.ts';
import { ask } from '../api.ts';
import type { Context } from '../context.ts';
import { choiceGroup, dropDown, emptied, optionsOf } from '../controls.ts';
import { keepFocus } from '../frame.ts';
import { drawSensors } from '../sensors.ts';
import { drawSpan } from '../span.ts';
import { TRENDS_WORDS } from '../words/trends.ts';
import { drawNotes } from './notes.ts';
import { showTrend } from './trend-picture.ts';
import { scaleOf, type TrendsState, trendQuery, trendsState } from './trends-state.ts';
import { drawTotals } from './trends-totals.ts';

export async function trendsView(context: Context): Promise<void> {
  const { lang, signal, sensors } = context;
  const state = trendsState(context);
  keepFocus(() => drawSwitches(state, context));
  const query = trendQuery(state, sensors);
  const asked = { query, report: await ask<TrendReport>(`api/v1/trend?${query}`, signal) };
  const { report } = asked;
  if (signal.aborted) return;
  const view = emptied('view');
  showTrend(view, asked, context, { id: 'trend', log: state.log });
  view.append('p').attr('class', 'hint').text(TRENDS_WORDS[lang].hint);
  drawTotals(view, report, context);
  drawNotes(view, report, context);
  context.say(TRENDS_WORDS[lang].drawn(report.from, report.to));
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
