// How many probes each port gets in each year. The volumes imitate the published shape of the years (attacks on IoT
// devices, Windows, crypto-currency and services, and a growing rest), scaled down to a sensor of 64 addresses.
import type { Year } from './calendar.ts';
import { apportion, createRandom } from './random.ts';

export type Protocol = 'tcp' | 'udp' | 'icmp';

/** A kind of bot: all its hosts probe the same few ports in the same way. */
export type Family =
  | 'telnet'
  | 'devices'
  | 'webAdmin'
  | 'ssh'
  | 'smb'
  | 'sql'
  | 'rdp'
  | 'crypto'
  | 'services'
  | 'rest'
  | 'ipv6';

export interface PortVolume {
  family: Family;
  proto: Protocol;
  /** The destination port; for ICMP the message type. */
  port: number;
  packets: number;
}

/** Weights by "proto/port" within a group. */
type Ports = Record<string, number>;

interface YearPlan {
  /** Scan packets without survey scans. */
  probes: number;
  /** Part of all scan packets that survey scans send. */
  surveyShare: number;
  /** The groups of the year's 30 busiest ports: part of `probes`, and how the ports divide it. */
  groups: { percent: number; families: Partial<Record<Family, Ports>> }[];
  /** Packets to ports below the 30 busiest, counted singly; they and `spreadPorts` make up what the groups leave. */
  smallPorts: Partial<Record<Family, Ports>>;
  /** This many ports drawn by lot divide the rest. */
  spreadPorts: number;
}

export const yearPlans: Record<Year, YearPlan> = {
  2019: {
    probes: 22_000,
    surveyShare: 0.53,
    groups: [
      {
        percent: 49,
        families: {
          telnet: { 'tcp/23': 22, 'tcp/2323': 2.44 },
          ssh: { 'tcp/22': 3.6, 'tcp/2222': 0.8 },
          webAdmin: ports(
            'tcp/80 3.4, tcp/8080 2.5, tcp/81 1.4, tcp/8081 .7, tcp/8443 .68, tcp/8888 .72, tcp/8000 .66',
          ),
          devices: ports(
            `tcp/37215 2, tcp/5555 2, tcp/52869 1.6, tcp/7547 .9, tcp/60001 .75, tcp/8291 .8, tcp/34567 .7, tcp/5358 .66, tcp/9527 .66, udp/53413 .75`,
          ),
        },
      },
      { percent: 9, families: { smb: { 'tcp/445': 3.85, 'tcp/139': 0.67 }, sql: { 'tcp/1433': 4.48 } } },
      { percent: 2, families: { crypto: { 'tcp/8545': 1.3, 'tcp/3333': 0.7 } } },
      { percent: 3, families: { services: { 'udp/53': 0.82, 'udp/5060': 0.78, 'tcp/21': 0.72, 'tcp/6379': 0.68 } } },
    ],
    smallPorts: {
      rdp: { 'tcp/3389': 107 },
      rest: {
        'icmp/8': 620,
        'tcp/443': 40,
        'tcp/82': 34,
        'tcp/135': 30,
        'tcp/3306': 28,
        'udp/123': 24,
        'tcp/8333': 20,
      },
      ipv6: { 'tcp/443': 16, 'udp/33434': 12, 'icmp/8': 6 },
    },
    spreadPorts: 3400,
  },
  2020: {
    probes: 33_220,
    surveyShare: 0.54,
    groups: [
      {
        percent: 37,
        families: {
          telnet: { 'tcp/23': 16.65, 'tcp/2323': 1.85 },
          ssh: { 'tcp/22': 3.3, 'tcp/2222': 0.7 },
          webAdmin: ports('tcp/80 2, tcp/8080 1.45, tcp/81 .9, tcp/8443 .71, tcp/8081 .69, tcp/8888 .67, tcp/8000 .65'),
          devices: ports(
            `tcp/5555 1.1, tcp/37215 1, tcp/52869 .8, tcp/7547 .68, tcp/60001 .67, tcp/8291 .66, tcp/34567 .65, tcp/9527 .64, tcp/5500 .63, udp/53413 .66`,
          ),
        },
      },
      {
        percent: 8,
        families: { smb: { 'tcp/445': 3.35, 'tcp/139': 0.65 }, sql: { 'tcp/1433': 2.9 }, rdp: { 'tcp/3389': 1.1 } },
      },
      { percent: 2, families: { crypto: { 'tcp/8545': 1.25, 'tcp/3333': 0.75 } } },
      { percent: 2, families: { services: { 'udp/53': 0.7, 'udp/5060': 0.67, 'tcp/6379': 0.63 } } },
    ],
    smallPorts: {
      rest: {
        ...{ 'icmp/8': 970, 'tcp/443': 60, 'tcp/82': 50, 'tcp/135': 48, 'tcp/21': 45, 'tcp/3306': 44, 'udp/123': 40 },
        ...{ 'tcp/5900': 38, 'udp/1900': 36, 'tcp/8333': 34, 'tcp/5358': 32, 'udp/11211': 30, 'tcp/2375': 30 },
      },
      ipv6: { 'tcp/443': 26, 'udp/33434': 16, 'icmp/8': 8 },
    },
    spreadPorts: 5200,
  },
};

