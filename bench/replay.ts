// How long from a capture file to committed rows, beside programs that only read or count the same packets. All in one run, one after
// another and several times over, so that a slow machine is slow for all of them.
import { spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DAY_DARKNET, telescopeDay } from './day.ts';
import { machineText, median } from './machine.ts';

/** The old npm parser is so slow that it gets a day of its own. */
const PARSER_PACKETS = 500_000;

interface Case {
  name: string;
  packets: number;
  /** Seconds, or undefined when the program is not installed. */
  once: () => Promise<number | undefined>;
}

/** Cases that are our own. */
const OWN_CASES = 2;

/** What the whole of the last `ingest` took: from its start to its exit, days finalised. */
let wholeCommand: number | undefined;

export async function benchReplay(cache: string, packets: number, runs: number): Promise<void> {
  const day = telescopeDay(cache, packets);
  const small = telescopeDay(cache, PARSER_PACKETS);
  const cases: Case[] = [
    { name: 'umbrascope ingest', packets, once: async () => ingestSeconds(day, packets) },
    { name: '… whole command', packets, once: async () => wholeCommand },
    { name: 'cat', packets, once: async () => commandSeconds('cat', [day]) },
    { name: 'capinfos -c -M', packets, once: async () => commandSeconds('capinfos', ['-c', '-M', day]) },
    { name: 'tcpdump --count', packets, once: async () => commandSeconds('tcpdump', ['-r', day, '--count']) },
    {
      name: 'tcpdump -w /dev/null',
      packets,
      once: async () => commandSeconds('tcpdump', ['-r', day, '-w', '/dev/null']),
    },
    { name: 'libtrace tracestats', packets, once: async () => commandSeconds('tracestats', [`pcapfile:${day}`]) },
    { name: 'npm pcap-parser', packets: PARSER_PACKETS, once: () => parserSeconds(small) },
  ];
  const seconds = cases.map((): number[] => []);
  for (let run = 0; run < runs; run++) {
    for (const [i, { once }] of cases.entries()) {
      const took = await once();
      if (took !== undefined) seconds[i]?.push(took);
    }
  }
  print(cases, seconds, packets, runs);
}

function print(cases: Case[], seconds: number[][], packets: number, runs: number): void {
  console.log(
    `${machineText()}\nreplay: ${packets.toLocaleString('en')} packets, seed 1, median of ${runs} runs (spread)\n`,
  );
  const rates = cases.map(({ packets: own }, i) => own / median(seconds[i] ?? []));
  for (const [i, { name }] of cases.entries()) {
    const times = seconds[i] ?? [];
    if (times.length === 0) {
      console.log(`${name.padEnd(22)} not installed`);
      continue;
    }
    const spread = `(${Math.min(...times).toFixed(2)}–${Math.max(...times).toFixed(2)})`;
    const rate = Math.round(rates[i] ?? 0).toLocaleString('en');
    const ratio = i < OWN_CASES ? '' : `  umbrascope is ${((rates[0] ?? 0) / (rates[i] ?? 1)).toFixed(2)} × as fast`;
    console.log(
      `${name.padEnd(22)} ${median(times).toFixed(2).padStart(7)} s ${spread.padEnd(16)} ${rate.padStart(13)} packets/s${ratio}`,
    );
  }
}

/** From the start of the command to its last committed row: what `ingest --json` says of itself, without finalising days. */
function ingestSeconds(day: string, packets: number): number {
  const data = mkdtempSync(path.join(tmpdir(), 'umbrascope-bench-'));
  try {
    const program = path.resolve(import.meta.dirname, '../cli/main.js');
    const args = [program, 'ingest', '--data', data, '--json', day, '--darknet', DAY_DARKNET];
    const started = performance.now();
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    wholeCommand = (performance.now() - started) / 1000;
    if (status !== 0) throw new Error(`ingest failed: ${stderr}`);
    const account = JSON.parse(stdout) as { counted: number; balanced: boolean; seconds: number };
    if (account.counted !== packets || !account.balanced) throw new Error(`ingest counted ${account.counted} packets`);
    return account.seconds;
  } finally {
    rmSync(data, { recursive: true, force: true, maxRetries: 10 });
  }
}

function commandSeconds(command: string, args: string[]): number | undefined {
  const started = performance.now();
  const { error, status } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'ignore'] });
  if (error || status !== 0) return undefined;
  return (performance.now() - started) / 1000;
}

/** The library as its users use it: an event for each packet. */
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
