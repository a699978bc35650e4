// A chart over time as a part of another view.
import { trendChart, trendTip } from '../../charts/trend.ts';
import type { TrendReport } from '../../report/shape-range.ts';
import { ask } from '../api.ts';
import { apiQuery, type Context } from '../context.ts';
import type { Parent } from '../controls.ts';
import { showPicture } from '../picture.ts';
import { zoomed } from './zoom.ts';

const WIDEST = 1100;

export interface Asked {
  report: TrendReport;
  query: string;
}

export async function askTrend(parameters: Parameters<typeof apiQuery>[0], signal: AbortSignal): Promise<Asked> {
  const query = apiQuery(parameters);
  return { query, report: await ask<TrendReport>(`api/v1/trend?${query}`, signal) };
}

export interface TrendPicture {
  id: string;
  title?: string;
  height?: number;
  log?: boolean;
}

/** Dragging over it changes the view's span. */
export function showTrend(
  view: Parent,
  { report, query }: Asked,
  context: Context,
  { id, title, height, log = false }: TrendPicture,
): void {
  const { lang } = context;
  const more = { ...(title ? { title } : {}), ...(height ? { plotHeight: height } : {}) };
  showPicture(
    view,
    {
      id,
      name: `umbrascope-${id}-${report.from}-${report.to}`,
      widest: WIDEST,
      draw: (width) => trendChart(document, report, { lang, width, log, ...more }),
      csv: `api/v1/trend?${query}&format=csv`,
      json: `api/v1/trend?${query}&format=json`,
      tip: (bucket) => trendTip(report, bucket, lang),
      zoom: (from, to) => context.change(zoomed(report, from, to)),
    },
    lang,
  );
}
