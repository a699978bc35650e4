// Backscatter: how much over time, whose answers they are, and which of their ports were attacked.
import { type Ranking, rankingChart } from '../../charts/ranking.ts';
import { attackedRanking, victimsRanking } from '../../charts/source-rankings.ts';
import type { SourceList } from '../../report/shape-range.ts';
import { ask } from '../api.ts';
import { apiQuery, type Context } from '../context.ts';
import { emptied } from '../controls.ts';
import { keepFocus } from '../frame.ts';
import { showPicture } from '../picture.ts';
import { drawSensors } from '../sensors.ts';
import { drawSpan, type Span, spanOf } from '../span.ts';
import { SOURCES_WORDS } from '../words/sources.ts';
import { askTrend, showTrend } from './trend-picture.ts';
import { scaleOf } from './trends-state.ts';

const DAYS = 365;
const VICTIMS = 20;
const PORTS = 12;

export async function backscatterView(context: Context): Promise<void> {
  const { lang, sensors, signal } = context;
  const words = SOURCES_WORDS[lang];
  const span = spanOf(context, DAYS);
  keepFocus(() => {
    const form = emptied('switches');
    drawSpan(form, context, span);
    drawSensors(form, context);
  });
  const of = { ...span, kind: 'backscatter', sensor: sensors };
  const victimsQuery = apiQuery({ ...of, limit: VICTIMS });
  const [trend, victims] = await Promise.all([
    askTrend({ ...of, by: bySpan(span), series: PORTS }, signal),
    ask<SourceList>(`api/v1/sources?${victimsQuery}`, signal),
  ]);
  if (signal.aborted) return;
  const view = emptied('view');
  view.append('p').attr('class', 'lead').text(words.backscatterLead);
  showTrend(view, trend, context, { id: 'intensity', title: words.intensity, height: 220 });
  const picture = (id: string, ranking: Ranking, address: string) =>
    showPicture(
      view,
      {
        id,
        name: `umbrascope-${id}-${span.from}-${span.to}`,
        draw: (width) => rankingChart(document, ranking, { lang, width }),
        csv: `${address}&format=csv`,
        json: `${address}&format=json`,
      },
      lang,
    );
  picture('attacked', attackedRanking(trend.report, lang), `api/v1/trend?${trend.query}`);
  if (victims.addressesHidden) view.append('p').attr('class', 'hint').text(words.hidden);
  else picture('victims', victimsRanking(victims, lang), `api/v1/sources?${victimsQuery}`);
  context.say(words.drawn);
}

/** Minutes know no ports. */
const bySpan = (span: Span) => (scaleOf({ ...span, scale: 'auto' }) === 'minute' ? 'category' : 'port');
