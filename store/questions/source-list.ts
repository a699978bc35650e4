// Sources of a span of days: how many, how many of them new or survey scanners, and which sent most.
import { IPV4_NUMBER, IS_IPV4, IS_IPV6, ipv4Of } from '../addresses.ts';
import type { Connection } from '../database.ts';
import { DAYS, PACKETS_OF_KIND, SENSORS, SURVEY } from './conditions.ts';
import type { RangeScope } from './range.ts';

export interface SourcesScope extends RangeScope {
  kind: 'scan' | 'backscatter' | 'other' | 'all';
  survey: 'exclude' | 'include' | 'only';
  /** Only those that no earlier day has. */
  fresh: boolean;
  limit: number;
}

export interface SourceCounts {
  sources: number;
  /** Of them, those that no earlier day has. */
  freshSources: number;
  surveyScanners: number;
  surveyPackets: number;
  packets: number;
}

export interface TopSources {
  /** Of all sources, whichever are asked for. */
  counts: SourceCounts;
  /** Those with most packets of what is asked for, IPv4 as ::ffff:a.b.c.d, by their packets, then by address. */
  top: string[];
}

/** Packets of a source as each choice of survey scans counts them. */
const CHOSEN = { exclude: 'sent - survey', include: 'sent', only: 'survey' };
type Choice = keyof typeof CHOSEN;
const CHOICES = Object.keys(CHOSEN) as Choice[];

/**
 * Exact. Sources are put together once, and then counted and put in order for every choice of survey scans, which takes hardly longer than
 * for one. Of one IP version: its sources are told apart as numbers or as addresses.
 */
function sourcesOf({ kind, limit }: SourcesScope, version: 4 | 6): string {
  const [source, address, which] =
    version === 4 ? [IPV4_NUMBER, ipv4Of('source'), IS_IPV4] : ['srcAddr', 'source', IS_IPV6];
  const sent = PACKETS_OF_KIND[kind];
  const top = (choice: Choice) =>
    `arrayMap((less, source) -> (-less, toString(${address})), top${choice}.1, top${choice}.2) AS ${choice}`;
  const inOrder = (choice: Choice) =>
    `groupArraySortedIf(${limit})((-toInt64(${CHOSEN[choice]}), source), ${CHOSEN[choice]} > 0 AND (isFresh OR NOT {fresh:Bool})) AS top${choice}`;
  return `SELECT ${version} AS version, sources, freshSources, surveyScanners, surveyPackets, packets, ${CHOICES.map(top).join(', ')}
     FROM (
       SELECT count() AS sources, sum(isFresh) AS freshSources, sum(survey > 0) AS surveyScanners, sum(survey) AS surveyPackets,
         sum(sent) AS packets, ${CHOICES.map(inOrder).join(',\n         ')}
       FROM (
         SELECT ${source} AS source, sum(${sent}) AS sent, sum(${sent} * (scanClass != 'other')) AS survey,
           source NOT IN (SELECT ${source} FROM sourceDaysCurrent WHERE ${SENSORS} AND day < {from:Date} AND ${which}) AS isFresh
         FROM sourceDaysCurrent WHERE ${DAYS} AND ${which} GROUP BY source HAVING sent > 0
       )
     )`;
}

type Ordered = [packets: number, srcAddr: string][];

/** @param scope its limit is 1 at least */
export async function sourceTop(db: Connection, scope: SourcesScope): Promise<TopSources> {
  const { sensors, from, to, fresh, limit, survey } = scope;
  const rows = await db.query<SourceCounts & Record<Choice, Ordered>>(
    `-- Which sources sent most packets in these days, how many were there, how many of them new, how many of survey scanners?
     SELECT * FROM (${sourcesOf(scope, 4)})
     UNION ALL
     SELECT * FROM (${sourcesOf(scope, 6)})
     ORDER BY version`,
    { sensors, from, to, fresh },
  );
  const counts: SourceCounts = { sources: 0, freshSources: 0, surveyScanners: 0, surveyPackets: 0, packets: 0 };
  for (const row of rows) for (const name of Object.keys(counts) as (keyof SourceCounts)[]) counts[name] += row[name];
  const top = rows
    .flatMap((row) => row[survey])
    .sort(([a], [b]) => b - a)
    .slice(0, limit)
    .map(([, srcAddr]) => srcAddr);
  return { counts, top };
}

export interface SourceRow {
  srcAddr: string;
  packets: number;
  days: number;
  firstDay: string;
  lastDay: string;
  /** Most distinct ports scanned in a day. */
  ports: number;
  scanClass: string;
  organisation: string;
  tools: string[];
}

/** @param top the sources, in the order in which they are wanted */
export async function sourceRows(db: Connection, scope: SourcesScope, top: readonly string[]): Promise<SourceRow[]> {
  if (top.length === 0) return [];
  const rows = await db.query<Omit<SourceRow, 'srcAddr'> & { address: string }>(
    `-- What are these sources?
     SELECT replaceRegexpOne(toString(source.srcAddr), '^::ffff:', '') AS address, sum(${PACKETS_OF_KIND[scope.kind]}) AS packets,
       uniqExact(day) AS days, toString(min(day)) AS firstDay, toString(max(day)) AS lastDay, max(source.ports) AS ports,
       toString(max(source.scanClass)) AS scanClass, toString(max(source.organisation)) AS organisation,
       arrayFilter(tool -> tool != '',
         [if(sum(mirai) > 0, 'mirai', ''), if(sum(masscan) > 0, 'masscan', ''), if(sum(zmap) > 0, 'zmap', '')]) AS tools
     FROM (SELECT * FROM sourceDaysCurrent WHERE ${DAYS} AND ${SURVEY} AND srcAddr IN {top:Array(IPv6)}) AS source
     GROUP BY source.srcAddr ORDER BY indexOf({top:Array(IPv6)}, source.srcAddr)`,
    { ...scope, top },
  );
  return rows.map(({ address, ...row }) => ({ srcAddr: address, ...row }));
}
