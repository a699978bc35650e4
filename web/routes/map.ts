// GET /api/v1/map: packets or sources by address, for the address maps.
import type { MapQuery } from '../report/map.ts';
import type { MapReport } from '../report/shape-range.ts';
import type { Csv, Dataset } from './dataset.ts';
import { choice, kind, parameters, type RangeParameters, range, rangeOf } from './parameters.ts';
import { count, list, nullable, number, object, rangeFacts, text } from './shapes.ts';

type MapParameters = RangeParameters & Omit<MapQuery, 'sensors' | 'from' | 'to'>;

export function mapDataset(ask: (query: MapQuery) => Promise<MapReport>): Dataset<MapParameters, MapReport> {
  const cells = list({ type: 'array', items: number, minItems: 2, maxItems: 2, description: 'cell and value' });
  return {
    url: '/api/v1/map',
    summary: 'Packets or sources by address: of the Internet, or of the monitored addresses by their place',
    querystring: parameters({
      ...range,
      of: choice(['sources', 'dark'], 'the Internet that packets come from, or the monitored addresses', 'sources'),
      measure: choice(['packets', 'sources'], 'what is counted', 'packets'),
      kind: { ...kind, default: 'all' },
      bits: {
        type: 'integer',
        enum: [8, 10, 12, 14, 16],
        default: 8,
        description: 'of a source address that make a cell',
      },
      frames: {
        type: 'boolean',
        default: false,
        description: 'also hour by hour (up to 2 days) or day by day (up to 100)',
      },
    }),
    response: object({
      ...rangeFacts,
      of: text,
      measure: text,
      kind: text,
      order: count,
      bits: count,
      monitored: nullable(count),
      cells,
      frames: list(object({ at: text, cells })),
    }),
    ask: ({ of, measure, kind, bits, frames, ...query }) => ask({ ...rangeOf(query), of, measure, kind, bits, frames }),
    csv: mapCsv,
    lastDay: ({ to }) => to,
    file: ({ of, from, to }) => `umbrascope-map-${of}-${from}-${to}`,
  };
}

export function mapCsv({ cells }: MapReport): Csv {
  return { columns: ['cell', 'value'], rows: cells.map(([cell, value]) => ({ cell, value })) };
}
