// The ordinary bots: each visit of a source sends a handful of probes, so none ever comes near the survey rule
// (30 ports and one packet for each monitored address in a day). Every observed hour gets at least one visit.
import { addressNumber, darkAddress, darkAddress6, darkCount } from './addresses.ts';
import { capturedAt, hourMs, months, monthWeights, observedHours, type Year } from './calendar.ts';
import type { CapturedFrame } from './captures.ts';
import { icmp, pad, tcp, tcpFlags, tcpSyn, udp } from './packets.ts';
import { echoPayload, udpRequest } from './payloads.ts';
import { apportion, createRandom, type Random } from './random.ts';
import type { Family, PortVolume, Protocol } from './year.ts';

interface FamilyTraits {
  /** Hosts over the whole year. */
  sources: number;
  /** Part of the hosts whose SYNs carry the destination address as sequence number, as Mirai's do. */
  mirai: number;
  /** Starting TTL, before the routers on the way took theirs. */
  ttl: number;
  mss?: number;
  /** The probes of a visit go to one address after another; otherwise all to the same one. */
  sweeps?: true;
  /** How much a month differs from the year's own course. */
  season: (month: number) => number;
}

interface Source {
  srcAddr: string;
  ttl: number;
  window: number;
  mirai: boolean;
  mss?: number;
}

interface Probe {
  proto: Protocol;
  port: number;
}

interface Visit {
  family: Family;
  source: Source;
  probes: Probe[];
}

/** Rounded, because the last digits of a cosine may differ from one machine to another. */
const wave = (peakMonth: number, height: number) => (month: number) =>
  Math.round(1000 * (1 + height * Math.cos(((month - peakMonth) / 6) * Math.PI))) / 1000;

const families: Record<Family, FamilyTraits> = {
  telnet: { sources: 500, mirai: 0.8, ttl: 64, sweeps: true, season: wave(7, 0.12) },
  devices: { sources: 260, mirai: 0.6, ttl: 64, sweeps: true, season: wave(4, 0.2) },
  webAdmin: { sources: 240, mirai: 0.35, ttl: 64, sweeps: true, season: wave(10, 0.1) },
  ssh: { sources: 90, mirai: 0, ttl: 64, mss: 1460, season: wave(2, 0.1) },
  smb: { sources: 180, mirai: 0, ttl: 128, mss: 1440, season: wave(0, 0.1) },
  sql: { sources: 90, mirai: 0, ttl: 128, mss: 1440, season: wave(5, 0.15) },
  rdp: { sources: 60, mirai: 0, ttl: 128, mss: 1460, season: () => 1 },
  crypto: { sources: 40, mirai: 0, ttl: 64, season: wave(6, 0.3) },
  services: { sources: 60, mirai: 0, ttl: 64, season: wave(9, 0.1) },
  rest: { sources: 700, mirai: 0.05, ttl: 64, season: wave(11, 0.05) },
  ipv6: { sources: 6, mirai: 0, ttl: 64, mss: 1440, season: () => 1 },
};

/** All packets of the year's bots, in no particular order. */
export function botTraffic(year: Year, volumes: readonly PortVolume[], drawAddress: () => string): CapturedFrame[] {
  const byMonth = months.map((): [Family, Probe[]][] => []);
  const random = createRandom(`bots ${year}`);
  for (const family of Object.keys(families) as Family[]) {
    const probes = probesOf(volumes.filter((volume) => volume.family === family));
    random.shuffle(probes);
    const parts = apportion(probes.length, monthWeights(year, families[family].season));
    for (const month of months) byMonth[month].push([family, probes.splice(0, parts[month]!)]);
  }
  const pools = createPools(random, drawAddress);
  return months.flatMap((month) => {
    const hours = observedHours(year, month);
    return placeVisits(cutIntoVisits(byMonth[month], hours.length, month, pools, random), hours, random);
  });
}

