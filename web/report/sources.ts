// Sources: the list of a span, and the story of one of them. A server that shows no addresses still counts them.
import { isIP } from 'node:net';
import type { Connection } from '../../store/database.ts';
import { portMoments, sourceDays, sourcePorts } from '../../store/questions/source.ts';
import { sourceRows, sourceTop } from '../../store/questions/source-list.ts';
import { UsageError } from '../../store/usage-error.ts';
import { checkedRange, type RangeQuery, rangeFacts } from './scope.ts';
import type { SurveyChoice } from './shape.ts';
import type { Kind, SourceList, SourceStory } from './shape-range.ts';

export interface SourcesQuery extends RangeQuery {
  kind: Kind;
  survey: SurveyChoice;
  fresh: boolean;
  limit: number;
}

const DEFAULT_DAYS = 30;
const MOST_PORTS = 50;
const MOST_MOMENTS = 5_000;

export async function sourceList(db: Connection, query: SourcesQuery, seeAddresses: boolean): Promise<SourceList> {
  const range = await checkedRange(db, query, DEFAULT_DAYS);
  const { kind, survey, fresh, limit } = query;
  const scope = { ...range, kind, survey, fresh, limit };
  const [facts, { counts, top }] = await Promise.all([rangeFacts(db, range), sourceTop(db, scope)]);
  const sources = seeAddresses ? await sourceRows(db, scope, top) : [];
  return { ...facts, kind, survey, fresh, counts, sources, addressesHidden: !seeAddresses };
}

export async function sourceStory(db: Connection, query: RangeQuery & { srcAddr: string }): Promise<SourceStory> {
  const version = isIP(query.srcAddr);
  if (version === 0) throw new UsageError(`srcAddr=${query.srcAddr} is no IPv4 or IPv6 address`);
  const range = await checkedRange(db, query, DEFAULT_DAYS);
  const scope = { ...range, srcAddr: version === 4 ? `::ffff:${query.srcAddr}` : query.srcAddr };
  const [facts, days, topPorts, moments] = await Promise.all([
    rangeFacts(db, range),
    sourceDays(db, scope),
    sourcePorts(db, scope, MOST_PORTS),
    portMoments(db, scope, MOST_MOMENTS + 1),
  ]);
  return {
    ...facts,
    srcAddr: query.srcAddr,
    sourceDays: days,
    topPorts,
    moments: moments.slice(0, MOST_MOMENTS),
    momentsCut: moments.length > MOST_MOMENTS,
  };
}
