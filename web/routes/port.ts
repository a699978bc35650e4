// GET /api/v1/port: everything about one TCP or UDP port that is scanned.
import type { PortQuery } from '../report/port.ts';
import type { PortReport } from '../report/shape-range.ts';
import type { Dataset } from './dataset.ts';
import { parameters, type RangeParameters, range, rangeOf, TRANSPORT_PORT } from './parameters.ts';
import { count, list, nullable, number, object, rangeFacts, text } from './shapes.ts';

type PortParameters = RangeParameters & { port: string };

export function portDataset(ask: (query: PortQuery) => Promise<PortReport>): Dataset<PortParameters, PortReport> {
  return {
    url: '/api/v1/port',
    summary: 'One port: its years, category and reason, tools, and the ports that move with it',
    querystring: parameters({ ...range, port: { type: 'string', pattern: TRANSPORT_PORT, description: 'tcp/23' } }, [
      'port',
    ]),
    response: object({
      ...rangeFacts,
      port: text,
      categories: list(object({ version: text, category: text, why: text })),
      years: list(
        object({ year: count, packets: count, surveyPackets: count, sources: nullable(count), rank: nullable(count) }),
      ),
      tools: list(object({ tool: text, packets: count, sources: count })),
      neighbours: list(object({ port: text, category: text, packets: count, correlation: number })),
    }),
    ask: (query) => ask({ ...rangeOf(query), port: query.port }),
    csv: ({ years }) => ({ columns: ['year', 'packets', 'surveyPackets', 'sources', 'rank'], rows: years }),
    file: ({ port }) => `umbrascope-port-${port.replace('/', '-')}`,
  };
}
