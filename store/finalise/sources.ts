// The statements that make days of sources. Of millions of sources a part is made at a time: what is known of each is then in memory, and goes to
// no disk, and two parts are made and written beside each other.
import { IPV4_NUMBER, ipv4Of } from '../addresses.ts';
import type { Connection } from '../database.ts';
import { type Chosen, IN_SPAN } from './chosen.ts';
import { ON_SHARDS } from './on-shards.ts';
import { SCAN_CLASSES } from './port-key.ts';

export const TCP = 6;
export const UDP = 17;
const MIRAI = 1;
const MASSCAN = 2;
const ZMAP = 4;

/** Sources of a part: what is known of two parts at once stays below what a statement may take before it goes to disk. */
const MOST_SOURCES = 1_250_000;
/** Half-filled pieces more would have to be merged. */
const IN_ONE_PIECE = `min_insert_block_size_rows = ${2 * MOST_SOURCES}, min_insert_block_size_bytes = 0`;
/** Addresses and hours of which one is looked at to tell about how many sources there are. */
const SAMPLED = 64;
const SAMPLED_HOURS = 12;

/** Sources whose number leaves this remainder: all of them where `parts` is 1. */
export interface Part {
  parts: number;
  part: number;
}

/** Every 12th of the hours in which packets came. */
const SOME_HOURS = `hour IN (
    SELECT arrayJoin(arrayFilter((since, place) -> place % ${SAMPLED_HOURS} = 1, arraySort(groupUniqArray(hour)) AS hours, arrayEnumerate(hours)))
    FROM fateHours WHERE ${IN_SPAN} AND fate = 'counted'
  )`;

/** About how many sources there are, each day its own: those of one address in 64. */
const sourcesOf64 = ({ flows, day }: Chosen, which: string): string => `-- About how many sources came in these days?
SELECT ${SAMPLED} * uniqExact(srcAddr, ${day}) AS sources FROM ${flows}
  AND ${IPV4_NUMBER} % ${SAMPLED} = 0 AND ${which}`;

/**
 * The parts in which the sources of days are made. All hours are looked at only where some have so many sources that together they might
 * have too many: what is found decides only how the days are made.
 * @param span which days
 * @param packets how many came, which are no less than sources
 */
export async function partsOfSources(
  db: Connection,
  chosen: Chosen,
  span: Record<string, unknown>,
  packets: number,
): Promise<Part[]> {
  const about = async (which: string) => {
    const [row] = await db.query<{ sources: number }>(sourcesOf64(chosen, which), span);
    return row?.sources ?? 0;
  };
  const areFew = packets <= MOST_SOURCES || (await about(SOME_HOURS)) * SAMPLED_HOURS <= MOST_SOURCES;
  const parts = areFew ? 1 : Math.max(1, Math.ceil((await about('1')) / MOST_SOURCES));
  return Array.from({ length: parts }, (_, part) => ({ parts, part }));
}

const scanned = (proto: number) => `(kind = 'scan' AND proto = ${proto})`;
/** Distinct ports as bits, for each protocol: of numbers of 32 bits, which hold both, that takes three times as long. */
const PORTS_OF_FEW = `groupBitmapIf(dstPort, ${scanned(TCP)}) + groupBitmapIf(dstPort, ${scanned(UDP)})`;
/** Of many sources most have few ports, for which sets take less memory, and half the time. */
const PORTS_OF_MANY = `uniqExactIf(toUInt32(proto) * 65536 + dstPort, ${scanned(TCP)} OR ${scanned(UDP)})`;

/**
 * What the sources of one IP version did.
 * @param flows theirs
 * @param day of a flow
 * @param source what tells them apart
 * @param address how that is an address again
 */
function sourcesOf(flows: string, day: string, source: string, address: string, areMany: boolean): string {
  return `SELECT day, ${address} AS srcAddr, packets, bytes, synPackets + udpPackets + furtherPackets AS scanPackets, backscatterPackets,
    synPackets + udpPackets AS surveyPackets, ports, mirai, synPackets, allMarks
  FROM (
    SELECT ${day} AS day, ${source} AS source, sum(flows.packets) AS packets, sum(flows.bytes) AS bytes,
      sumIf(flows.packets, ${scanned(TCP)}) AS synPackets,
      sumIf(flows.packets, ${scanned(UDP)}) AS udpPackets,
      sumIf(flows.packets, kind = 'scan' AND proto NOT IN (${TCP}, ${UDP})) AS furtherPackets,
      sumIf(flows.packets, kind = 'backscatter') AS backscatterPackets,
      ${areMany ? PORTS_OF_MANY : PORTS_OF_FEW} AS ports,
      sumIf(flows.packets, bitAnd(toolMarks, ${MIRAI}) != 0) AS mirai,
      groupBitAndIf(toolMarks, ${scanned(TCP)}) AS allMarks
    FROM ${flows}
    GROUP BY day, source
  )`;
}

/** Addresses monitored on each day that has any: a lookup, since a join of many sources takes as long as counting them. */
const MONITORED = `(
  SELECT (groupArray(toUInt16(day)), groupArray(most)) FROM (
    SELECT toDate(hour, {timeZone:String}) AS day, max(monitoredAddresses) AS most
    FROM coverage WHERE sensor = {sensor:String} AND monitoredAddresses > 0 GROUP BY day
  ))`;

/**
 * Sources first: they say who is a survey scanner, surveySuspected (2) or other (1). A 16-bit tool mark counts only where all of a day's SYNs
 * bear it. Classes are numbers, and texts in their dictionary, since millions of texts would be looked up.
 */
export function makeSourceDays(chosen: Chosen, { parts, part }: Part = { parts: 1, part: 0 }): string {
  const areMany = parts > 1;
  const ofPart = (flows: string, number: string) => (areMany ? `${flows} AND ${number} % ${parts} = ${part}` : flows);
  const { day, flows4, flows6 } = chosen;
  const versions = [sourcesOf(ofPart(flows4, IPV4_NUMBER), day, IPV4_NUMBER, ipv4Of('source'), areMany)];
  if (flows6) versions.push(sourcesOf(ofPart(flows6, 'cityHash64(srcAddr)'), day, 'srcAddr', 'source', areMany));
  return `-- What did each source do in these days, and is it a survey scanner?
INSERT INTO sourceDays
WITH ${MONITORED} AS monitored,
  if(empty(monitored.1), 0, transform(toUInt16(day), monitored.1, monitored.2, toUInt32(0))) AS addresses
SELECT toLowCardinality({sensor:String}), day, {version:UInt64}, srcAddr, packets, bytes, scanPackets, backscatterPackets, ports,
  mirai,
  if(bitAnd(allMarks, ${MASSCAN}) != 0 AND synPackets > 0, synPackets, 0),
  if(bitAnd(allMarks, ${ZMAP}) != 0 AND synPackets > 0, synPackets, 0),
  CAST(toInt8(1 + (addresses > 0 AND ports >= {minPorts:UInt32} AND surveyPackets >= {minPacketsPerAddress:Float64} * addresses))
    AS ${SCAN_CLASSES}),
  toLowCardinality('')
FROM (
  ${versions.join('\n  UNION ALL\n  ')}
)
${ON_SHARDS}${areMany ? `, max_threads = 1, ${IN_ONE_PIECE}` : ''}`;
}
