// What a live sensor loses and costs, whoever captures for it, beside tcpdump: millions of SYNs into an interface of a network namespace made
// here, at a steady million a second and as fast as it goes; then how late it has single frames. Root and Linux only. One case after another.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SensorPart } from '../../cli/sensor/options.ts';
import { machineText } from '../machine.ts';
import { processorSeconds } from '../processor.ts';
import { findCap } from './cap.ts';
import {
  accountOf,
  family,
  INTERFACE,
  makeNetwork,
  removeNetwork,
  sendSyns,
  startInside,
  startSensor,
  until,
} from './network.ts';

/** After the last frame: the program reads what waits. */
const REST_MS = 1500;

interface Outcome {
  received: number;
  dropped: number;
  /** The program does not say what it lost. */
  unknown?: boolean;
  /** Processor seconds of the program, and of its database. */
  cpu: number;
  databaseCpu?: number;
  /** Seconds from the last frame sent until all is stored. */
  settled?: number;
}

interface Case {
  name: string;
  measure(send: () => Promise<void>): Promise<Outcome | undefined>;
}

type Way = SensorPart['capture'];
const WAYS: readonly Way[] = ['ring', 'tcpdump', 'cap'];
const latencyProgram = path.resolve(import.meta.dirname, 'latency.js');

const sensorBy = (way: Way): Case => ({
  name: `sensor --capture ${way}`,
  measure: (send) => measureSensor(way, send),
});

export interface LivePlan {
  packets: number;
  /** Frames a second of the first round; the second goes as fast as it can. */
  rate: number;
  /** Where npm's cap is installed when it is asked for. */
  cache: string;
  installCap: boolean;
}

export async function benchLive({ packets, rate, cache, installCap }: LivePlan): Promise<void> {
  console.log(`${machineText()}\nlive: ${packets.toLocaleString('en')} SYNs of 60 bytes\n`);
  const trouble = makeNetwork();
  if (trouble) {
    console.log(`not measured: ${trouble}`);
    return;
  }
  const ways = WAYS.filter((way) => isThere(way, () => findCap(cache, installCap)));
  try {
    for (const pace of [rate, 0]) {
      for (const { name, measure } of [
        ...ways.map(sensorBy),
        { name: 'tcpdump -w /dev/null', measure: measureTcpdump },
      ]) {
        let seconds = 0;
        const outcome = await measure(async () => {
          ({ seconds } = await sendSyns(packets, pace));
        });
        if (outcome) console.log(line(name, packets, packets / seconds, outcome));
      }
    }
    console.log('\nfrom sending a frame until the program has it, 20 frames a second:');
    for (const way of ways) console.log(await latencyLine(way));
  } finally {
    removeNetwork();
  }
}

/** Says in a line what cannot be measured. */
function isThere(way: Way, capTrouble: () => string | undefined): boolean {
  const tcpdumpTrouble = () => (spawnSync('tcpdump', ['--version']).error ? 'tcpdump is not installed' : undefined);
  const trouble = way === 'ring' ? undefined : way === 'tcpdump' ? tcpdumpTrouble() : capTrouble();
  if (trouble) console.log(`not measured: ${trouble}`);
  return trouble === undefined;
}

async function latencyLine(way: Way): Promise<string> {
  const { said, ended } = startInside(process.execPath, [latencyProgram, way]);
  if ((await ended) !== 0) return `${way.padEnd(25)} failed: ${said()}`;
  const { frames, of, median, most } = JSON.parse(said().trim().split('\n').at(-1) ?? '') as Record<string, number>;
  const ms = (value = Number.NaN) => `${value < 100 ? value.toFixed(1) : Math.round(value)} ms`;
  return `${way.padEnd(25)}  median ${ms(median)}, at most ${ms(most)} (${frames} of ${of} frames)`;
}

function line(name: string, packets: number, rate: number, outcome: Outcome): string {
  const { received, dropped, unknown, cpu, databaseCpu, settled } = outcome;
  const number = (value: number) => Math.round(value).toLocaleString('en');
  const missing = packets - received - dropped;
  const exact = missing === 0 ? (unknown ? 'not known' : 'exact') : `${number(missing)} UNKNOWN`;
  return [
    name.padEnd(25),
    `${number(rate).padStart(10)}/s`,
    `received ${number(received).padStart(10)}`,
    `dropped ${number(dropped).padStart(9)} (${exact})`,
    `${number((cpu * 1e9) / packets).padStart(5)} ns/packet`,
    databaseCpu === undefined
      ? ''
      : `+ ${number((databaseCpu * 1e9) / packets)} ns database, stored after ${settled?.toFixed(1)} s`,
  ].join('  ');
}

async function measureSensor(way: Way, send: () => Promise<void>): Promise<Outcome> {
  const data = mkdtempSync(path.join(tmpdir(), 'umbrascope-bench-'));
  try {
    const sensor = await startSensor(data, '--capture', way);
    const pid = sensor.child.pid as number;
    const engine = (JSON.parse(readFileSync(path.join(data, 'engine.json'), 'utf8')) as { pid: number }).pid;
    const members = family(pid).filter((member) => member !== engine);
    const used = () => members.reduce((sum, member) => sum + processorSeconds(member), 0);
    const [before, engineBefore] = [used(), processorSeconds(engine)];
    await send();
    const sent = performance.now();
    await sleep(REST_MS);
    const cpu = used() - before;
    let engineCpu = engineBefore;
    const ticking = setInterval(() => {
      engineCpu = processorSeconds(engine, engineCpu);
    }, 100);
    sensor.child.kill('SIGTERM');
    await sensor.ended;
    clearInterval(ticking);
    const { frames = 0, kernelDropped = 0, dropsUnknown, balanced } = accountOf(sensor);
    if (!balanced) throw new Error(`the account does not balance: ${sensor.said()}`);
    const settled = (performance.now() - sent) / 1000;
    const unknown = dropsUnknown !== undefined;
    return { received: frames, dropped: kernelDropped, unknown, cpu, databaseCpu: engineCpu - engineBefore, settled };
  } finally {
    rmSync(data, { recursive: true, force: true, maxRetries: 10 });
  }
}

async function measureTcpdump(send: () => Promise<void>): Promise<Outcome | undefined> {
  if (spawnSync('tcpdump', ['--version']).error) return undefined;
  const args = ['-i', INTERFACE, '-n', '-s', '96', '-B', '262144', '-w', '/dev/null'];
  const { child, said, ended } = startInside('tcpdump', args);
  await until(() => said().includes('listening on'));
  const before = processorSeconds(child.pid as number);
  await send();
  await sleep(REST_MS);
  const cpu = processorSeconds(child.pid as number) - before;
  child.kill('SIGINT');
  await ended;
  const figure = (what: string) => Number(new RegExp(`(\\d+) packets? ${what}`).exec(said())?.[1] ?? Number.NaN);
  return { received: figure('captured'), dropped: figure('dropped by kernel'), cpu };
}
