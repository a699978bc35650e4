// What a live sensor loses and costs, beside tcpdump: millions of SYNs into an interface of a network namespace made here, at a steady
// million a second and as fast as it goes. Root and Linux only. Every case is one run after another on the same interface.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { machineText } from '../machine.ts';

const NAMESPACE = `umbrascope-bench-${process.pid}`;
const INTERFACE = 'tap';
const DARKNET = '198.18.0.0/16';
const TICKS_A_SECOND = 100;
const root = path.resolve(import.meta.dirname, '../..');

interface Outcome {
  received: number;
  dropped: number;
  /** Processor seconds of the program, and of its database. */
  cpu: number;
  databaseCpu?: number;
  /** Seconds from the last frame sent until all is stored. */
  settled?: number;
}

interface Case {
  name: string;
  measure(inject: () => number): Promise<Outcome | undefined>;
}

const CASES: readonly Case[] = [
  { name: 'umbrascope sensor', measure: measureSensor },
  { name: 'tcpdump -w /dev/null', measure: measureTcpdump },
];

/** @param rate frames a second of the first round; the second goes as fast as it can */
export async function benchLive(packets: number, rate: number): Promise<void> {
  console.log(`${machineText()}\nlive: ${packets.toLocaleString('en')} SYNs of 60 bytes\n`);
  const trouble = makeNetwork();
  if (trouble) {
    console.log(`not measured: ${trouble}`);
    return;
  }
  try {
    for (const pace of [rate, 0]) {
      for (const { name, measure } of CASES) {
        let seconds = 0;
        const outcome = await measure(() => {
          ({ seconds } = inject(packets, pace));
          return packets;
        });
        console.log(outcome ? line(name, packets, packets / seconds, outcome) : `${name.padEnd(22)} not installed`);
      }
    }
  } finally {
    spawnSync('ip', ['netns', 'del', NAMESPACE]);
  }
}

function line(name: string, packets: number, rate: number, outcome: Outcome): string {
  const { received, dropped, cpu, databaseCpu, settled } = outcome;
  const number = (value: number) => Math.round(value).toLocaleString('en');
  const exact = received + dropped === packets ? 'exact' : `${number(packets - received - dropped)} UNKNOWN`;
  return [
    name.padEnd(22),
    `${number(rate).padStart(10)}/s`,
    `received ${number(received).padStart(10)}`,
    `dropped ${number(dropped).padStart(9)} (${exact})`,
    `${number((cpu * 1e9) / packets).padStart(5)} ns/packet`,
    databaseCpu === undefined
      ? ''
      : `+ ${number((databaseCpu * 1e9) / packets)} ns database, stored after ${settled?.toFixed(1)} s`,
  ].join('  ');
}

/** Why there is no network to measure on; undefined when there is. */
function makeNetwork(): string | undefined {
  const steps = [
    ['netns', 'add', NAMESPACE],
    ['-n', NAMESPACE, 'link', 'add', INTERFACE, 'type', 'veth', 'peer', 'name', 'far'],
    ...['lo', 'far', INTERFACE].map((name) => ['-n', NAMESPACE, 'link', 'set', name, 'up']),
  ];
  for (const step of steps) {
    const { status, stderr, error } = spawnSync('ip', step, { encoding: 'utf8' });
    if (status !== 0) return error ? error.message : stderr.trim();
  }
  spawnSync('ip', ['netns', 'exec', NAMESPACE, 'sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1']);
  return undefined;
}

function inject(packets: number, rate: number): { seconds: number } {
  const program = path.join(root, 'bench/live/syns.js');
  const args = ['netns', 'exec', NAMESPACE, process.execPath, program, INTERFACE, String(packets), String(rate)];
  const { status, stdout, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the generator failed: ${stderr}`);
  return JSON.parse(stdout);
}

function start(command: string, args: string[]): { child: ChildProcess; said: () => string; ended: Promise<unknown> } {
  const child = spawn('ip', ['netns', 'exec', NAMESPACE, command, ...args]);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (piece) => {
      text += piece;
    });
  }
  return { child, said: () => text, ended: new Promise((resolve) => child.once('close', resolve)) };
}

async function until(test: () => boolean): Promise<boolean> {
  for (const end = Date.now() + 20_000; !test(); await sleep(20)) if (Date.now() > end) return false;
  return true;
}

async function measureSensor(send: () => number): Promise<Outcome> {
  const data = mkdtempSync(path.join(tmpdir(), 'umbrascope-bench-'));
  try {
    const program = path.join(root, 'cli/main.js');
    const options = ['--data', data, '--user', 'root', '--darknet', DARKNET, '--json', '--no-metrics'];
    const { child, said, ended } = start(process.execPath, [program, 'sensor', '-i', INTERFACE, ...options]);
    if (!(await until(() => said().includes('"listening"')))) throw new Error(`the sensor did not start: ${said()}`);
    const engine = (JSON.parse(readFileSync(path.join(data, 'engine.json'), 'utf8')) as { pid: number }).pid;
    const before = [processorSeconds(child.pid as number), processorSeconds(engine)] as const;
    send();
    const sent = performance.now();
    await sleep(1500);
    const cpu = processorSeconds(child.pid as number) - before[0];
    const ticking = setInterval(() => {
      engineCpu = processorSeconds(engine, engineCpu);
    }, 100);
    let engineCpu = before[1];
    child.kill('SIGTERM');
    await ended;
    clearInterval(ticking);
    const account = JSON.parse(said().trim().split('\n').at(-1) ?? '') as Record<string, number>;
    const { frames = 0, kernelDropped = 0 } = account;
    if (!account.balanced) throw new Error(`the account does not balance: ${said()}`);
    const settled = (performance.now() - sent) / 1000;
    return { received: frames, dropped: kernelDropped, cpu, databaseCpu: engineCpu - before[1], settled };
  } finally {
    rmSync(data, { recursive: true, force: true, maxRetries: 10 });
  }
}

async function measureTcpdump(send: () => number): Promise<Outcome | undefined> {
  if (spawnSync('tcpdump', ['--version']).error) return undefined;
  const { child, said, ended } = start('tcpdump', [
    '-i',
    INTERFACE,
    '-n',
    '-s',
    '96',
    '-B',
    '262144',
    '-w',
    '/dev/null',
  ]);
  await until(() => said().includes('listening on'));
  const before = processorSeconds(child.pid as number);
  send();
  await sleep(1500);
  const cpu = processorSeconds(child.pid as number) - before;
  child.kill('SIGINT');
  await ended;
  const figure = (what: string) => Number(new RegExp(`(\\d+) packets? ${what}`).exec(said())?.[1] ?? Number.NaN);
  return { received: figure('captured'), dropped: figure('dropped by kernel'), cpu };
}

/** User and system time of a process (proc(5)); `otherwise` when it has gone. */
function processorSeconds(pid: number, otherwise = 0): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
  } catch {
    return otherwise;
  }
}
