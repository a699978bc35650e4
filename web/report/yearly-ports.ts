// The ports of a year in the report: its top, each with its rank the year before and its months, and what left the top.
import type { YearPort } from '../../store/questions/year-ports.ts';
import type { YearPortMonth, YearTotal } from '../../store/questions/yearly.ts';
import type { YearlyQuery } from '../questions.ts';
import type { LeftPort, ReportPort } from './shape.ts';

const PROTO_NAMES: Record<number, string> = { 6: 'tcp', 17: 'udp' };

export interface YearParts {
  year: number;
  before: number | undefined;
  query: YearlyQuery;
  total: YearTotal;
  ports: readonly YearPort[];
}

export function totalOf(totals: readonly YearTotal[], year: number): YearTotal {
  const none = { year, scanPackets: 0, surveyPackets: 0, backscatterPackets: 0, otherPackets: 0 };
  return totals.find((total) => total.year === year) ?? none;
}

export function chosenPackets(total: YearTotal, survey: YearlyQuery['survey']): number {
  if (survey === 'include') return total.scanPackets;
  return survey === 'only' ? total.surveyPackets : total.scanPackets - total.surveyPackets;
}

const nameOf = ({ proto, dstPort }: YearPort) => `${proto}/${dstPort}`;

function portsOf(ports: readonly YearPort[], year: number | undefined): Map<string, YearPort> {
  return new Map(ports.filter((port) => port.year === year).map((port) => [nameOf(port), port]));
}

export function topPortsOf(parts: YearParts & { months: readonly YearPortMonth[] }): ReportPort[] {
  const { year, before, query, total, ports, months } = parts;
  const packets = chosenPackets(total, query.survey);
  const earlier = portsOf(ports, before);
  return ports
    .filter((port) => port.year === year && port.rank <= query.top)
    .map((port) => {
      const previous = earlier.get(nameOf(port));
      return {
        rank: port.rank,
        previousRank: previous?.rank ?? null,
        proto: PROTO_NAMES[port.proto] ?? String(port.proto),
        dstPort: port.dstPort,
        category: port.category,
        packets: port.packets,
        sources: port.sources,
        share: packets > 0 ? (100 * port.packets) / packets : 0,
        months: port.months ?? monthsOf(port, query.months, months),
      };
    });
}

function monthsOf(
  { year, proto, dstPort }: YearPort,
  [first, last]: [number, number],
  rows: readonly YearPortMonth[],
): number[] {
  const packets = new Array<number>(last - first + 1).fill(0);
  for (const row of rows) {
    if (row.year === year && row.proto === proto && row.dstPort === dstPort)
      packets[row.monthOfYear - first] = row.packets;
  }
  return packets;
}

/** Ports of the top of the year before that are no longer in it, with the rank they have now. */
export function leftPortsOf({ year, before, query, ports }: YearParts): LeftPort[] {
  const nowThere = portsOf(ports, year);
  return ports
    .filter((port) => port.year === before && port.rank <= query.top)
    .map((port) => ({ port, now: nowThere.get(nameOf(port)) }))
    .filter(({ now }) => now === undefined || now.rank > query.top)
    .map(({ port, now }) => ({
      proto: PROTO_NAMES[port.proto] ?? String(port.proto),
      dstPort: port.dstPort,
      category: port.category,
      previousRank: port.rank,
      rank: now?.rank ?? null,
    }));
}
