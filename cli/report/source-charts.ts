// The charts of `umbrascope report` about sources: who sent most, one source's story, and backscatter. They are the page's.
import type { Connection } from '../../store/database.ts';
import { UsageError } from '../../store/usage-error.ts';
import { portTimeChart } from '../../web/charts/port-time.ts';
import { type Ranking, rankingChart } from '../../web/charts/ranking.ts';
import { attackedRanking, sourcesRanking, victimsRanking } from '../../web/charts/source-rankings.ts';
import { SOURCE_CHART_WORDS } from '../../web/charts/source-words.ts';
import { sourceList, sourceStory } from '../../web/report/sources.ts';
import { trendReport } from '../../web/report/trend.ts';
import type { Csv } from '../../web/routes/dataset.ts';
import { sourcesCsv, storyCsv } from '../../web/routes/sources.ts';
import { trendCsv } from '../../web/routes/trend.ts';
import { type Chart, type ChartQuery, type Drawn, drawn, drawnTrend, spanOf } from './charts.ts';

/** As many as are drawn. */
const SOURCES = 20;
const PORTS = 12;

export const SOURCE_CHARTS: Record<string, Chart> = {
  sources: async (db, query) => {
    const { kind = 'scan', survey, fresh = false, lang } = query;
    const report = await sourceList(db, { ...spanOf(query), kind, survey, fresh, limit: SOURCES }, true);
    return drawnRanking(report, sourcesRanking(report, lang), sourcesCsv(report), query);
  },
  source: async (db, query) => {
    const { source, lang } = query;
    if (source === undefined) throw new UsageError('--chart source: give its address too, as --source 203.0.113.9');
    const story = await sourceStory(db, { ...spanOf(query), srcAddr: source });
    return drawn(story, (document) => portTimeChart(document, story, { lang }), storyCsv(story));
  },
  backscatter: async (db, query) => {
    const report = await backscatterByPort(db, query, query.scale);
    return drawnTrend(report, query.lang, { title: SOURCE_CHART_WORDS[query.lang].intensity });
  },
  attacked: async (db, query) => {
    // Only the sums are drawn, and minutes know no ports.
    const report = await backscatterByPort(db, query, 'day');
    return drawnRanking(report, attackedRanking(report, query.lang), trendCsv(report), query);
  },
  victims: async (db, query) => {
    const of = { kind: 'backscatter', survey: 'include', fresh: false, limit: SOURCES } as const;
    const report = await sourceList(db, { ...spanOf(query), ...of }, true);
    return drawnRanking(report, victimsRanking(report, query.lang), sourcesCsv(report), query);
  },
};

function backscatterByPort(db: Connection, query: ChartQuery, scale: ChartQuery['scale']) {
  const of = { by: 'port', measure: 'packets', kind: 'backscatter', survey: 'include', series: PORTS } as const;
  return trendReport(db, { ...spanOf(query), ...of, yearBefore: false, ...(scale ? { scale } : {}) });
}

function drawnRanking(answer: unknown, ranking: Ranking, csv: Csv, { lang }: ChartQuery): Drawn {
  return drawn(answer, (document) => rankingChart(document, ranking, { lang }), csv);
}
