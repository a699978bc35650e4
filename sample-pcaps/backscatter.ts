// What reaches the dark block without looking for it: answers of hosts that are flooded under forged source addresses,
// and a few frames of other kinds, each of which a reader must account for (ARP, a fragment, a cut frame, stray segments).
import { darkAddress, darkCount } from './addresses.ts';
import { capturedAt, dayMs, hourMs, months, monthWeights, observedHours, wholeDays, type Year } from './calendar.ts';
import type { CapturedFrame } from './captures.ts';
import { arp, icmp, ip, pad, protocols, tcp, tcpFlags, tcpSyn, udp } from './packets.ts';
import { dnsAnswer } from './payloads.ts';
import { apportion, createRandom, type Random } from './random.ts';

interface Victim {
  srcAddr: string;
  ttl: number;
  answer: 'synAck' | 'reset' | 'unreachable' | 'dns';
  srcPort: number;
}

const floodsPerYear = 9;
const answers: readonly Omit<Victim, 'srcAddr' | 'ttl'>[] = [
  { answer: 'synAck', srcPort: 80 },
  { answer: 'synAck', srcPort: 443 },
  { answer: 'synAck', srcPort: 25565 },
  { answer: 'reset', srcPort: 80 },
  { answer: 'reset', srcPort: 22 },
  { answer: 'unreachable', srcPort: 0 },
  { answer: 'dns', srcPort: 53 },
];

/** `total` answers of flooded hosts: most in a few bursts of minutes, the others one by one all over the year. */
export function backscatterTraffic(year: Year, total: number, drawAddress: () => string): CapturedFrame[] {
  const random = createRandom(`backscatter ${year}`);
  const sizes = apportion(
    Math.round(total * 0.85),
    Array.from({ length: floodsPerYear }, () => random.int(50, 150)),
  );
  const floods = sizes.flatMap((size, index) => {
    const victim = createVictim(index, random, drawAddress);
    const start = random.pick(wholeDays(year, random.int(0, 11))) + random.int(0, dayMs - 2 * hourMs);
    const shortestGap = random.int(200, 900);
    let time = start;
    return Array.from({ length: size }, () => {
      time += random.int(shortestGap, 3 * shortestGap);
      return capturedAt(time, answerFrame(victim, random));
    });
  });
  const singles = spreadTimes(year, total - Math.round(total * 0.85), random).map((time) =>
    capturedAt(time, answerFrame(createVictim(random.int(0, 6), random, drawAddress), random)),
  );
  return [...floods, ...singles];
}

/** TCP segments that belong to no connection and answer nothing, such as a lone ACK. */
export function strayTraffic(year: Year, total: number, drawAddress: () => string): CapturedFrame[] {
  const random = createRandom(`strays ${year}`);
  const sources = Array.from({ length: 60 }, () => ({ srcAddr: drawAddress(), ttl: 64 - random.int(6, 22) }));
  return spreadTimes(year, total, random).map((time) => {
    const flags = tcpFlags.ack + (random.chance(0.3) ? tcpFlags.psh : 0);
    const ports = { srcPort: random.int(32768, 60999), dstPort: random.pick([80, 443, 6881, 51413]) };
    const numbers = { seq: random.uint32(), ackSeq: random.uint32() };
    return capturedAt(
      time,
      pad(tcp({ ...random.pick(sources), dstAddr: anyDark(random), ...ports, ...numbers, flags })),
    );
  });
}

/** Frames that must not be counted as packets of any port: one ARP request a month, one fragment, one cut frame. */
export function oddFrames(year: Year, drawAddress: () => string): CapturedFrame[] {
  const random = createRandom(`odd frames ${year}`);
  const requests = months.map((month) =>
    capturedAt(
      random.pick(observedHours(year, month)),
      pad(arp({ srcAddr: darkAddress(1), dstAddr: anyDark(random) })),
    ),
  );
  if (year === 2020) return requests;
  const between = { srcAddr: drawAddress(), dstAddr: anyDark(random), ttl: 50 };
  const fragment = ip({ ...between, ipId: 4711, fragmentOffset: 185 }, protocols.udp, new Uint8Array(64));
  const whole = pad(tcpSyn({ ...between, dstPort: 8080, seq: 1 }));
  // Ethernet and IPv4 take 34 bytes, so 2 of the TCP header's 20 are left: the destination port is cut off.
  const cut = { ...capturedAt(Date.UTC(2019, 7, 8, 9, 10, 11), whole.subarray(0, 36)), wireLength: whole.length };
  return [...requests, capturedAt(Date.UTC(2019, 5, 6, 7, 8, 9), fragment), cut];
}

function createVictim(index: number, random: Random, drawAddress: () => string): Victim {
  return { srcAddr: drawAddress(), ttl: 64 - random.int(6, 22), ...answers[index % answers.length]! };
}

function answerFrame({ srcAddr, ttl, answer, srcPort }: Victim, random: Random): Uint8Array {
  const dstAddr = anyDark(random);
  const fields = { srcAddr, dstAddr, ttl, srcPort, dstPort: random.int(1024, 65535) };
  if (answer === 'dns') return udp({ ...fields, payload: dnsAnswer });
  if (answer === 'unreachable') {
    // The message quotes the forged request that caused it: its IPv4 header and 8 bytes more (RFC 792).
    const request = udp({ srcAddr: dstAddr, dstAddr: srcAddr, srcPort: fields.dstPort, dstPort: 27015 });
    return icmp({ srcAddr, dstAddr, ttl, type: 3, code: 3, rest: 0, payload: request.subarray(14, 42) });
  }
  const ackSeq = random.uint32();
  if (answer === 'reset') return pad(tcp({ ...fields, ackSeq, seq: 0, window: 0, flags: tcpFlags.rst + tcpFlags.ack }));
  const seq = random.uint32();
  return pad(tcp({ ...fields, seq, ackSeq, window: 29200, mss: 1460, flags: tcpFlags.syn + tcpFlags.ack }));
}

/** Times all over the year's observed hours. */
function spreadTimes(year: Year, count: number, random: Random): number[] {
  const perMonth = apportion(count, monthWeights(year));
  return months.flatMap((month) => {
    const hours = observedHours(year, month);
    return Array.from({ length: perMonth[month]! }, () => random.pick(hours) + random.int(0, hourMs - 1));
  });
}

function anyDark(random: Random): string {
  return darkAddress(random.int(0, darkCount - 1));
}
