// A capture socket of Linux (packet(7)): opened with rights, used without. Opening and setting up come first; reading, binding anew to
// an interface that was made again, and the counters of lost packets need no rights any more.
import { type Instruction, programBytes } from './filter.ts';
import { addressOf, int, libc, succeeded } from './libc.ts';

const AF_PACKET = 17;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0x80000;
const ETH_P_ALL = 3;
const SOL_SOCKET = 1;
const SO_ERROR = 4;
const SO_ATTACH_FILTER = 26;
const SOL_PACKET = 263;
const PACKET_ADD_MEMBERSHIP = 1;
const PACKET_RX_RING = 5;
const PACKET_STATISTICS = 6;
const PACKET_VERSION = 10;
const PACKET_IGNORE_OUTGOING = 23;
const TPACKET_V3 = 2;
const PACKET_MR_PROMISC = 1;
const SIOCGIFFLAGS = 0x8913;
const SIOCGIFHWADDR = 0x8927;
const IFF_UP = 0x1;
const IFF_RUNNING = 0x40;
const INTERFACE_NAME_BYTES = 16;

/** Bytes of a ring's block, and the room that the kernel reckons for a frame; a block holds as many frames as fit. */
export const BLOCK_BYTES = 1 << 20;
const FRAME_ROOM = 2048;
/** A block that is not full is handed over after this. */
export const RETIRE_MS = 50;

/** LINKTYPE_ numbers by ARPHRD_ numbers: what a raw socket gives of an interface of that kind. */
const LINK_TYPES: Record<number, number> = {
  1: 1, // Ethernet
  772: 1, // loopback: an Ethernet header of zeros
  519: 101, // raw IP
  65534: 101, // none: tun, WireGuard
  768: 101, // IPv4 tunnel
  769: 101, // IPv6 tunnel
  776: 101, // IPv6 in IPv4
};

/** What an interface is just now. */
export type LinkState = 'up' | 'down' | 'noCarrier' | 'gone';

export interface KernelCounters {
  /** Frames that passed the filter, dropped ones included. */
  received: number;
  /** Those for which the ring had no room. */
  dropped: number;
}

export interface SocketConfig {
  interface: string;
  blocks: number;
  promiscuous: boolean;
}

export interface CaptureSocket {
  descriptor: number;
  blocks: number;
  interface: string;
  linkType: number;
}

/**
 * Opens a socket with its ring; it hears nothing before `listenOn`.
 * @throws CallError, with the code EPERM where rights are missing; Error for an interface that is missing or of an unknown kind
 */
export function openSocket(config: SocketConfig): CaptureSocket {
  const descriptor = succeeded(libc.socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), 'opening a capture socket');
  try {
    const linkType = linkTypeOf(descriptor, config.interface);
    option(descriptor, PACKET_VERSION, int(TPACKET_V3), 'a ring of version 3');
    option(descriptor, PACKET_IGNORE_OUTGOING, int(1), 'leaving out what this machine sends (Linux 4.20 or later)');
    option(descriptor, PACKET_RX_RING, ringRequest(config.blocks), `a ring of ${config.blocks} MiB`);
    if (config.promiscuous)
      option(descriptor, PACKET_ADD_MEMBERSHIP, promiscuousRequest(config.interface), 'the promiscuous mode');
    return { descriptor, blocks: config.blocks, interface: config.interface, linkType };
  } catch (error) {
    libc.close(descriptor);
    throw error;
  }
}

/** Begins to hear the interface of that name, or hears it again after it was deleted and made anew. */
export function listenOn({ descriptor, interface: name }: CaptureSocket): void {
  const address = Buffer.alloc(20); // struct sockaddr_ll
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeUInt16BE(ETH_P_ALL, 2);
  address.writeInt32LE(libc.ifNametoindex(name), 4);
  succeeded(libc.bind(descriptor, address, address.length), `listening on ${name}`);
}

/** Gives the socket its filter, in place of the one before. */
export function attachFilter(descriptor: number, program: readonly Instruction[]): void {
  const instructions = programBytes(program);
  const header = Buffer.alloc(16); // struct sock_fprog
  header.writeUInt16LE(program.length, 0);
  header.writeBigUInt64LE(addressOf(instructions), 8);
  succeeded(libc.setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, header, header.length), 'attaching the filter');
}

/** The kernel's counters since they were last read: reading sets them to 0. */
export function takeCounters(descriptor: number): KernelCounters {
  const counters = Buffer.alloc(12); // struct tpacket_stats_v3
  const read = libc.getsockopt(descriptor, SOL_PACKET, PACKET_STATISTICS, counters, [counters.length]);
  succeeded(read, 'reading the counters of the ring');
  return { received: counters.readUInt32LE(0), dropped: counters.readUInt32LE(4) };
}

/** Reads the socket's error, which sets it back: an interface that went down leaves one, and poll would not sleep any more. */
export function takeError(descriptor: number): number {
  const error = Buffer.alloc(4);
  succeeded(libc.getsockopt(descriptor, SOL_SOCKET, SO_ERROR, error, [error.length]), 'reading the error of the ring');
  return error.readInt32LE();
}

/** The interface the socket is bound to; -1 when it was deleted. */
export function boundInterface(descriptor: number): number {
  const address = Buffer.alloc(20);
  succeeded(libc.getsockname(descriptor, address, [address.length]), 'asking for the interface');
  return address.readInt32LE(4);
}

export function linkState(descriptor: number, name: string): LinkState {
  if (libc.ifNametoindex(name) === 0) return 'gone';
  const request = interfaceRequest(name);
  if (libc.ioctl(descriptor, SIOCGIFFLAGS, request) < 0) return 'gone';
  const flags = request.readInt16LE(INTERFACE_NAME_BYTES);
  if (!(flags & IFF_UP)) return 'down';
  return flags & IFF_RUNNING ? 'up' : 'noCarrier';
}

function linkTypeOf(descriptor: number, name: string): number {
  if (Buffer.byteLength(name) >= INTERFACE_NAME_BYTES || libc.ifNametoindex(name) === 0)
    throw new Error(`there is no interface ${name} (\`ip link\` lists them)`);
  const request = interfaceRequest(name);
  succeeded(libc.ioctl(descriptor, SIOCGIFHWADDR, request), `asking what ${name} is`);
  const kind = request.readUInt16LE(INTERFACE_NAME_BYTES);
  const linkType = LINK_TYPES[kind];
  if (linkType === undefined)
    throw new Error(`${name} is an interface of a kind that is not read (ARPHRD ${kind}): capture it with tcpdump`);
  return linkType;
}

/** struct ifreq. */
function interfaceRequest(name: string): Buffer {
  const request = Buffer.alloc(40);
  request.write(name, 0, INTERFACE_NAME_BYTES - 1);
  return request;
}

/** struct tpacket_req3. */
function ringRequest(blocks: number): Buffer {
  const request = Buffer.alloc(28);
  const fields = [BLOCK_BYTES, blocks, FRAME_ROOM, (BLOCK_BYTES / FRAME_ROOM) * blocks, RETIRE_MS, 0, 0];
  for (const [i, value] of fields.entries()) request.writeUInt32LE(value, 4 * i);
  return request;
}

/** struct packet_mreq. */
function promiscuousRequest(name: string): Buffer {
  const request = Buffer.alloc(16);
  request.writeInt32LE(libc.ifNametoindex(name), 0);
  request.writeUInt16LE(PACKET_MR_PROMISC, 4);
  return request;
}

function option(descriptor: number, name: number, value: Buffer, what: string): void {
  succeeded(libc.setsockopt(descriptor, SOL_PACKET, name, value, value.length), what);
}
