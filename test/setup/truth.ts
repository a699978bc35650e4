// What we make of a real capture, in the terms in which test/setup/shared.ts has the truth.
import { MIRAI } from '../../analyzer/classify/tools.ts';
import { TCP, UDP } from '../../analyzer/protocols.ts';
import { UnitCounter } from '../../analyzer/unit.ts';
import { openSource } from '../../collector/source.ts';
import { analyzerConfig, type Row, rowsOf } from './counting.ts';
import { eachUnit } from './cutting.ts';

export interface Counts {
  frames: number;
  /** Frames by the protocol of their outermost IP header. */
  protocols: Record<string, number>;
  fates: Record<string, number>;
  /** `tcp/23` → packets. */
  ports: Map<string, number>;
  miraiSyns: number;
  damage: string | undefined;
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
  const counts: Counts = { frames: 0, protocols: {}, fates: {}, ports: new Map(), miraiSyns: 0, damage: undefined };
  const { damage } = await eachUnit(await openSource(file), ({ slot, from, to, context }) => {
    const { blocks, account } = counter.count(new DataView(slot.buffer), from, to, context);
    counts.frames += account.frames;
    addUp(counts.protocols, account.protocols);
    addUp(counts.fates, account.fates);
    for (const block of blocks) if (block.table === 'flows') for (const row of rowsOf(block)) addFlow(counts, row);
  });
  counts.damage = damage;
  return counts;
}

function addUp(sums: Record<string, number>, more: Record<string, number>): void {
  for (const [name, frames] of Object.entries(more)) sums[name] = (sums[name] ?? 0) + frames;
}

function addFlow(counts: Counts, { proto, dstPort, packets, toolMarks }: Row): void {
  if ((Number(toolMarks) & MIRAI) !== 0) counts.miraiSyns += Number(packets);
  if (proto !== TCP && proto !== UDP) return;
  const name = `${proto === TCP ? 'tcp' : 'udp'}/${dstPort}`;
  counts.ports.set(name, (counts.ports.get(name) ?? 0) + Number(packets));
}
