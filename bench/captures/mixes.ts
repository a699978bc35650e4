// What the packets of a made day are. A mix writes one packet after another; `random` is all that it draws from.
import { DAY_SECONDS, ICMP, SYN, SYN_ACK, TCP, UDP, writePacket } from './packet.ts';
import { sourceAddress } from './random.ts';

export interface Mix {
  name: string;
  what: string;
  /** The monitored block. */
  darknet: string;
  /** Writes a record and returns where it ends. */
  write(view: DataView, at: number, micros: number, random: () => number): number;
}

const DARK_FIRST = 0xc6120000;
const DARK_SIZE = 4096;

const SURVEYORS = 40;
const BOTS = 8000;
/** Bots that send at about the same time. */
const AWAKE = 600;
const VICTIMS = 200;
const BOT_PORTS = [
  23, 23, 23, 23, 23, 23, 445, 445, 445, 2323, 22, 22, 80, 80, 8080, 5555, 37215, 52869, 3389, 1433, 81, 8443, 8545,
  6379,
];
const BACKSCATTER_PORTS = [80, 80, 443, 443, 53, 25565, 22];

/** As a /20 hears it. */
function telescope(view: DataView, at: number, micros: number, random: () => number): number {
  const dstAddr = (DARK_FIRST + (random() % DARK_SIZE)) >>> 0;
  const what = random() % 1000;
  const seq = random();
  if (what < 500) {
    const scanner = random() % SURVEYORS;
    const dstPort = 1 + (random() % 65535);
    const ipId = scanner % 2 === 0 ? 54321 : (dstAddr ^ dstPort ^ seq) & 0xffff;
    return writePacket(view, at, micros, {
      proto: TCP,
      srcAddr: sourceAddress(scanner),
      dstAddr,
      srcPort: 40000 + scanner,
      dstPort,
      seq,
      flags: SYN,
      ipId,
      length: 60,
    });
  }
  if (what < 940) {
    // The bots awake move on through the day, so that an hour's are mostly not the next hour's.
    const awake = Math.floor((micros / (DAY_SECONDS * 1e6)) * BOTS);
    const bot = (awake + (random() % AWAKE)) % BOTS;
    const pick = random();
    const dstPort = pick % 50 === 0 ? 1 + (pick % 65535) : (BOT_PORTS[(bot + (pick & 3)) % BOT_PORTS.length] ?? 23);
    const mirai = bot % 2 === 0 && (dstPort === 23 || dstPort === 2323);
    const length = bot % 3 === 0 ? 74 : bot % 3 === 1 ? 66 : 60;
    return writePacket(view, at, micros, {
      proto: TCP,
      srcAddr: sourceAddress(1000 + bot),
      dstAddr,
      srcPort: pick & 0xffff,
      dstPort,
      seq: mirai ? dstAddr : seq,
      flags: SYN,
      ipId: pick >>> 16,
      length,
    });
  }
  if (what < 990) {
    const victim = random() % VICTIMS;
    const srcPort = BACKSCATTER_PORTS[victim % BACKSCATTER_PORTS.length] ?? 80;
    return writePacket(view, at, micros, {
      proto: victim % 7 === 4 ? UDP : TCP,
      srcAddr: sourceAddress(20000 + victim),
      dstAddr,
      srcPort,
      dstPort: seq & 0xffff,
      seq,
      flags: SYN_ACK,
      ipId: 0,
      length: 60,
    });
  }
  return writePacket(view, at, micros, {
    proto: ICMP,
    srcAddr: sourceAddress(30000 + (seq % 500)),
    dstAddr,
    srcPort: 0x0800,
    dstPort: 0,
    seq,
    flags: 0,
    ipId: 1,
    length: 74,
  });
}

const WIDE_FIRST = 0x2c000000;
const WIDE_SIZE = 1 << 24;

/** As a /8 hears it: whoever scans it is heard again only much later. */
function distinct(view: DataView, at: number, micros: number, random: () => number): number {
  const seq = random();
  return writePacket(view, at, micros, {
    proto: random() % 20 === 0 ? UDP : TCP,
    srcAddr: random(),
    dstAddr: WIDE_FIRST + (random() % WIDE_SIZE),
    srcPort: seq & 0xffff,
    dstPort: 1 + (random() % 65535),
    seq,
    flags: SYN,
    ipId: seq >>> 16,
    length: 60,
  });
}

const INFECTED = 2000;

/** A worm: the infected, each heard in every hour, all after the same port. */
function worm(view: DataView, at: number, micros: number, random: () => number): number {
  const seq = random();
  return writePacket(view, at, micros, {
    proto: TCP,
    srcAddr: sourceAddress(random() % INFECTED),
    dstAddr: (DARK_FIRST + (random() % DARK_SIZE)) >>> 0,
    srcPort: seq & 0xffff,
    dstPort: 445,
    seq,
    flags: SYN,
    ipId: seq >>> 16,
    length: 62,
  });
}

const TWENTY = '198.18.0.0/20';

export const TELESCOPE: Mix = {
  name: 'day',
  what: 'a /20: survey scanners (half of all packets), thousands of bots, backscatter and pings',
  darknet: TWENTY,
  write: telescope,
};
export const DISTINCT: Mix = {
  name: 'distinct',
  what: 'a /8, nearly every packet a flow of its own',
  darknet: '44.0.0.0/8',
  write: distinct,
};
export const WORM: Mix = {
  name: 'worm',
  what: `a /20 and a worm: ${INFECTED.toLocaleString('en')} sources, one port`,
  darknet: TWENTY,
  write: worm,
};
