// Packets or distinct sources over time: the rows of the store as series over all buckets of the span, gaps told from zeroes.
import type { Connection } from '../../store/database.ts';
import { type ObservedBucket, observedBuckets, observedMinutes } from '../../store/questions/observed.ts';
import type { RangeScope } from '../../store/questions/range.ts';
import { trendRows } from '../../store/questions/trend.ts';
import type { TrendRow, TrendScope } from '../../store/questions/trend-scope.ts';
import { toolRows } from '../../store/questions/trend-tools.ts';
import { UsageError } from '../../store/usage-error.ts';
import { bucketsOf, scaleFor, secondsOfBucket, yearLater, yearsBefore } from './buckets.ts';
import { instantsOf, notesOf, observedOf } from './every-day.ts';
import { checkedRange, type RangeQuery, rangeFacts } from './scope.ts';
import type { SurveyChoice } from './shape.ts';
import type { Kind, Measure, TrendBy, TrendReport, TrendScale, TrendSeries } from './shape-range.ts';

export interface TrendQuery extends RangeQuery {
  by: TrendBy;
  measure: Measure;
  /** Chosen by the span where it is not given. */
  scale?: TrendScale;
  kind: Kind;
  survey: SurveyChoice;
  /** `tcp/23`. */
  port?: string;
  category?: string;
  /** Series with a name of their own. */
  series: number;
  yearBefore: boolean;
}

const DEFAULT_DAYS = 365;
const REST = 'rest';

/** @throws UsageError when the scale does not know what is asked for */
export async function trendReport(db: Connection, query: TrendQuery): Promise<TrendReport> {
  const range = await checkedRange(db, query, DEFAULT_DAYS);
  const scale = query.scale ?? scaleFor(range.from, range.to);
  checkScale(query, scale);
  const instants = await instantsOf(db, range);
  const buckets = bucketsOf(scale, range, instants);
  const heard = heardBuckets(db, range, scale);
  const [facts, rows, allSources, observed, before, notes] = await Promise.all([
    scale === 'minute' ? rangeFacts(db, range) : rangeFacts(db, range, heard),
    rowsOf(db, query, range, scale),
    query.measure === 'sources' ? rowsOf(db, wholeOf(query), range, scale) : undefined,
    observedShares(heard, range, scale, buckets),
    query.yearBefore ? totalsYearBefore(db, query, range, scale) : undefined,
    notesOf(db, range.from, range.to),
  ]);
  const series = seriesOf(rows, buckets, observed);
  return {
    ...facts,
    scale,
    by: query.by,
    measure: query.measure,
    kind: query.by === 'tool' ? 'scan' : query.kind,
    survey: query.survey,
    port: query.port ?? null,
    category: query.category ?? null,
    buckets,
    observed,
    series,
    all: allSources
      ? (seriesOf(allSources, buckets, observed)[0]?.values ?? emptyOf(observed))
      : sumOf(series, observed),
    yearBefore: before ? buckets.map((bucket) => before.get(bucket) ?? null) : null,
    notes,
  };
}

/** All series as one. */
function wholeOf(query: TrendQuery): TrendQuery {
  return { ...query, by: 'kind', kind: query.by === 'tool' ? 'scan' : query.kind, series: 0 };
}

function emptyOf(observed: readonly number[]): (number | null)[] {
  return observed.map((share) => (share === 0 ? null : 0));
}

function sumOf(series: readonly TrendSeries[], observed: readonly number[]): (number | null)[] {
  const add = (index: number) => series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0);
  return observed.map((share, index) => (share === 0 ? null : add(index)));
}

function checkScale({ by, measure, survey, port }: TrendQuery, scale: TrendScale): void {
  if (by === 'tool' && (port !== undefined || scale === 'hour' || scale === 'minute'))
    throw new UsageError('by=tool: tools are known by days and months, of all ports together');
  if (scale === 'day' || scale === 'month') return;
  if (by === 'scanClass' || survey !== 'include')
    throw new UsageError(`scale=${scale}: survey scanners are told apart by days and months only; ask survey=include`);
  if (measure === 'sources') throw new UsageError(`scale=${scale}: sources are counted by days and months only`);
  if (scale === 'minute' && (by === 'port' || port !== undefined))
    throw new UsageError('scale=minute: ports are counted by hours, days and months only');
}

function rowsOf(db: Connection, query: TrendQuery, range: RangeScope, scale: TrendScale): Promise<TrendRow[]> {
  const { by, measure, kind, survey, port = '', category = '', series } = query;
  if (by === 'tool' && (scale === 'day' || scale === 'month'))
    return toolRows(db, { ...range, by: 'kind', kind, survey, port, category, series }, scale, measure);
  const scope: TrendScope = { ...range, by: by === 'tool' ? 'kind' : by, kind, survey, port, category, series };
  return trendRows(db, scope, scale, measure);
}

/** By bucket, as the bucket one year later is named. 29 February has no day in the year after. */
async function totalsYearBefore(
  db: Connection,
  query: TrendQuery,
  range: RangeScope,
  scale: TrendScale,
): Promise<Map<string, number | null>> {
  const earlier = { ...range, from: yearsBefore(range.from), to: yearsBefore(range.to) };
  const whole = wholeOf(query);
  const buckets = bucketsOf(scale, earlier, await instantsOf(db, earlier));
  const [rows, observed] = await Promise.all([
    rowsOf(db, whole, earlier, scale),
    observedShares(heardBuckets(db, earlier, scale), earlier, scale, buckets),
  ]);
  const values = new Map(rows.map(({ bucket, value }) => [bucket, value]));
  return new Map(
    buckets.flatMap((bucket, index) => {
      const later = yearLater(bucket);
      const value = values.has(bucket) ? (values.get(bucket) ?? null) : 0;
      return later === undefined ? [] : [[later, observed[index] === 0 ? null : value]];
    }),
  );
}

function heardBuckets(db: Connection, range: RangeScope, scale: TrendScale): Promise<ObservedBucket[]> {
  if (scale === 'minute') return observedMinutes(db, range);
  return scale === 'hour' ? observedBuckets(db, range, scale) : observedOf(db, range, scale);
}

async function observedShares(
  heard: Promise<ObservedBucket[]>,
  range: RangeScope,
  scale: TrendScale,
  buckets: readonly string[],
): Promise<number[]> {
  const rows = await heard;
  const seconds = new Map(rows.map(({ bucket, observedSeconds }) => [bucket, observedSeconds]));
  return buckets.map((bucket) => Math.min(1, (seconds.get(bucket) ?? 0) / secondsOfBucket(bucket, scale, range)));
}

/** What has no name of its own lies on top of the others. */
const last = (series: string) => (series === REST ? 2 : series === 'other' || series === 'none' ? 1 : 0);

function seriesOf(rows: readonly TrendRow[], buckets: readonly string[], observed: readonly number[]): TrendSeries[] {
  const places = new Map(buckets.map((bucket, index) => [bucket, index]));
  const lines = new Map<string, (number | null)[]>();
  for (const { bucket, series, value } of rows) {
    const name = series === '' ? REST : series;
    const values = lines.get(name) ?? new Array<number | null>(buckets.length).fill(0);
    lines.set(name, values);
    const at = places.get(bucket);
    if (at !== undefined) values[at] = value;
  }
  return [...lines]
    .map(([series, values]) => ({
      series,
      values: values.map((value, index) => (observed[index] === 0 ? null : value)),
      total: values.reduce<number>((a, b) => a + (b ?? 0), 0),
    }))
    .sort((a, b) => last(a.series) - last(b.series) || b.total - a.total);
}
