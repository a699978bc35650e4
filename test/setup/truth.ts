// What we make of a real capture, in the terms in which test/setup/shared.ts has the truth.
import { MIRAI } from '../../analyzer/classify/tools.ts';
import { ICMP, ICMPV6, TCP, UDP } from '../../analyzer/protocols.ts';
import { UnitCounter } from '../../analyzer/unit.ts';
import { openSource } from '../../collector/source.ts';
import { analyzerConfig, type Row, rowsOf, sumOf } from './counting.ts';
import { eachUnit } from './cutting.ts';
import type { Truth } from './shared.ts';

export interface Counts {
  frames: number;
  counted: number;
  /** Frames by the protocol of their outermost IP header. */
  protocols: Record<string, number>;
  fates: Record<string, number>;
  /** `tcp/23` → packets. */
  ports: Map<string, number>;
  /** `icmp6/128/0` → packets. */
  icmp: Map<string, number>;
  /** Lengths on the wire of all frames. */
  bytes: number;
  srcAddrs: Set<string>;
  dstAddrs: Set<string>;
  /** Seconds of the earliest and the latest packet. */
  first: number;
  last: number;
  miraiSyns: number;
  damage: string | undefined;
}

/** What must hold for a row of the truth: every row falls under one of these. */
export const RULES = {
  exact: 'two decoders agree: all figures are the same',
  onlyTshark: 'a link type or compression that the second decoder does not know: all figures are those of tshark',
  tsharkKnowsMore: 'tshark decodes what we do not: as many frames, none of them counted',
  disputed: 'as many frames; no more of them of another protocol than the decoders dispute',
  unsupportedLink: 'every frame has that fate',
  otherFormat: 'refused by name',
  damagedContainer: 'refused, or the damage is reported; never more frames than others see',
  damagedPackets: 'the container is sound: as many frames, each with a fate',
} as const;

/** tshark guesses at a protocol of one byte (ATM) and decodes Juniper's Ethernet, which the list of link types does not describe. */
const tsharkKnowsMore = ['tcpdump/tests/bgp-aigp.pcap', 'tcpdump/tests/heap-overflow-2.pcap'];

/** The rule for a row; undefined when there is none, which a test forbids. */
export function ruleOf({ class: type, confidence, path, note }: Truth): keyof typeof RULES | undefined {
  if (type === 'MAL-CONTAINER') return 'damagedContainer';
  if (type === 'MAL-PACKET') return 'damagedPackets';
  if (type === 'UNSUPPORTED-LINKTYPE') return 'unsupportedLink';
  if (!['REAL', 'APP', 'FORMAT', 'DECODE'].includes(type)) return undefined;
  if (confidence === 'both-agree') return 'exact';
  if (confidence.startsWith('disputed:')) return 'disputed';
  if (confidence !== 'tshark-only') return undefined;
  if (note.includes('""snoop""')) return 'otherFormat';
  return tsharkKnowsMore.includes(path) ? 'tsharkKnowsMore' : 'onlyTshark';
}

/**
 * Real captures that the truth calls damaged, since not every reader knows their kind of pcap, and the packets in them: longer record
 * headers, as tshark reads them, and versions before 2.4, whose two lengths stand in another order, as libpcap reads them.
 */
export const rareKinds = new Map([
  ['derived/fmt-A-nokiapcap.pcap', 800],
  ['derived/fmt-A-rh6_1pcap.pcap', 800],
  ['derived/fmt-A-suse6_3pcap.pcap', 800],
  [
    'seladb_PcapPlusPlus/Tests/Fuzzers/RegressionTests/regression_samples/clusterfuzz-testcase-minimized-FuzzTarget-5766899836387328',
    1,
  ],
  [
    'seladb_PcapPlusPlus/Tests/Fuzzers/RegressionTests/regression_samples/clusterfuzz-testcase-minimized-FuzzTarget-6604968558198784',
    1,
  ],
  ['tcpdump_history/hoobr_bfd_print@374cd825.pcap', 3],
]);

const counter = new UnitCounter(analyzerConfig({ earliest: 0 }));

/** @throws NotACapture */
export async function countFile(file: string): Promise<Counts> {
  const counts = noCounts();
  const { damage } = await eachUnit(await openSource(file), ({ slot, from, to, context }) => {
    const { blocks, account } = counter.count(new DataView(slot.buffer), from, to, context);
    counts.frames += account.frames;
    counts.counted += account.counted;
    addUp(counts.protocols, account.protocols);
    addUp(counts.fates, account.fates);
    for (const block of blocks) {
      if (block.table === 'flows') for (const row of rowsOf(block)) addFlow(counts, row);
      if (block.table === 'darkDays') for (const { dstAddr } of rowsOf(block)) counts.dstAddrs.add(String(dstAddr));
      if (block.table === 'fateHours') counts.bytes += sumOf(rowsOf(block), 'bytes');
    }
  });
  counts.damage = damage;
  return counts;
}

function addUp(sums: Record<string, number>, more: Record<string, number>): void {
  for (const [name, frames] of Object.entries(more)) sums[name] = (sums[name] ?? 0) + frames;
}

function noCounts(): Counts {
  return {
    frames: 0,
    counted: 0,
    protocols: {},
    fates: {},
    ports: new Map(),
    icmp: new Map(),
    bytes: 0,
    srcAddrs: new Set(),
    dstAddrs: new Set(),
    first: Number.POSITIVE_INFINITY,
    last: 0,
    miraiSyns: 0,
    damage: undefined,
  };
}

function addFlow(counts: Counts, { proto, dstPort, srcAddr, packets, toolMarks, first, last }: Row): void {
  counts.srcAddrs.add(String(srcAddr));
  counts.first = Math.min(counts.first, Number(first));
  counts.last = Math.max(counts.last, Number(last));
  if ((Number(toolMarks) & MIRAI) !== 0) counts.miraiSyns += Number(packets);
  const add = (sums: Map<string, number>, name: string) => sums.set(name, (sums.get(name) ?? 0) + Number(packets));
  const typeAndCode = `${Number(dstPort) >>> 8}/${Number(dstPort) & 0xff}`;
  if (proto === ICMP) add(counts.icmp, `icmp/${typeAndCode}`);
  if (proto === ICMPV6) add(counts.icmp, `icmp6/${typeAndCode}`);
  if (proto === TCP || proto === UDP) add(counts.ports, `${proto === TCP ? 'tcp' : 'udp'}/${dstPort}`);
}
