// The charts of `umbrascope report` besides the year-on-year one: what each asks, and how it is drawn and written down. They are the page's.
import type { Connection } from '../../store/database.ts';
import { daySpan } from '../../store/questions/range.ts';
import { UsageError } from '../../store/usage-error.ts';
import { calendarChart } from '../../web/charts/calendar.ts';
import { hilbertChart } from '../../web/charts/hilbert.ts';
import { renderSvg } from '../../web/charts/render.ts';
import { trendChart } from '../../web/charts/trend.ts';
import { portHistoryTitle } from '../../web/charts/trend-words.ts';
import { accountDaysReport } from '../../web/report/account-days.ts';
import { mapReport } from '../../web/report/map.ts';
import { checkedSensors } from '../../web/report/scope.ts';
import type { Lang, SurveyChoice } from '../../web/report/shape.ts';
import type { Kind, Measure, TrendBy, TrendReport, TrendScale } from '../../web/report/shape-range.ts';
import { trendReport } from '../../web/report/trend.ts';
import { accountDaysCsv } from '../../web/routes/account-days.ts';
import { type Csv, csvText } from '../../web/routes/dataset.ts';
import { mapCsv } from '../../web/routes/map.ts';
import { trendCsv } from '../../web/routes/trend.ts';

export interface ChartQuery {
  from?: string;
  to?: string;
  sensors: string[];
  lang: Lang;
  survey: SurveyChoice;
  kind?: Kind;
  by: TrendBy;
  measure: Measure;
  scale?: TrendScale;
  port?: string;
  yearBefore?: boolean;
  log?: boolean;
  of: 'sources' | 'dark';
  bits: number;
  fresh?: boolean;
  source?: string;
}

export interface Drawn {
  svg: () => string;
  csv: () => string;
  answer: unknown;
}

export type Chart = (db: Connection, query: ChartQuery) => Promise<Drawn>;

export const RANGE_CHARTS: Record<string, Chart> = {
  trend: async (db, query) => {
    const { by, measure, scale, survey, port, kind = 'scan', yearBefore = false, log = false } = query;
    const report = await trendReport(db, {
      ...spanOf(query),
      ...{ by, measure, kind, survey, yearBefore, series: by === 'category' ? 20 : 8 },
      ...(scale ? { scale } : {}),
      ...(port ? { port } : {}),
    });
    return drawnTrend(report, query.lang, { log });
  },
  port: async (db, query) => {
    const { port } = query;
    if (port === undefined) throw new UsageError('--chart port: give the port too, as --port tcp/23');
    const { sensors } = await checkedSensors(db, query.sensors);
    const days = await daySpan(db, sensors);
    const span = { ...(days ? { from: days.first, to: days.last } : {}), ...spanOf(query) };
    const fixed = { by: 'scanClass', measure: 'packets', kind: 'scan', survey: 'include', scale: 'month' } as const;
    const report = await trendReport(db, { ...span, ...fixed, port, series: 8, yearBefore: false });
    return drawnTrend(report, query.lang, { title: portHistoryTitle(port, query.lang) });
  },
  hilbert: async (db, query) => {
    const { of, measure, bits, kind = 'all', lang } = query;
    const report = await mapReport(db, { ...spanOf(query), of, measure, bits, kind, frames: false });
    return drawn(report, (document) => hilbertChart(document, report, { lang }), mapCsv(report));
  },
  account: async (db, query) => {
    const report = await accountDaysReport(db, spanOf(query));
    return drawn(report, (document) => calendarChart(document, report, { lang: query.lang }), accountDaysCsv(report));
  },
};

export function drawnTrend(report: TrendReport, lang: Lang, more: { log?: boolean; title?: string }): Drawn {
  return drawn(report, (document) => trendChart(document, report, { lang, ...more }), trendCsv(report));
}

export function drawn(answer: unknown, draw: Parameters<typeof renderSvg>[0], csv: Csv): Drawn {
  return { answer, svg: () => renderSvg(draw), csv: () => csvText(csv) };
}

export function spanOf({ from, to, sensors }: ChartQuery): { from?: string; to?: string; sensors: string[] } {
  return { ...(from ? { from } : {}), ...(to ? { to } : {}), sensors };
}