/** How many packets survey scanners send in a year, so that they make up their part of all scan packets. */
export function surveyPackets(year: Year): number {
  const { probes, surveyShare } = yearPlans[year];
  return Math.round((probes * surveyShare) / (1 - surveyShare));
}

/** The year's volume of every port. `multiply` changes single ports ("tcp/23": 2) and leaves the others as they are. */
export function yearVolumes(year: Year, multiply: Readonly<Record<string, number>> = {}): PortVolume[] {
  const plan = yearPlans[year];
  const named = [...plan.groups.flatMap((group) => groupVolumes(group, plan.probes)), ...smallVolumes(plan)];
  const left = plan.probes - named.reduce((sum, { packets }) => sum + packets, 0);
  const volumes = [...named, ...spreadVolumes(year, left, named)];
  return volumes.map((volume) => {
    const factor = multiply[`${volume.proto}/${volume.port}`] ?? 1;
    return { ...volume, packets: Math.round(volume.packets * factor) };
  });
}

function groupVolumes({ percent, families }: YearPlan['groups'][number], probes: number): PortVolume[] {
  const rows = Object.entries(families).flatMap(([family, weights]) =>
    Object.entries(weights).map(([port, weight]) => ({ family: family as Family, port, weight })),
  );
  const weights = rows.map(({ weight }) => weight);
  const parts = apportion(Math.round((probes * percent) / 100), weights);
  return rows.map(({ family, port }, index) => volume(family, port, parts[index]!));
}

function smallVolumes({ smallPorts }: YearPlan): PortVolume[] {
  return Object.entries(smallPorts).flatMap(([family, packets]) =>
    Object.entries(packets).map(([port, count]) => volume(family as Family, port, count)),
  );
}

/** Ports drawn by lot: the first get some dozens of packets each, most get one to three. */
function spreadVolumes(year: Year, total: number, named: readonly PortVolume[]): PortVolume[] {
  const random = createRandom(`ports ${year}`);
  const taken = new Set(named.map(({ proto, port }) => `${proto}/${port}`));
  const drawn: string[] = [];
  while (drawn.length < yearPlans[year].spreadPorts) {
    const port = `${random.chance(0.12) ? 'udp' : 'tcp'}/${random.int(1, 65535)}`;
    if (taken.has(port)) continue;
    taken.add(port);
    drawn.push(port);
  }
  // One packet for each port first, so that none goes without.
  const more = apportion(
    total - drawn.length,
    drawn.map((_, rank) => Math.round(1e6 * (rank + 25) ** -0.75)),
  );
  return drawn.map((port, rank) => volume('rest', port, 1 + more[rank]!));
}

function volume(family: Family, name: string, packets: number): PortVolume {
  const [proto, port] = name.split('/');
  return { family, proto: proto as Protocol, port: Number(port), packets };
}

/** Reads "tcp/80 4.2, tcp/81 1" into weights. */
function ports(text: string): Ports {
  return Object.fromEntries(text.split(', ').map((row) => [row.split(' ')[0]!, Number(row.split(' ')[1])]));
}
