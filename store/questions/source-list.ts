// Sources of a span of days: how many, how many of them new or survey scanners, and which sent most.
import { IPV4_NUMBER, IS_IPV4, ipv4Of } from '../addresses.ts';
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

/** Packets of a source as the choice of survey scans counts them. */
const CHOSEN = { exclude: 'toUInt64(sent - survey)', include: 'sent', only: 'survey' };

/**
 * Exact. Sources are put together once, and then counted and put in order: the counts stand in each row, and in one that is not asked for
 * where no other is. Of one IP version: its sources are told apart as numbers or as addresses.
 */
function sourcesOf({ kind, survey }: SourcesScope, version: 4 | 6): string {
  const [source, address, which] =
    version === 4 ? [IPV4_NUMBER, ipv4Of('source'), IS_IPV4] : ['srcAddr', 'source', `NOT (${IS_IPV4})`];
  const sent = PACKETS_OF_KIND[kind];
  return `SELECT ${version} AS version, toString(${address}) AS srcAddr, chosen, chosen > 0 AND (isFresh OR NOT {fresh:Bool}) AS asked,
       count() OVER () AS sources, sum(isFresh) OVER () AS freshSources, sum(survey > 0) OVER () AS surveyScanners,
       sum(survey) OVER () AS surveyPackets, sum(sent) OVER () AS packets
     FROM (
       SELECT ${source} AS source, sum(${sent}) AS sent, sum(if(scanClass = 'other', 0, ${sent})) AS survey, ${CHOSEN[survey]} AS chosen,
         source NOT IN (SELECT ${source} FROM sourceDaysCurrent WHERE ${SENSORS} AND day < {from:Date} AND ${which}) AS isFresh
       FROM sourceDaysCurrent WHERE ${DAYS} AND ${which} GROUP BY source HAVING sent > 0
     )
     ORDER BY asked DESC, chosen DESC, source LIMIT {limit:UInt32}`;
}

export async function sourceTop(db: Connection, scope: SourcesScope): Promise<TopSources> {
  const rows = await db.query<SourceCounts & { version: number; srcAddr: string; chosen: number; asked: boolean }>(
    `-- Which sources sent most packets in these days, how many were there, how many of them new, how many of survey scanners?
     SELECT * FROM (${sourcesOf(scope, 4)})
     UNION ALL
     SELECT * FROM (${sourcesOf(scope, 6)})`,
    { ...scope, limit: Math.max(1, scope.limit) },
  );
  const counts: SourceCounts = { sources: 0, freshSources: 0, surveyScanners: 0, surveyPackets: 0, packets: 0 };
  for (const version of [4, 6]) {
    const row = rows.find((one) => one.version === version);
    for (const name of Object.keys(counts) as (keyof SourceCounts)[]) counts[name] += row?.[name] ?? 0;
  }
  const top = rows
    .filter(({ asked }) => asked)
    .sort((a, b) => b.chosen - a.chosen || a.version - b.version)
    .slice(0, scope.limit)
    .map(({ srcAddr }) => srcAddr);
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
