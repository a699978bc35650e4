// A telescope's day for measuring: one classic pcap file, the same bytes for the same size and seed. A /20 hears survey scanners (half of
// all packets), thousands of bots, backscatter and pings; frames are 60 to 74 bytes. Checksums are left 0: nothing here reads them.
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';

/** The monitored block of the day: 4096 addresses. */
export const DAY_DARKNET = '198.18.0.0/20';

const DARK_FIRST = 0xc6120000;
const DARK_SIZE = 4096;
const DAY_START = Date.UTC(2020, 5, 15) / 1000;
const DAY_SECONDS = 86_400;
const CHUNK = 1 << 22;

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

/** Writes the day's file into `directory` unless it is there; returns its path. */
export function telescopeDay(directory: string, packets: number, seed = 1): string {
  const file = path.join(directory, `day-${packets}-${seed}.pcap`);
  if (existsSync(file)) return file;
  mkdirSync(directory, { recursive: true });
  const unfinished = `${file}.unfinished`;
  const descriptor = openSync(unfinished, 'w');
  const chunk = Buffer.alloc(CHUNK);
  const view = new DataView(chunk.buffer, chunk.byteOffset);
  let at = writeHeader(view);
  const random = xorshift(seed);
  for (let i = 0; i < packets; i++) {
    if (at + 128 > CHUNK) {
      writeSync(descriptor, chunk, 0, at);
      at = 0;
    }
    const micros = Math.floor((i * DAY_SECONDS * 1e6) / packets);
    at = writePacket(view, at, micros, random);
  }
  writeSync(descriptor, chunk, 0, at);
  closeSync(descriptor);
  renameSync(unfinished, file);
  return file;
}

/** Marsaglia's xorshift: 32 bits a call, never 0. */
function xorshift(seed: number): () => number {
  let state = (seed * 0x9e3779b1) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}

function writeHeader(view: DataView): number {
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, 65535, true);
  view.setUint32(20, 1, true);
  return 24;
}

const TCP = 6;
const UDP = 17;
const ICMP = 1;
const SYN = 0x02;
const SYN_ACK = 0x12;

function writePacket(view: DataView, at: number, micros: number, random: () => number): number {
  const dstAddr = (DARK_FIRST + (random() % DARK_SIZE)) >>> 0;
  const what = random() % 1000;
  const seq = random();
  if (what < 500) {
    const scanner = random() % SURVEYORS;
    const dstPort = 1 + (random() % 65535);
    const ipId = scanner % 2 === 0 ? 54321 : (dstAddr ^ dstPort ^ seq) & 0xffff;
    return writeIp(view, at, micros, {
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
    return writeIp(view, at, micros, {
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
    return writeIp(view, at, micros, {
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
  return writeIp(view, at, micros, {
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

/** A public-looking address, well spread. */
function sourceAddress(number: number): number {
  const mixed = Math.imul(number + 1, 0x9e3779b1) >>> 0;
  return (((1 + ((mixed >>> 24) % 126)) << 24) | (mixed & 0xffffff)) >>> 0;
}

interface PacketFields {
  proto: number;
  srcAddr: number;
  dstAddr: number;
  srcPort: number;
  dstPort: number;
  seq: number;
  flags: number;
  ipId: number;
  /** Of the frame. */
  length: number;
}

/** For ICMP the ports' places hold type, code and checksum. */
function writeIp(view: DataView, at: number, micros: number, packet: PacketFields): number {
  const { length } = packet;
  view.setUint32(at, DAY_START + Math.floor(micros / 1e6), true);
  view.setUint32(at + 4, micros % 1e6, true);
  view.setUint32(at + 8, length, true);
  view.setUint32(at + 12, length, true);
  const frame = at + 16;
  view.setUint32(frame, 0x02000000);
  view.setUint32(frame + 4, 0x00020200);
  view.setUint32(frame + 8, 0x00000001);
  view.setUint16(frame + 12, 0x0800);
  const ip = frame + 14;
  view.setUint16(ip, 0x4500);
  view.setUint16(ip + 2, length - 14);
  view.setUint16(ip + 4, packet.ipId);
  view.setUint16(ip + 6, 0);
  view.setUint16(ip + 8, (64 << 8) | packet.proto);
  view.setUint16(ip + 10, 0);
  view.setUint32(ip + 12, packet.srcAddr);
  view.setUint32(ip + 16, packet.dstAddr);
  const l4 = ip + 20;
  view.setUint16(l4, packet.srcPort);
  view.setUint16(l4 + 2, packet.dstPort);
  view.setUint32(l4 + 4, packet.seq);
  view.setUint32(l4 + 8, 0);
  view.setUint16(l4 + 12, 0x5000 | packet.flags);
  view.setUint16(l4 + 14, 1024);
  for (let i = l4 + 16; i < frame + length; i += 2) view.setUint16(i, 0);
  return frame + length;
}
