// The statement that finds the sources of each port: flows are read once for all that days say of ports.
import { IPV4_NUMBER } from '../addresses.ts';
import type { Chosen } from './chosen.ts';
import { ON_SHARDS } from './on-shards.ts';
import { ofPlace } from './places.ts';
import { numberedPortKey, PORT, portKey } from './port-key.ts';

const KEY = portKey('toUInt16(day)', 'class', 'kind', 'proto', PORT);

/**
 * By the flows of IPv4 sources. Survey scanners that come to most ports have numbers: of each 64 of them a port has a row, with a bit for each
 * that came, which takes half the time of sets of addresses. Others are few on a port, and many in all: their addresses are a set.
 */
function portsHit({ flows4, day, place }: Chosen): string {
  const scanner = ofPlace('place');
  const { key, bit } = numberedPortKey(KEY, 'number');
  return `SELECT ${key} AS hit, sum(flow.packets), sum(flow.bytes),
  groupBitOr(${bit}), groupUniqArrayIf(source, number = 0), []
FROM (
  SELECT ${day} AS day, ${place} AS place, ${scanner.class} AS class, ${scanner.number} AS number,
    ${IPV4_NUMBER} AS source, kind, proto, srcPort, dstPort, packets, bytes
  FROM ${flows4}
) AS flow
GROUP BY hit`;
}

/** The same of IPv6 sources, which are few. */
function portsHit6({ day, class6 }: Chosen, flows6: string): string {
  return `SELECT ${KEY} AS hit, sum(flow.packets), sum(flow.bytes), 0, [], groupUniqArray(srcAddr)
FROM (
  SELECT ${day} AS day, ${class6} AS class, srcAddr, kind, proto, srcPort, dstPort, packets, bytes
  FROM ${flows6}
) AS flow
GROUP BY hit`;
}

/** No source is of both IP versions, has two numbers, or is on two shards: what they count adds up. */
export const makePortHits = (
  chosen: Chosen,
): string => `-- Which ports were hit in these days, by how many packets and which sources, survey scanners apart?
INSERT INTO portHits
WITH ${chosen.places}
SELECT {sensor:String}, {version:UInt64}, now(), * FROM (
${[portsHit(chosen), ...(chosen.flows6 ? [portsHit6(chosen, chosen.flows6)] : [])].join('\nUNION ALL\n')}
)
${ON_SHARDS}`;
