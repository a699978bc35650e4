// The real captures outside the repository and what is true of them. Where they are missing, tests say so and skip.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../../shared/pcaps');

export const haveShared = existsSync(path.join(root, 'truth.tsv'));
if (!haveShared) console.warn(`skipped: real captures are not at ${root}`);

export interface Truth {
  path: string;
  file: string;
  class: string;
  confidence: string;
  format: string;
  encapsulation: string;
  tags: string[];
  note: string;
  total: number;
  ipv4Tcp: number;
  ipv4Udp: number;
  ipv4Icmp: number;
  ipv4Other: number;
  ipv6Tcp: number;
  ipv6Udp: number;
  ipv6Icmpv6: number;
  ipv6Other: number;
  nonIp: number;
  /** Fragments that are not the first, of either version. */
  laterFragments: number;
  distinctPorts: number;
  /** `tcp/23` → packets, the ten largest. */
  topPorts: Map<string, number>;
  /** `icmp6/128/0` → packets, the largest. */
  icmp: Map<string, number>;
  /** Lengths on the wire added up. */
  bytes: number;
  srcAddrs: number;
  dstAddrs: number;
  miraiSyns: number;
  /** Of the first and the last packet in the file. */
  firstEpoch: number;
  lastEpoch: number;
}

export function sharedFile(name: string): string {
  return path.join(root, name);
}

export function readTruth(): Truth[] {
  if (!haveShared) return [];
  const [header = '', ...lines] = readFileSync(path.join(root, 'truth.tsv'), 'utf8').trimEnd().split('\n');
  const names = header.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    const text = (name: string) => cells[names.indexOf(name)] ?? '';
    const number = (name: string) => Number(text(name));
    return {
      path: text('path'),
      file: sharedFile(text('path')),
      class: text('class'),
      confidence: text('confidence'),
      format: text('format'),
      encapsulation: text('encapsulation'),
      tags: text('tags').split(','),
      note: text('note'),
      total: number('total'),
      ipv4Tcp: number('ipv4_tcp'),
      ipv4Udp: number('ipv4_udp'),
      ipv4Icmp: number('ipv4_icmp'),
      ipv4Other: number('ipv4_other'),
      ipv6Tcp: number('ipv6_tcp'),
      ipv6Udp: number('ipv6_udp'),
      ipv6Icmpv6: number('ipv6_icmpv6'),
      ipv6Other: number('ipv6_other'),
      nonIp: number('non_ip'),
      distinctPorts: number('distinct_proto_ports'),
      topPorts: packetsBy(text('top10_proto_dstport_count')),
      laterFragments: number('ipv4_nonfirst_frag') + number('ipv6_nonfirst_frag'),
      icmp: packetsBy(text('icmp_type_code_count')),
      bytes: number('sum_origlen'),
      srcAddrs: number('uniq_src'),
      dstAddrs: number('uniq_dst'),
      miraiSyns: number('mirai_fp_syn'),
      firstEpoch: number('first_epoch'),
      lastEpoch: number('last_epoch'),
    };
  });
}

/** `tcp/23:5 udp/53:2` as a map. */
function packetsBy(text: string): Map<string, number> {
  const entries = text.split(' ').filter(Boolean);
  return new Map(entries.map((entry) => [entry.split(':')[0] ?? '', Number(entry.split(':')[1])]));
}
