// Classic BPF programs for a capture socket: the kernel runs one over every frame, and it says how many bytes to keep (0 = none).
import { spawnSync } from 'node:child_process';

/** One instruction: struct sock_filter. */
export interface Instruction {
  code: number;
  jt: number;
  jf: number;
  k: number;
}

const RETURN_CONSTANT = 0x06;
/** Names of link types as tcpdump's -y takes them, by LINKTYPE_ number. */
const LINK_NAMES: Record<number, string> = { 1: 'EN10MB', 101: 'RAW' };

/** Keeps so many bytes of every frame. */
export function keepAll(snapLength: number): Instruction[] {
  return [{ code: RETURN_CONSTANT, jt: 0, jf: 0, k: snapLength }];
}

/** Keeps nothing: what a socket is given before it is emptied for the last time. */
export const KEEP_NOTHING: readonly Instruction[] = keepAll(0);

/**
 * Compiles a filter in tcpdump's language (pcap-filter(7)), by tcpdump itself.
 * @throws Error when tcpdump is not installed or refuses the text
 */
export function compileFilter(text: string, linkType: number, snapLength: number): Instruction[] {
  const link = LINK_NAMES[linkType];
  if (link === undefined) throw new Error(`--filter: no filter can be compiled for link type ${linkType}`);
  const args = ['-ddd', '-s', String(snapLength), '-y', link, '--', text];
  const { error, status, stdout, stderr } = spawnSync('tcpdump', args, { encoding: 'utf8' });
  if (error)
    throw new Error('--filter is compiled by tcpdump, which is not installed: install it, or leave the filter away');
  if (status !== 0) throw new Error(`--filter ${text}: ${lastLine(stderr)}`);
  return parseProgram(stdout);
}

/** The output of `tcpdump -ddd`: the number of instructions, then one a line. */
function parseProgram(text: string): Instruction[] {
  const [count, ...lines] = text.trim().split('\n');
  const program = lines.map((line) => {
    const [code = 0, jt = 0, jf = 0, k = 0] = line.split(' ').map(Number);
    return { code, jt, jf, k };
  });
  const sound = program.every((instruction) => Object.values(instruction).every(Number.isInteger));
  if (!sound || program.length === 0 || program.length !== Number(count))
    throw new Error('--filter: tcpdump printed no program');
  return program;
}

function lastLine(text: string): string {
  return (text.trim().split('\n').at(-1) ?? '').replace(/^tcpdump: /, '');
}

/** The instructions as the kernel reads them: an array of struct sock_filter. */
export function programBytes(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(8 * program.length);
  for (const [i, { code, jt, jf, k }] of program.entries()) {
    bytes.writeUInt16LE(code, 8 * i);
    bytes.writeUInt8(jt, 8 * i + 2);
    bytes.writeUInt8(jf, 8 * i + 3);
    bytes.writeUInt32LE(k, 8 * i + 4);
  }
  return bytes;
}
