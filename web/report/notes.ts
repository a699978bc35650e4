// The notes of a group, each stated only when the rows show it.
import type { YearPort } from '../../store/questions/year-ports.ts';
import type { Note } from '../charts/notes.ts';
import { groupOf, OTHER_GROUP, type Scheme } from './schemes.ts';

/** "About half" is from 40 to 60 per cent: telnet's 24.2 of 49 is the ministry's own example. */
const HALF = { from: 0.4, to: 0.6 };
/** A category that at least doubled is worth a sentence: the ministry's is RDP's "3.4 times". */
const MUCH = 2;

export interface NoteFacts {
  group: string;
  year: number;
  /** The year before in the report. */
  before: number | undefined;
  top: number;
  scheme: Scheme;
  ports: readonly YearPort[];
}

export function groupNotes({ group, year, before, top, scheme, ports }: NoteFacts): Note[] {
  if (group === OTHER_GROUP) return [];
  const topIn = (which: number | undefined) => {
    return ports.filter((port) => port.year === which && port.rank <= top && groupOf(scheme, port.category) === group);
  };
  const now = packetsByCategory(topIn(year));
  const notes: Note[] = aboutHalf(now);
  if (before === undefined) return notes;
  const earlier = packetsByCategory(topIn(before));
  for (const category of now.keys()) if (!earlier.has(category)) notes.push({ note: 'entersTop', category, top, year });
  for (const category of earlier.keys()) if (!now.has(category)) notes.push({ note: 'leavesTop', category, top, year });
  notes.push(...growth(categoriesOf(group, scheme, ports, year), categoriesOf(group, scheme, ports, before)));
  return notes;
}

/** Packets of a group's categories in a year, over the same ports in every year: those in the top of any. */
function categoriesOf(group: string, scheme: Scheme, ports: readonly YearPort[], year: number): Map<string, number> {
  return packetsByCategory(ports.filter((port) => port.year === year && groupOf(scheme, port.category) === group));
}

function growth(now: Map<string, number>, earlier: Map<string, number>): Note[] {
  return [...now].flatMap(([category, packets]) => {
    const factor = packets / (earlier.get(category) ?? Number.POSITIVE_INFINITY);
    return factor >= MUCH ? [{ note: 'grows' as const, category, factor }] : [];
  });
}

/** Of the largest category only, and not of a group that has but one. */
function aboutHalf(packets: Map<string, number>): Note[] {
  const all = [...packets.values()].reduce((a, b) => a + b, 0);
  const [largest] = [...packets].sort((a, b) => b[1] - a[1]);
  if (largest === undefined || packets.size < 2) return [];
  const share = largest[1] / all;
  return share >= HALF.from && share <= HALF.to ? [{ note: 'aboutHalf', category: largest[0] }] : [];
}

function packetsByCategory(ports: readonly YearPort[]): Map<string, number> {
  const packets = new Map<string, number>();
  for (const port of ports) packets.set(port.category, (packets.get(port.category) ?? 0) + port.packets);
  return packets;
}
