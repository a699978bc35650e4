// Puts the frames of a capture onto an interface: `node dist/bench/live/inject.js IF FILE [PACKETS-PER-SECOND] [TIMES]`, as root.
// Every frame once per time, in order, none left out; prints what it sent. The capture is classic pcap, little-endian, Ethernet.
import { readFileSync } from 'node:fs';
import koffi from 'koffi';
import { createFrameColumns } from '../../collector/formats/frames.ts';
import { openPcap, pcapHeader, readPcap } from '../../collector/formats/pcap.ts';
import { addressOf, int, libc, succeeded } from '../../collector/live/libc.ts';

const AF_PACKET = 17;
const SOCK_RAW = 3;
const SOL_PACKET = 263;
const PACKET_QDISC_BYPASS = 20;
const IOVEC_BYTES = 16;
const MESSAGE_BYTES = 64; // struct mmsghdr
/** Frames a call, at most. */
const BURST = 64;

export interface Injected {
  sent: number;
  bytes: number;
  seconds: number;
}

const sendmmsg = koffi.load('libc.so.6').func('int sendmmsg(int, void *, uint32_t, int)');

/** @param rate frames a second; 0 = as fast as it goes */
export function inject(interfaceName: string, capture: Uint8Array, rate = 0, times = 1): Injected {
  const { messages, frames, bytes } = prepare(capture);
  const descriptor = openSender(interfaceName);
  const base = addressOf(messages.memory);
  const began = performance.now();
  let sent = 0;
  while (sent < frames * times) {
    const at = sent % frames;
    let burst = Math.min(BURST, frames - at, frames * times - sent);
    if (rate > 0) {
      const due = Math.floor(((performance.now() - began) / 1000) * rate) - sent;
      if (due < 1) continue;
      burst = Math.min(burst, due);
    }
    const done = sendmmsg(descriptor, base + BigInt(at * MESSAGE_BYTES), burst, 0);
    if (done > 0) sent += done;
    else if (koffi.errno() !== koffi.os.errno.ENOBUFS) succeeded(done, `sending to ${interfaceName}`);
  }
  libc.close(descriptor);
  return { sent, bytes: bytes * times, seconds: (performance.now() - began) / 1000 };
}

/** One message for each frame, pointing into the capture: nothing is copied while sending. */
function prepare(capture: Uint8Array) {
  const view = new DataView(capture.buffer, capture.byteOffset, capture.byteLength);
  const start = pcapHeader(view.getUint32(0)) ?? 0;
  const context = openPcap(view, 0, capture.length);
  const columns = createFrameColumns();
  const places: { at: number; length: number }[] = [];
  for (let at = start; at < capture.length; ) {
    at = readPcap(view, at, capture.length, context, columns);
    for (let row = 0; row < columns.rows; row++) places.push({ at: columns.at[row], length: columns.capLength[row] });
  }
  const vectors = Buffer.alloc(IOVEC_BYTES * places.length);
  const memory = Buffer.alloc(MESSAGE_BYTES * places.length);
  const base = addressOf(capture);
  const vectorBase = addressOf(vectors);
  let bytes = 0;
  for (const [i, { at, length }] of places.entries()) {
    vectors.writeBigUInt64LE(base + BigInt(at), i * IOVEC_BYTES);
    vectors.writeBigUInt64LE(BigInt(length), i * IOVEC_BYTES + 8);
    memory.writeBigUInt64LE(vectorBase + BigInt(i * IOVEC_BYTES), i * MESSAGE_BYTES + 16);
    memory.writeBigUInt64LE(1n, i * MESSAGE_BYTES + 24);
    bytes += length;
  }
  // The vectors and the capture stay alive as long as the messages that point to them.
  return { messages: { memory, vectors, capture }, frames: places.length, bytes };
}

/** A socket that puts frames onto an interface. */
export function openSender(interfaceName: string): number {
  const descriptor = succeeded(libc.socket(AF_PACKET, SOCK_RAW, 0), 'opening a socket to send with');
  libc.setsockopt(descriptor, SOL_PACKET, PACKET_QDISC_BYPASS, int(1), 4);
  const address = Buffer.alloc(20); // struct sockaddr_ll
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeInt32LE(libc.ifNametoindex(interfaceName), 4);
  succeeded(libc.bind(descriptor, address, address.length), `sending on ${interfaceName}`);
  return descriptor;
}

if (process.argv[1]?.endsWith('inject.js')) {
  const [interfaceName = '', file = '', rate = '0', times = '1'] = process.argv.slice(2);
  console.log(JSON.stringify(inject(interfaceName, readFileSync(file), Number(rate), Number(times))));
}
