// Backscatter: how much over time, whose answers they are, and which of their ports were attacked.
import { exactly } from '../../charts/numbers.ts';
import { type Ranking, rankingChart } from '../../charts/ranking.ts';
import { seriesColours, seriesName } from '../../charts/series.ts';
import type { Lang } from '../../report/shape.ts';
import type { SourceList, TrendReport } from '../../report/shape-range.ts';
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
  picture('attacked', attackedOf(trend.report, lang), `api/v1/trend?${trend.query}`);
  if (victims.addressesHidden) view.append('p').attr('class', 'hint').text(words.hidden);
  else picture('victims', victimsOf(victims, lang), `api/v1/sources?${victimsQuery}`);
  context.say(words.drawn);
}

/** Minutes know no ports. */
const bySpan = (span: Span) => (scaleOf({ ...span, scale: 'auto' }) === 'minute' ? 'category' : 'port');

function attackedOf(report: TrendReport, lang: Lang): Ranking {
  const words = SOURCES_WORDS[lang];
  const colours = seriesColours(
    report.series.map(({ series }) => series),
    report.by,
  );
  return {
    title: words.attacked,
    subtitle: words.attackedSubtitle,
    facts: report,
    filters: { kind: 'backscatter' },
    nothing: words.nothing,
    rows: report.series.map(({ series, total }, index) => {
      return { name: seriesName(series, report.by, lang), value: total, colour: colours[index] ?? '' };
    }),
  };
}

function victimsOf(report: SourceList, lang: Lang): Ranking {
  const words = SOURCES_WORDS[lang];
  return {
    title: words.victims,
    subtitle: words.victimsSubtitle,
    facts: report,
    filters: { kind: 'backscatter' },
    nothing: words.nothing,
    rows: report.sources.map(({ srcAddr, packets, days, firstDay, lastDay }) => ({
      name: srcAddr,
      value: packets,
      colour: '#b8472a',
      tip: [
        srcAddr,
        `${words.packets}: ${exactly(packets)}`,
        `${words.days}: ${exactly(days)}`,
        `${firstDay} – ${lastDay}`,
      ],
    })),
  };
}
