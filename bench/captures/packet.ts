// Packets of made captures: records of a classic pcap file, frames of Ethernet and IPv4, written by name. Checksums are left 0: nothing
// here reads them.

export const TCP = 6;
export const UDP = 17;
export const ICMP = 1;
export const SYN = 0x02;
export const SYN_ACK = 0x12;

export interface PacketFields {
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

/** Of a record, at most. */
export const MOST_BYTES = 128;

export const DAY_SECONDS = 86_400;
const DAY_START = Date.UTC(2020, 5, 15) / 1000;

/**
 * Writes a record at `at` and returns where it ends. For ICMP the ports' places hold type, code and checksum.
 * @param micros since the day's beginning
 */
export function writePacket(view: DataView, at: number, micros: number, packet: PacketFields): number {
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
