// GET /api/v1/sources and /api/v1/source: who sent packets, and what one of them did.

import type { RangeQuery } from '../report/scope.ts';
import type { SourceList, SourceStory } from '../report/shape-range.ts';
import type { SourcesQuery } from '../report/sources.ts';
import type { Csv, Dataset } from './dataset.ts';
import { kind, parameters, type RangeParameters, range, rangeOf, survey, whole } from './parameters.ts';
import { count, list, object, rangeFacts, text } from './shapes.ts';

type SourcesParameters = RangeParameters & Omit<SourcesQuery, 'sensors' | 'from' | 'to'>;
type StoryParameters = RangeParameters & { srcAddr: string };

export function sourcesDataset(
  ask: (query: SourcesQuery) => Promise<SourceList>,
): Dataset<SourcesParameters, SourceList> {
  return {
    url: '/api/v1/sources',
    summary: 'How many sources there were, and those that sent most packets',
    querystring: parameters({
      ...range,
      kind,
      survey,
      fresh: { type: 'boolean', default: false, description: 'only sources that no earlier day has' },
      limit: whole(1, 1_000, 'sources in the list', 50),
    }),
    response: object({
      ...rangeFacts,
      kind: text,
      survey: text,
      fresh: { type: 'boolean' },
      counts: object({
        sources: count,
        freshSources: count,
        surveyScanners: count,
        surveyPackets: count,
        packets: count,
      }),
      sources: list(
        object({
          srcAddr: text,
          packets: count,
          days: count,
          firstDay: text,
          lastDay: text,
          ports: count,
          scanClass: text,
          organisation: text,
          tools: list(text),
        }),
      ),
      addressesHidden: { type: 'boolean' },
    }),
    ask: ({ kind, survey, fresh, limit, ...query }) => ask({ ...rangeOf(query), kind, survey, fresh, limit }),
    csv: sourcesCsv,
    lastDay: ({ to }) => to,
    file: ({ from, to }) => `umbrascope-sources-${from}-${to}`,
  };
}

export function sourceDataset(
  ask: (query: RangeQuery & { srcAddr: string }) => Promise<SourceStory>,
): Dataset<StoryParameters, SourceStory> {
  const day = {
    day: text,
    packets: count,
    scanPackets: count,
    backscatterPackets: count,
    ports: count,
    scanClass: text,
  };
  return {
    url: '/api/v1/source',
    summary: 'What one source did: its days, its ports, and in which order it tried them',
    querystring: parameters({ ...range, srcAddr: { type: 'string', minLength: 2, maxLength: 45 } }, ['srcAddr']),
    response: object({
      ...rangeFacts,
      srcAddr: text,
      sourceDays: list(object({ ...day, organisation: text, mirai: count, masscan: count, zmap: count })),
      topPorts: list(object({ port: text, kind: text, packets: count, days: count })),
      moments: list(object({ time: count, proto: count, dstPort: count, packets: count })),
      momentsCut: { type: 'boolean' },
    }),
    ask: (query) => ask({ ...rangeOf(query), srcAddr: query.srcAddr }),
    csv: storyCsv,
    lastDay: ({ to }) => to,
    file: ({ srcAddr }) => `umbrascope-source-${srcAddr.replaceAll(':', '-')}`,
  };
}

export function sourcesCsv({ sources }: SourceList): Csv {
  return {
    columns: ['srcAddr', 'packets', 'days', 'firstDay', 'lastDay', 'ports', 'scanClass', 'organisation', 'tools'],
    rows: sources.map((row) => ({ ...row, tools: row.tools.join(' ') })),
  };
}

export function storyCsv({ moments }: SourceStory): Csv {
  return { columns: ['time', 'proto', 'dstPort', 'packets'], rows: moments };
}
