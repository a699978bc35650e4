// Survey scanners: hosts that sweep the whole block over dozens of ports within a day, so that each of their days
// meets both conditions of the survey rule (30 distinct ports, one packet for each monitored address).
import { addressNumber, darkAddress, darkCount } from './addresses.ts';
import { capturedAt, hourMs, months, monthWeights, wholeDays, type Year } from './calendar.ts';
import type { CapturedFrame } from './captures.ts';
import { pad, tcpSyn, udp } from './packets.ts';
import { udpRequest } from './payloads.ts';
import { apportion, createRandom, type Random } from './random.ts';

interface Scanner {
  srcAddr: string;
  ttl: number;
  window: number;
  tool: 'masscan' | 'zmap' | 'none';
}

interface Target {
  proto: 'tcp' | 'udp';
  port: number;
}

const scannerCount = 36;
const packetsPerDay = 96;

const tcpServices = [
  ...[21, 22, 23, 25, 53, 80, 88, 110, 111, 143, 389, 443, 445, 465, 587, 636, 873, 993, 995, 1080, 1433, 1521, 1723],
  ...[1883, 2082, 2083, 2222, 2375, 3000, 3128, 3306, 3389, 4443, 5000, 5432, 5672, 5900, 5984, 6379, 6443, 7001],
  ...[8000, 8080, 8443, 8888, 9000, 9090, 9200, 10000, 11211, 27017],
];
const udpServices = [53, 123, 161, 389, 1900, 5060, 11211];

/** All packets of the year's survey scanners, in no particular order; exactly `total` of them. */
export function surveyTraffic(year: Year, total: number, drawAddress: () => string): CapturedFrame[] {
  const random = createRandom(`surveys ${year}`);
  const scanners = createScanners(random, drawAddress);
  const dayCount = Math.round(total / packetsPerDay);
  const perMonth = apportion(dayCount, monthWeights(year));
  // Days of different length in pairs, so that their sum stays what was asked for.
  const sizes = apportion(total, Array<number>(dayCount).fill(1));
  for (let at = 0; at + 1 < dayCount; at += 2) {
    const shift = random.int(0, 16);
    sizes[at]! += shift;
    sizes[at + 1]! -= shift;
  }
  return months.flatMap((month) => {
    const days = wholeDays(year, month);
    const used = new Set<string>();
    return sizes.splice(0, perMonth[month]!).flatMap((size) => {
      const [scanner, day] = unusedPair(scanners, days, used, random);
      return sweep(scanner, day, size, random);
    });
  });
}

/** A scanner and a day on which it has not swept yet. */
function unusedPair(scanners: Scanner[], days: number[], used: Set<string>, random: Random): [Scanner, number] {
  while (true) {
    const scanner = random.pick(scanners);
    const day = random.pick(days);
    const name = `${scanner.srcAddr} ${day}`;
    if (used.has(name)) continue;
    used.add(name);
    return [scanner, day];
  }
}

function createScanners(random: Random, drawAddress: () => string): Scanner[] {
  return Array.from({ length: scannerCount }, (_, index) => ({
    srcAddr: drawAddress(),
    ttl: 255 - random.int(8, 20),
    window: index % 3 === 0 ? 1024 : 65535,
    tool: (['masscan', 'zmap', 'none'] as const)[index % 3]!,
  }));
}

/** One day's sweep. It takes less than an hour and never touches midnight, be it in UTC or in Japan (15:00 UTC). */
function sweep(scanner: Scanner, day: number, size: number, random: Random): CapturedFrame[] {
  const hour = random.weighted([...Array(24).keys()], (at) => (at === 14 || at === 23 ? 0 : 1));
  const targets = chooseTargets(scanner, random);
  const order = random.shuffle([...Array(darkCount).keys()]);
  const srcPort = random.int(40000, 60999);
  let time = day + hour * hourMs + random.int(0, 300_000);
  return Array.from({ length: size }, (_, turn) => {
    time += random.int(1, 25) * 1000;
    const dstAddr = darkAddress(order[turn % darkCount]!);
    return capturedAt(time, pad(surveyProbe(scanner, targets[turn % targets.length]!, dstAddr, srcPort, random)));
  });
}

/** Some sixty different ports: half of them well-known services, the others anywhere. */
function chooseTargets({ tool }: Scanner, random: Random): Target[] {
  const services: Target[] = tcpServices.map((port) => ({ proto: 'tcp', port }));
  if (tool === 'none') services.push(...udpServices.map((port): Target => ({ proto: 'udp', port })));
  const elsewhere = new Set<number>();
  while (elsewhere.size < 26) elsewhere.add(random.int(1024, 65535));
  const others = [...elsewhere].filter((port) => !tcpServices.includes(port));
  return random.shuffle([
    ...random.shuffle(services).slice(0, 34),
    ...others.map((port): Target => ({ proto: 'tcp', port })),
  ]);
}

function surveyProbe(
  { srcAddr, ttl, window, tool }: Scanner,
  { proto, port }: Target,
  dstAddr: string,
  srcPort: number,
  random: Random,
): Uint8Array {
  // Masscan and ZMap compute a cookie for each target; the others send one sequence number all day.
  const seq = tool === 'none' ? srcPort * 65537 : random.uint32();
  const fields = { srcAddr, dstAddr, ttl, window, srcPort, dstPort: port, seq };
  if (proto === 'udp') return udp({ ...fields, payload: udpRequest(port) });
  if (tool === 'zmap') return tcpSyn({ ...fields, ipId: 54321 });
  if (tool === 'masscan') return tcpSyn({ ...fields, ipId: (addressNumber(dstAddr) ^ port ^ seq) & 0xffff });
  return tcpSyn({ ...fields, ipId: 0, mss: 1460 });
}
