// What a live sensor loses and costs, beside tcpdump: millions of SYNs into an interface of a network namespace made here, at a steady
// million a second and as fast as it goes. Root and Linux only. Every case is one run after another on the same interface.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { machineText } from '../machine.ts';
import {
  accountOf,
  INTERFACE,
  makeNetwork,
  processorSeconds,
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
        const outcome = await measure(async () => {
          ({ seconds } = await sendSyns(packets, pace));
        });
        console.log(outcome ? line(name, packets, packets / seconds, outcome) : `${name.padEnd(22)} not installed`);
      }
    }
  } finally {
    removeNetwork();
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

async function measureSensor(send: () => Promise<void>): Promise<Outcome> {
  const data = mkdtempSync(path.join(tmpdir(), 'umbrascope-bench-'));
  try {
    const sensor = await startSensor(data);
    const pid = sensor.child.pid as number;
    const engine = (JSON.parse(readFileSync(path.join(data, 'engine.json'), 'utf8')) as { pid: number }).pid;
    const [before, engineBefore] = [processorSeconds(pid), processorSeconds(engine)];
    await send();
    const sent = performance.now();
    await sleep(REST_MS);
    const cpu = processorSeconds(pid) - before;
    let engineCpu = engineBefore;
    const ticking = setInterval(() => {
      engineCpu = processorSeconds(engine, engineCpu);
    }, 100);
    sensor.child.kill('SIGTERM');
    await sensor.ended;
    clearInterval(ticking);
    const { frames = 0, kernelDropped = 0, balanced } = accountOf(sensor);
    if (!balanced) throw new Error(`the account does not balance: ${sensor.said()}`);
    const settled = (performance.now() - sent) / 1000;
    return { received: frames, dropped: kernelDropped, cpu, databaseCpu: engineCpu - engineBefore, settled };
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
