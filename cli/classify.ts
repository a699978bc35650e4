// `umbrascope classify`: the rules by which packets are told apart, each with its reason.
import { Command } from 'commander';
import { ICMP_RULES, ICMPV6_RULES, KINDS, TCP_RULES, UDP_REFLECTORS } from '../analyzer/classify/kinds.ts';
import { DEFAULT_RULES } from '../analyzer/classify/rules.ts';
import { TOOLS } from '../analyzer/classify/tools.ts';
import { FATES } from '../analyzer/fates.ts';
import { run } from './failures.ts';
import { tableText } from './table.ts';

export function classifyCommand(): Command {
  return new Command('classify')
    .option('--json', 'print the port → category rules as a file for ingest --rules')
    .action(({ json }: { json?: boolean }) =>
      run(async () => {
        process.stdout.write(json ? `${JSON.stringify(DEFAULT_RULES, null, 2)}\n` : rulesText());
      }),
    );
}

/** All rules as text; docs/rules.md shows the same. */
export function rulesText(): string {
  const sections = [
    section(
      'Fates: what becomes of a frame',
      ['fate', 'why'],
      FATES.map(({ fate, why }) => [fate, why]),
    ),
    section(
      'Kinds: what a packet is; the first rule that fits decides, all else is other',
      ['packet', 'kind', 'why'],
      kindRows(),
    ),
    section(
      `Categories, version ${DEFAULT_RULES.version}: every other port is other`,
      ['category', 'ports', 'why'],
      DEFAULT_RULES.rules.map(({ category, proto, ports, why }) => [category, `${proto} ${ports.join(' ')}`, why]),
    ),
    section(
      'Tools',
      ['tool', 'until', 'why'],
      TOOLS.map(({ tool, until, why }) => [tool, until === undefined ? '' : isoDay(until), why]),
    ),
  ];
  return sections.join('\n');
}

function kindRows(): string[][] {
  const hex = (value: number) => `0x${value.toString(16).padStart(2, '0')}`;
  return [
    ...TCP_RULES.map(({ mask, flags, kind, why }) => [`tcp flags & ${hex(mask)} = ${hex(flags)}`, KINDS[kind], why]),
    ...ICMP_RULES.map(({ types, kind, why }) => [`icmp type ${types.join(' ')}`, KINDS[kind], why]),
    ...ICMPV6_RULES.map(({ types, kind, why }) => [`icmpv6 type ${types.join(' ')}`, KINDS[kind], why]),
    ...UDP_REFLECTORS.map(({ srcPort, betweenEqualPorts, why }) => {
      return [`udp from port ${srcPort}${betweenEqualPorts ? '' : `, not to ${srcPort}`}`, KINDS[1], why];
    }),
    ['udp', KINDS[0], 'any other datagram is a request'],
  ];
}

function section(title: string, columns: string[], rows: string[][]): string {
  return `${title}\n\n${tableText(
    columns.map((name, i) => ({ title: name, cell: (row: string[]) => row[i] ?? '' })),
    rows,
  )}`;
}

function isoDay(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}
