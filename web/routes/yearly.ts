// GET /api/v1/yearly: the year-on-year report as JSON, CSV or the finished chart as SVG.
import { renderSvg } from '../charts/render.ts';
import { yearlyChart } from '../charts/yearly.ts';
import type { Questions } from '../questions.ts';
import { yearlyCsv } from '../report/csv.ts';
import type { YearlyReport } from '../report/shape.ts';
import type { Dataset } from './dataset.ts';
import { count, list, nullable, number, object, text } from './shapes.ts';
import { queryOf, type YearlyParameters, yearlySchema } from './yearly-parameters.ts';

const group = object({
  group: text,
  packets: count,
  share: number,
  length: number,
  growth: nullable(number),
  notes: list(text),
});
const port = { proto: text, dstPort: count, category: text };
const year = object({
  year: count,
  packets: count,
  surveyPackets: count,
  backscatterPackets: count,
  otherPackets: count,
  allPackets: count,
  perAddress: nullable(number),
  secondsPerPacket: nullable(number),
  coverage: number,
  monitoredAddresses: nullable(number),
  groups: list(group),
  topPorts: list(
    object({
      rank: count,
      previousRank: nullable(count),
      ...port,
      packets: count,
      sources: nullable(count),
      share: number,
      months: list(count),
    }),
  ),
  leftPorts: list(object({ ...port, previousRank: count, rank: nullable(count) })),
});

export function yearlyDataset(questions: Questions): Dataset<YearlyParameters, YearlyReport> {
  return {
    url: '/api/v1/yearly',
    summary: 'The year-on-year report: groups of ports, shares, volumes, growth, the top ports',
    querystring: yearlySchema(questions.schemes),
    response: object({
      scheme: text,
      base: count,
      top: count,
      survey: text,
      months: { type: 'array', items: count, minItems: 2, maxItems: 2 },
      normalise: text,
      sensors: list(text),
      rulesVersions: list(text),
      surveyRule: object({ minPorts: count, minPacketsPerAddress: number }),
      years: list(year),
    }),
    ask: async (parameters) => {
      const query = queryOf(parameters, await questions.years());
      if (query.years.length === 0) throw noDataYet();
      return questions.yearly(query);
    },
    csv: yearlyCsv,
    svg: (report, { lang }) => renderSvg((document) => yearlyChart(document, report, { lang })),
    lastDay: ({ years, months }) => years && lastDayOf(years, months),
    file: ({ years }) => `umbrascope-${[...new Set([years[0]?.year, years.at(-1)?.year])].join('-')}`,
  };
}

/** Of the latest month asked about. */
function lastDayOf(years: string, months: string): string {
  const year = Math.max(...years.split(',').map(Number));
  return new Date(Date.UTC(year, Number(months.split('-')[1]), 0)).toISOString().slice(0, 10);
}

function noDataYet(): Error {
  return Object.assign(new Error('There is no data yet.'), { statusCode: 404 });
}