function probesOf(volumes: readonly PortVolume[]): Probe[] {
  return volumes.flatMap(({ proto, port, packets }) => Array.from({ length: packets }, () => ({ proto, port })));
}

function createPools(random: Random, drawAddress: () => string): Record<Family, Source[]> {
  const pools = Object.entries(families).map(([family, traits]) => {
    const draw =
      family === 'ipv6'
        ? () => `2001:db8:beef:${random.int(1, 9)}::${random.int(1, 0xffff).toString(16)}`
        : drawAddress;
    return [family, Array.from({ length: traits.sources }, () => createSource(traits, draw(), random))];
  });
  return Object.fromEntries(pools);
}

function createSource(traits: FamilyTraits, srcAddr: string, random: Random): Source {
  const ttl = traits.ttl - random.int(6, 22);
  const window = traits.mss === undefined ? random.int(1024, 65535) : random.pick([8192, 29200, 64240, 65535]);
  const mirai = random.chance(traits.mirai);
  return { srcAddr, ttl, window, mirai, ...(traits.mss === undefined ? {} : { mss: traits.mss }) };
}

/** Cuts each family's probes into visits, short enough that there are more visits than hours. */
function cutIntoVisits(
  parts: readonly [Family, Probe[]][],
  hourCount: number,
  month: number,
  pools: Record<Family, Source[]>,
  random: Random,
): Visit[] {
  const total = parts.reduce((sum, [, probes]) => sum + probes.length, 0);
  const longest = Math.max(1, Math.floor((2 * total) / (1.1 * hourCount)) - 1);
  const visits: Visit[] = [];
  for (const [family, probes] of parts) {
    const pool = pools[family];
    for (let at = 0; at < probes.length; ) {
      const length = random.int(1, longest);
      // Hosts come and go: each month knows a third of the year's, shifted by a twelfth.
      const host = Math.floor((pool.length * (month / 12 + random.int(0, 999) / 3000)) % pool.length);
      visits.push({ family, source: pool[host]!, probes: probes.slice(at, at + length) });
      at += length;
    }
  }
  return visits;
}

function placeVisits(visits: Visit[], hours: readonly number[], random: Random): CapturedFrame[] {
  if (visits.length < hours.length) throw new Error(`${visits.length} visits cannot fill ${hours.length} hours`);
  random.shuffle(visits);
  return visits.flatMap((visit, index) => {
    let time = (hours[index] ?? random.pick(hours)) + random.int(0, hourMs - 60_000);
    const step = families[visit.family].sweeps ? random.int(1, darkCount - 1) : 0;
    const sender = { srcPort: random.int(32768, 60999), ipId: random.int(0, 0x7fff), seq: random.uint32() };
    let dark = random.int(0, darkCount - 1);
    return visit.probes.map((probe) => {
      time += random.int(1, 6) * 1000;
      dark = (dark + step) % darkCount;
      return capturedAt(time, pad(probeFrame(visit, probe, dark, sender, random)));
    });
  });
}

function probeFrame(
  { family, source }: Visit,
  { proto, port }: Probe,
  dark: number,
  sender: { srcPort: number; ipId: number; seq: number },
  random: Random,
): Uint8Array {
  const dstAddr = family === 'ipv6' ? darkAddress6(dark) : darkAddress(dark);
  const { mirai, ...host } = source;
  const fields = { ...host, ...sender, dstAddr, dstPort: port };
  if (proto === 'icmp') return icmp({ ...fields, payload: echoPayload });
  if (proto === 'udp') return udp({ ...fields, payload: udpRequest(port) });
  if (mirai) return tcpSyn({ ...fields, seq: addressNumber(dstAddr) });
  // One in a hundred of the odd probes tries another way than SYN: FIN, no flag at all, or FIN with PSH and URG.
  if (family !== 'rest' || !random.chance(0.01)) return tcpSyn(fields);
  return tcp({ ...fields, flags: random.pick([tcpFlags.fin, 0, tcpFlags.fin + tcpFlags.psh + tcpFlags.urg]) });
}
