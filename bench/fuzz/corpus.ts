// What the fuzzer changes: real captures where there are any, and captures made here, each cut into its file header and its records.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { NotACapture, OPENING_BYTES, openCapture, walkRecords } from '../../collector/formats/capture.ts';
import { writePcap, writePcapng } from '../../sample-pcaps/captures.ts';
import { arp, icmp, ip, tcpSyn, udp, vlan } from '../../sample-pcaps/packets.ts';

export interface Seed {
  name: string;
  /** The file header (of no bytes where the format has none), then records or blocks, then what is neither. */
  pieces: Uint8Array[];
}

/** Captures found under the directory, at any depth, in the order of their names. */
export function captureSeeds(directory: string, mostBytes: number): Seed[] {
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  return names.flatMap((name) => seedOf(path.relative(directory, name), readFileSync(name), mostBytes) ?? []);
}

/** Every container with every kind of packet, in both byte orders. */
export function madeSeeds(): Seed[] {
  const six = '2001:db8:64::9';
  const packets = [
    tcpSyn({ dstPort: 23 }),
    tcpSyn({ dstAddr: six }),
    udp({ srcPort: 53 }),
    udp({ dstAddr: six }),
    icmp({ type: 3 }),
    vlan(tcpSyn(), 64),
    arp(),
    ip({ fragmentOffset: 9 }, 17, new Uint8Array(40)),
  ].map((frame, number) => ({ seconds: 1_577_836_800 + 1800 * number, nanos: 7, frame }));
  const made: [name: string, bytes: Uint8Array][] = [];
  for (const bigEndian of [false, true]) {
    for (const nanoseconds of [false, true]) {
      made.push([`pcap ${bigEndian} ${nanoseconds}`, writePcap(packets, { bigEndian, nanoseconds })]);
    }
    for (const timeResolution of [6, 9, 0x8a]) {
      made.push([`pcapng ${bigEndian} ${timeResolution}`, writePcapng(packets, { bigEndian, timeResolution })]);
    }
  }
  return made.flatMap(([name, bytes]) => seedOf(name, bytes, bytes.length) ?? []);
}

/** The beginning of a capture, cut where its records are; undefined for what is no capture, or begins with too large a record. */
function seedOf(name: string, file: Uint8Array, mostBytes: number): Seed | undefined {
  const bytes = decompressed(file).subarray(0, OPENING_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    const { context, at: first } = openCapture(view, 0, bytes.length);
    const pieces = [bytes.subarray(0, first)];
    let at = first;
    while (at < Math.min(bytes.length, mostBytes)) {
      const reach = walkRecords(view, at, at + 1, bytes.length, context);
      if (reach.at === at || reach.at > mostBytes) break;
      pieces.push(bytes.subarray(at, reach.at));
      at = reach.at;
    }
    if (at < mostBytes && at < bytes.length) pieces.push(bytes.subarray(at, mostBytes));
    return { name, pieces: pieces.map((piece) => new Uint8Array(piece)) };
  } catch (error) {
    if (error instanceof NotACapture) return undefined;
    throw error;
  }
}

function decompressed(file: Uint8Array): Uint8Array {
  if (file[0] !== 0x1f || file[1] !== 0x8b) return file;
  try {
    return gunzipSync(file);
  } catch {
    return file;
  }
}
