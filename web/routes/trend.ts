// GET /api/v1/trend: packets or distinct sources over time.

import type { TrendReport } from '../report/shape-range.ts';
import type { TrendQuery } from '../report/trend.ts';
import type { Csv, Dataset } from './dataset.ts';
import { choice, kind, PORT, parameters, type RangeParameters, range, rangeOf, survey, whole } from './parameters.ts';
import { count, list, note, nullable, number, object, rangeFacts, text } from './shapes.ts';

type TrendParameters = RangeParameters & Omit<TrendQuery, 'sensors' | 'from' | 'to'>;

const SCALES = ['minute', 'hour', 'day', 'month'];
const BY = ['category', 'port', 'kind', 'scanClass', 'tool'];

export const trendShape = object({
  ...rangeFacts,
  scale: choice(SCALES, 'length of a bucket'),
  by: text,
  measure: text,
  kind: text,
  survey: text,
  port: nullable(text),
  category: nullable(text),
  buckets: list(text),
  observed: list(number),
  series: list(object({ series: text, values: list(nullable(number)), total: count })),
  all: list(nullable(number)),
  yearBefore: { type: ['array', 'null'], items: nullable(number) },
  notes: list(note),
});

export function trendDataset(ask: (query: TrendQuery) => Promise<TrendReport>): Dataset<TrendParameters, TrendReport> {
  return {
    url: '/api/v1/trend',
    summary: 'Packets or distinct sources over time, by category, port, kind, scan class or tool',
    querystring: parameters({
      ...range,
      by: choice(BY, 'what the series are', 'category'),
      measure: choice(['packets', 'sources'], 'what is counted; distinct sources within about 1 %', 'packets'),
      scale: choice(SCALES, 'length of a bucket; without it by the length of the span'),
      kind,
      survey,
      port: {
        type: 'string',
        pattern: PORT,
        description: 'only this port, as tcp/23; for backscatter the source port',
      },
      category: { type: 'string', minLength: 1, maxLength: 100, description: 'only this category' },
      series: whole(1, 40, 'series with a name of their own; what is left is the series rest', 8),
      yearBefore: { type: 'boolean', default: false, description: 'with the same days of the year before' },
    }),
    response: trendShape,
    ask: ({ sensor, from, to, ...query }) => {
      return ask({ ...query, ...rangeOf({ sensor, ...(from ? { from } : {}), ...(to ? { to } : {}) }) });
    },
    csv: trendCsv,
    lastDay: ({ to }) => to,
    file: ({ from, to, by }) => `umbrascope-trend-${by}-${from}-${to}`,
  };
}

/** A row for each bucket, a column for each series; what was not observed is empty. */
export function trendCsv({ buckets, observed, series, all, yearBefore }: TrendReport): Csv {
  const columns = [
    'bucket',
    'observed',
    ...series.map((each) => each.series),
    'all',
    ...(yearBefore ? ['yearBefore'] : []),
  ];
  const rows = buckets.map((bucket, index) => ({
    bucket,
    observed: observed[index],
    all: all[index],
    ...Object.fromEntries(series.map((each) => [each.series, each.values[index]])),
    ...(yearBefore ? { yearBefore: yearBefore[index] } : {}),
  }));
  return { columns, rows };
}
