// The year-on-year view: headline figures, the ministry's chart, the top ports with what entered and what left.
import { yearlyChart } from '../../charts/yearly.ts';
import type { YearlyReport } from '../../report/shape.ts';
import { ask, Unanswered } from '../api.ts';
import type { Context } from '../context.ts';
import { emptied } from '../controls.ts';
import { keepFocus } from '../frame.ts';
import { showPicture } from '../picture.ts';
import { YEARS_WORDS } from '../words/years.ts';
import { drawHeadline } from './years-headline.ts';
import { drawPorts } from './years-ports.ts';
import { yearsQuery, yearsState } from './years-state.ts';
import { drawYearsSwitches } from './years-switches.ts';

/** Drawn wider than this the chart would have lines too long to read. */
const WIDEST = 780;

export async function yearsView(context: Context): Promise<void> {
  const { lang, signal } = context;
  const state = yearsState(context);
  const words = YEARS_WORDS[lang];
  keepFocus(() => drawYearsSwitches(state, context));
  if (state.years.length === 0) throw new Unanswered(400, words.noYears);
  const query = yearsQuery(state, context);
  const report = await ask<YearlyReport>(`api/v1/yearly?${query}`, signal);
  if (signal.aborted) return;
  const view = emptied('view');
  drawHeadline(view, report, lang);
  showPicture(
    view,
    {
      id: 'chart',
      name: `umbrascope-${report.years.map((year) => year.year).join('-')}`,
      widest: WIDEST,
      draw: (width) => yearlyChart(document, report, { lang, width }),
      csv: `api/v1/yearly?${query}&format=csv`,
      json: `api/v1/yearly?${query}&format=json`,
    },
    lang,
  );
  drawPorts(view, report, context);
  context.say(words.drawn(report.years.map((year) => year.year)));
}
