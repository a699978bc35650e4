// SYNs into an interface's receive path as if its driver had them, more than a million a second, each of them counted: BPF_PROG_TEST_RUN
// of an XDP program with live frames (Linux 5.18 or later, root). `node dist/bench/live/syns.js IF PACKETS [PACKETS-PER-SECOND]`.
// Sources are 65,536, ports 16 to 23, destinations 198.18.0.0/16; the kernel's own random numbers choose among them.
import koffi from 'koffi';
import { addressOf, libc, succeeded } from '../../collector/live/libc.ts';

const SYSCALL_BPF: Record<string, number> = { x64: 321, arm64: 280 };
const PROG_LOAD = 5;
const PROG_TEST_RUN = 10;
const TYPE_XDP = 6;
const LIVE_FRAMES = 1 << 1;
const ATTRIBUTE_BYTES = 128;
/** A rate is kept by bursts at full speed, so many a second: each call costs some 25 ms of waiting in the kernel. */
const BURSTS = 10;
const MOST_REPEATS = 2 ** 31 - 1;
const BATCH = 64;

const syscall = koffi.load('libc.so.6').func('long syscall(long, long, void *, long)');

const bpf = (command: number, attribute: Buffer): number =>
  succeeded(Number(syscall(SYSCALL_BPF[process.arch] ?? 0, command, attribute, attribute.length)), 'bpf');

/** One eBPF instruction: code, registers (destination + 16 · source), offset, constant. */
const op = (code: number, registers: number, offset: number, constant: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt8(code, 0);
  bytes.writeUInt8(registers, 1);
  bytes.writeInt16LE(offset, 2);
  bytes.writeInt32LE(constant, 4);
  return bytes;
};
const RANDOM = op(0x85, 0, 0, 7); // r0 = bpf_get_prandom_u32()
const keep = (mask: number) => op(0x57, 0, 0, mask); // r0 &= mask
const add = (bits: number) => op(0x47, 0, 0, bits); // r0 |= bits
const store16 = (at: number) => op(0x6b, 0x07, at, 0); // *(u16 *)(r7 + at) = r0

const PROGRAM = Buffer.concat([
  op(0x61, 0x17, 0, 0), // r7 = the frame
  op(0x61, 0x13, 4, 0), // r3 = its end
  op(0xbf, 0x74, 0, 0), // r4 = r7
  op(0x07, 0x04, 0, 60), // r4 += 60
  op(0xbd, 0x34, 2, 0), // if r4 <= r3 go on, else
  op(0xb7, 0x00, 0, 1), // drop it
  op(0x95, 0, 0, 0),
  ...[RANDOM, store16(26)], // source address, first half
  ...[RANDOM, store16(32)], // destination address, second half
  ...[RANDOM, store16(34)], // source port
  ...[RANDOM, keep(0x0700), add(0x1000), store16(36)], // destination port
  op(0xb7, 0x00, 0, 2), // hand it to the kernel
  op(0x95, 0, 0, 0),
]);

/** What is sent, but for addresses and ports. */
export const SYN = Buffer.from(
  '020000000002020000000001 0800 4500 0028 d431 0000 3206 0000 01020a0a c6120000 8000 0017 00000000 00000000 5002 0400 0000 0000 000000000000'.replaceAll(
    ' ',
    '',
  ),
  'hex',
);

/** @param rate frames a second; 0 = as fast as it goes */
export function injectSyns(interfaceName: string, packets: number, rate = 0): { sent: number; seconds: number } {
  const license = Buffer.from('GPL\0');
  const load = Buffer.alloc(ATTRIBUTE_BYTES);
  load.writeUInt32LE(TYPE_XDP, 0);
  load.writeUInt32LE(PROGRAM.length / 8, 4);
  load.writeBigUInt64LE(addressOf(PROGRAM), 8);
  load.writeBigUInt64LE(addressOf(license), 16);
  const program = bpf(PROG_LOAD, load);
  const context = Buffer.alloc(24); // struct xdp_md
  context.writeUInt32LE(SYN.length, 4);
  context.writeUInt32LE(libc.ifNametoindex(interfaceName), 12);
  const run = Buffer.alloc(ATTRIBUTE_BYTES);
  run.writeUInt32LE(program, 0);
  run.writeUInt32LE(SYN.length, 8);
  run.writeBigUInt64LE(addressOf(SYN), 16);
  run.writeUInt32LE(context.length, 40);
  run.writeBigUInt64LE(addressOf(context), 48);
  run.writeUInt32LE(LIVE_FRAMES, 64);
  run.writeUInt32LE(BATCH, 72);
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  let sent = 0;
  while (sent < packets) {
    const chunk = Math.min(rate > 0 ? Math.ceil(rate / BURSTS) : MOST_REPEATS, packets - sent);
    while (rate > 0 && elapsed() * rate < sent);
    run.writeUInt32LE(chunk, 32);
    bpf(PROG_TEST_RUN, run);
    sent += chunk;
  }
  libc.close(program);
  return { sent, seconds: elapsed() };
}

if (process.argv[1]?.endsWith('syns.js')) {
  const [interfaceName = '', packets = '0', rate = '0'] = process.argv.slice(2);
  console.log(JSON.stringify(injectSyns(interfaceName, Number(packets), Number(rate))));
}
