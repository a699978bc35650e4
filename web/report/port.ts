// Everything about one port: the store's questions put together.
import type { Connection } from '../../store/database.ts';
import { portCategories, portTools, portYears } from '../../store/questions/port.ts';
import { UsageError } from '../../store/usage-error.ts';
import { neighboursOf } from './neighbours.ts';
import { checkedRange, type RangeQuery, rangeFacts } from './scope.ts';
import type { PortReport } from './shape-range.ts';

export interface PortQuery extends RangeQuery {
  /** `tcp/23`. */
  port: string;
}

const DEFAULT_DAYS = 365;

export async function portReport(db: Connection, query: PortQuery): Promise<PortReport> {
  const range = await checkedRange(db, query, DEFAULT_DAYS);
  const [name = '', number = ''] = query.port.split('/');
  if (Number(number) > 65_535) throw new UsageError(`port=${query.port}: ports end at 65535`);
  const scope = { ...range, proto: name === 'tcp' ? 6 : 17, dstPort: Number(number) };
  const [facts, years, categories, tools, neighbours] = await Promise.all([
    rangeFacts(db, range),
    portYears(db, scope),
    portCategories(db, scope),
    portTools(db, scope),
    neighboursOf(db, scope, query.port),
  ]);
  const unnamed = facts.rulesVersions
    .filter((version) => !categories.some((named) => named.version === version))
    .map((version) => ({ version, category: 'other', why: '' }));
  return {
    ...facts,
    port: query.port,
    categories: [...categories, ...unnamed],
    years: years.map(({ rank, ...row }) => ({ ...row, rank: rank || null })),
    tools,
    neighbours,
  };
}
