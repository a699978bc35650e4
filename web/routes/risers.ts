// GET /api/v1/risers: the ports that rose most from one month to the next.
import type { RisersQuery } from '../report/risers.ts';
import type { RiserReport } from '../report/shape-range.ts';
import type { Dataset } from './dataset.ts';
import { parameters, sensors, survey, whole } from './parameters.ts';
import { count, list, nullable, number, object, rangeFacts, text } from './shapes.ts';

type RiserParameters = Omit<RisersQuery, 'sensors'> & { sensor: string[] };

export function risersDataset(
  ask: (query: RisersQuery) => Promise<RiserReport>,
): Dataset<RiserParameters, RiserReport> {
  return {
    url: '/api/v1/risers',
    summary: 'The TCP and UDP ports that were scanned most more than in the month before',
    querystring: parameters({
      month: {
        type: 'string',
        pattern: '^(19[7-9]\\d|20\\d\\d|210[0-5])-(0[1-9]|1[0-2])$',
        description: 'YYYY-MM; without it the last month that is over',
      },
      sensor: sensors,
      survey: { ...survey, default: 'exclude' },
      limit: whole(1, 1_000, 'ports in the list', 30),
    }),
    response: object({
      ...rangeFacts,
      survey: text,
      ports: list(
        object({
          port: text,
          category: text,
          packets: count,
          packetsBefore: count,
          growth: nullable(number),
          rank: count,
          rankBefore: nullable(count),
        }),
      ),
    }),
    ask: ({ sensor, month, survey, limit }) => ask({ ...(month ? { month } : {}), sensors: sensor, survey, limit }),
    csv: ({ ports }) => ({
      columns: ['port', 'category', 'packets', 'packetsBefore', 'growth', 'rank', 'rankBefore'],
      rows: ports.map((row) => ({ ...row })),
    }),
    file: ({ from }) => `umbrascope-risers-${from.slice(0, 7)}`,
  };
}
