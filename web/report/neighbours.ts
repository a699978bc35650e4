// The ports that move with one: those whose packets of each day rise and fall as its own do.
import type { Connection } from '../../store/database.ts';
import { type DailyPackets, dailyPackets, daysKnown, mostScanned, type PortScope } from '../../store/questions/port.ts';
import type { Neighbour } from './shape-range.ts';

/** Looked for among so many ports with most packets. */
const AMONG = 100;
const MOST = 10;

/**
 * Those with the highest correlation come first. Without any: a port that was not scanned, or alike on all days.
 * @param name the port of the scope, as `tcp/23`
 */
export async function neighboursOf(db: Connection, scope: PortScope, name: string): Promise<Neighbour[]> {
  const { sensors, timeZone, from, to } = scope;
  // Asked in words that name no port: a server that remembers answers asks once for all ports.
  const range = { sensors, timeZone, from, to };
  const [days, most] = await Promise.all([daysKnown(db, range), mostScanned(db, range, AMONG)]);
  const ports = await dailyPackets(db, range, most);
  const places = new Map(days.map((day, place) => [day, place]));
  const own = ports.find(({ port }) => port === name) ?? (await dailyPackets(db, range, [scope]))[0];
  if (own === undefined) return [];
  const shape = deviations(own, places);
  return ports
    .filter((port) => port !== own)
    .map((port) => ({
      port: port.port,
      category: port.category,
      packets: port.packets.reduce((sum, packets) => sum + packets, 0),
      correlation: Math.round(10_000 * correlation(shape, deviations(port, places))) / 10_000,
    }))
    .filter((port) => Number.isFinite(port.correlation))
    .sort((a, b) => b.correlation - a.correlation || (a.port < b.port ? -1 : 1))
    .slice(0, MOST);
}

/** By how much a port's packets of each day differ from their mean; a day without a row is one without a packet. */
function deviations({ days, packets }: DailyPackets, places: ReadonlyMap<number, number>): Float64Array {
  const values = new Float64Array(places.size);
  for (const [index, day] of days.entries()) values[places.get(day) ?? 0] = packets[index] ?? 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

function correlation(one: Float64Array, other: Float64Array): number {
  const product = (a: Float64Array, b: Float64Array) =>
    a.reduce((sum, value, place) => sum + value * (b[place] ?? 0), 0);
  return product(one, other) / Math.sqrt(product(one, one) * product(other, other));
}
