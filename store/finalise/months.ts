// The statements that make months of days and years of months, by versions as days are made.
import { knownSourcesIf, MERGED_SKETCH, sketchedCategoryDays, sketchedPortDays } from '../sketches.ts';
import { TCP, UDP } from './sources.ts';

/** The first condition alone would be true of the same rows; the others are looked up in the index. */
const OF_MONTHS = `sensor = {sensor:String} AND toStartOfMonth(day) IN {months:Array(Date)}
    AND day >= {months:Array(Date)}[1] AND day < addMonths({months:Array(Date)}[-1], 1)`;

/**
 * Sketches of many ports may be more than memory holds. Groups are parted, as they must be to be put on disk, when they have half of that:
 * to part those of one day and put them together again would be for nothing. Rows are few, and merging a sketch takes long: threads share
 * them by the granule.
 */
const BOUNDED = `SETTINGS max_bytes_before_external_group_by = 300000000, group_by_two_level_threshold = 1000000,
  group_by_two_level_threshold_bytes = 150000000, merge_tree_min_rows_for_concurrent_read = 8192, merge_tree_min_bytes_for_concurrent_read = 1`;

export const PORT_MONTHS = `-- Which ports were hit in these months?
INSERT INTO portMonths
SELECT {sensor:String}, toStartOfMonth(day) AS month, {version:UInt64}, scanClass, kind, proto, dstPort, any(category),
  sum(packets), sum(bytes), ${MERGED_SKETCH}, sum(unsketched)
FROM ${sketchedPortDays(OF_MONTHS)}
GROUP BY month, scanClass, kind, proto, dstPort
${BOUNDED}`;

export const CATEGORY_MONTHS = `-- How much of each category came in these months?
INSERT INTO categoryMonths
SELECT {sensor:String}, toStartOfMonth(day) AS month, {version:UInt64}, scanClass, kind, category,
  sum(packets), sum(bytes), ${MERGED_SKETCH}, sum(unsketched)
FROM ${sketchedCategoryDays(OF_MONTHS)}
GROUP BY month, scanClass, kind, category`;

/** The versions that were there before the rows were made: of a day that was made anew meanwhile the month is found stale. */
export const MONTHS = `-- From which versions of their days were these months made?
INSERT INTO months
SELECT {sensor:String}, {months:Array(Date)}[place], {version:UInt64}, toUInt64({seen:Array(String)}[place])
FROM (SELECT arrayJoin(arrayEnumerate({months:Array(Date)})) AS place)`;

/** Ports up to this rank, whichever of the three, have their months with them. */
export const RANKS_WITH_MONTHS = 1000;

/** What a port is ranked by; a rank is 0 where there is nothing of it. */
const RANKED = { rankExclude: 'other', rankInclude: 'other + survey', rankOnly: 'survey' };
/** Whose sources are counted. */
const SOURCES = { sourcesExclude: "scanClass = 'other'", sourcesInclude: '1', sourcesOnly: "scanClass != 'other'" };
const rankText = ([name, packets]: [string, string]) =>
  `if(isRanked AND ${packets} > 0, row_number() OVER (ORDER BY if(isRanked, ${packets}, 0) DESC, proto, dstPort), 0) AS ${name}`;

const OF_EACH_MONTH = Array.from(
  { length: 12 },
  (_, place) => `sumIf(portMonthsCurrent.packets, toMonth(month) = ${place + 1})`,
).join(', ');

export const PORT_YEARS = `-- Which ports were hit in this year, and which rank has each?
INSERT INTO portYears
WITH hit AS (
  SELECT scanClass, kind, proto, dstPort, any(category) AS category, sum(packets) AS packets, sum(bytes) AS bytes,
    ${MERGED_SKETCH} AS sketch, sum(unsketched) AS unsketched,
    [${OF_EACH_MONTH}] AS ofMonths
  FROM portMonthsCurrent WHERE sensor = {sensor:String} AND toYear(month) = {year:UInt16}
  GROUP BY scanClass, kind, proto, dstPort
),
ranked AS (
  SELECT kind, proto, dstPort, kind = 'scan' AND proto IN (${TCP}, ${UDP}) AS isRanked,
    ${Object.entries(RANKED).map(rankText).join(',\n    ')}, ${Object.keys(SOURCES).join(', ')}
  FROM (
    SELECT kind, proto, dstPort, sumIf(packets, scanClass = 'other') AS other, sumIf(packets, scanClass != 'other') AS survey,
      ${Object.entries(SOURCES)
        .map(([name, which]) => `${knownSourcesIf(which)} AS ${name}`)
        .join(',\n      ')}
    FROM portMonthsCurrent WHERE sensor = {sensor:String} AND toYear(month) = {year:UInt16}
    GROUP BY kind, proto, dstPort
  )
)
SELECT {sensor:String}, {year:UInt16}, {version:UInt64}, scanClass, hit.kind, hit.proto, hit.dstPort, category, packets, bytes, sketch, unsketched,
  ${Object.keys(RANKED).join(', ')},
  if(${Object.keys(RANKED)
    .map((rank) => `${rank} BETWEEN 1 AND ${RANKS_WITH_MONTHS}`)
    .join(' OR ')}, ofMonths, []), ${Object.keys(SOURCES).join(', ')}
FROM hit LEFT JOIN ranked ON ranked.kind = hit.kind AND ranked.proto = hit.proto AND ranked.dstPort = hit.dstPort
${BOUNDED}`;

export const YEARS = `-- From which versions of its months was this year made?
INSERT INTO years SELECT {sensor:String}, {year:UInt16}, {version:UInt64}, toUInt64({seen:String})`;
