// What the reader has chosen of the trends, as it stands in the address, and what of it each scale can answer.
import { daysBetween } from '../../report/days.ts';
import type { SurveyChoice } from '../../report/shape.ts';
import type { Kind, Measure, TrendBy, TrendScale } from '../../report/shape-range.ts';
import { apiQuery, type Context, chosen } from '../context.ts';
import { type Span, spanOf } from '../span.ts';

export interface TrendsState extends Span {
  by: TrendBy;
  measure: Measure;
  /** `auto` is chosen by the span. */
  scale: TrendScale | 'auto';
  kind: Kind;
  survey: SurveyChoice;
  port: string;
  yearBefore: boolean;
  log: boolean;
}

const DAYS = 365;
/** Categories are few: each has its own series. */
const CATEGORIES = 20;
const PORT = /^((tcp|udp)\/\d{1,5}|icmp(v6)?\/\d{1,3}\.\d{1,3}|ip\/\d{1,3})$/;

export function trendsState(context: Context): TrendsState {
  const { query } = context;
  const span = spanOf(context, DAYS);
  const port = query.get('port') ?? '';
  const asked: TrendsState = {
    ...span,
    by: chosen(query, 'by', ['category', 'port', 'kind', 'scanClass', 'tool']),
    measure: chosen(query, 'measure', ['packets', 'sources']),
    scale: chosen(query, 'scale', ['auto', 'minute', 'hour', 'day', 'month']),
    kind: chosen(query, 'kind', ['scan', 'backscatter', 'other', 'all']),
    survey: chosen(query, 'survey', ['exclude', 'include', 'only']),
    port: PORT.test(port) ? port : '',
    yearBefore: query.get('yearBefore') === 'true',
    log: query.get('log') === 'true',
  };
  return { ...asked, ...answerable(asked) };
}

/** The scale that will be taken: as the server chooses it. */
export function scaleOf({ scale, from, to }: Pick<TrendsState, 'scale' | 'from' | 'to'>): TrendScale {
  const days = daysBetween(from, to);
  if (scale !== 'auto') return scale;
  return days <= 1 ? 'minute' : days <= 14 ? 'hour' : days <= 800 ? 'day' : 'month';
}

/** Hours and minutes know neither survey scanners nor sources, minutes no ports; tools are known of scans by days and months. */
export function answerable(state: TrendsState): Partial<TrendsState> {
  const scale = scaleOf(state);
  if (scale === 'day' || scale === 'month') {
    return state.by === 'tool' ? { port: '', kind: 'scan' } : {};
  }
  const fine: Partial<TrendsState> = { survey: 'include', measure: 'packets' };
  const coarse = state.by === 'tool' || state.by === 'scanClass' || (scale === 'minute' && state.by === 'port');
  if (coarse) fine.by = 'category';
  if (scale === 'minute') fine.port = '';
  return fine;
}

/** As /api/v1/trend takes it. */
export function trendQuery(state: TrendsState, sensors: string[]): string {
  const { log: _, scale, by, yearBefore, ...rest } = state;
  return apiQuery({
    ...rest,
    by,
    scale: scaleOf(state) === scale ? scale : null,
    survey: by === 'scanClass' ? 'include' : rest.survey,
    yearBefore: yearBefore || null,
    series: by === 'category' ? CATEGORIES : null,
    sensor: sensors,
  });
}
