// Programs that do less with the same packets: they only read, count or decompress them.
import { spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import type { Contestant } from './contest.ts';
import { telescopeDay } from './day.ts';

/** A program that is told of a file; it is absent where it is not installed. */
export function program(command: string, args: readonly string[], work: number, name: string): Contestant {
  return {
    name,
    work,
    once: async () => {
      const started = performance.now();
      const { error, status, stderr } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
      const seconds = (performance.now() - started) / 1000;
      if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined;
      if (error || status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? stderr}`);
      return seconds;
    },
  };
}

export const CAPINFOS = 'capinfos -c -M';

/** What reads captures, from the quickest to the slowest. */
export function readers(capture: string, packets: number): Contestant[] {
  return [
    program('cat', [capture], packets, 'cat'),
    program('tcpdump', ['-r', capture, '--count'], packets, 'tcpdump --count'),
    program('tracestats', [`pcapfile:${capture}`], packets, 'libtrace tracestats'),
    program('tcpdump', ['-r', capture, '-w', '/dev/null'], packets, 'tcpdump -w /dev/null'),
    program('capinfos', ['-c', '-M', capture], packets, CAPINFOS),
  ];
}

/** The old npm parser is so slow that it gets a capture of its own. */
const PARSER_PACKETS = 500_000;

/** npm pcap-parser as its users use it: an event for each packet. It is there for the tests of the readers. */
export function pcapParser(cache: string, seed: number): Contestant {
  const day = telescopeDay(cache, PARSER_PACKETS, seed);
  return { name: 'npm pcap-parser', work: PARSER_PACKETS, once: () => parserSeconds(day) };
}

function parserSeconds(day: string): Promise<number> {
  const parser = createRequire(import.meta.url)('pcap-parser') as {
    parse(stream: NodeJS.ReadableStream): NodeJS.EventEmitter;
  };
  const started = performance.now();
  return new Promise((resolve, reject) => {
    let packets = 0;
    const events = parser.parse(createReadStream(day));
    events.on('packet', () => packets++);
    events.on('error', reject);
    events.on('end', () => {
      if (packets === PARSER_PACKETS) resolve((performance.now() - started) / 1000);
      else reject(new Error(`pcap-parser read ${packets} packets`));
    });
  });
}
