// A network namespace for measuring a live sensor, with one interface that SYNs are put into; made and removed here. Root and Linux only.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const INTERFACE = 'tap';
/** What is sent there arrives at the interface. */
export const FAR = 'far';
/** Where the SYNs go to. */
export const SYN_DARKNET = '198.18.0.0/16';

const NAMESPACE = `umbrascope-bench-${process.pid}`;
const injector = path.resolve(import.meta.dirname, 'syns.js');
/** The built command line. */
export const program = path.resolve(import.meta.dirname, '../../program/main.js');

/** Why there is no network to measure on; undefined when there is. */
export function makeNetwork(): string | undefined {
  const steps = [
    ['netns', 'add', NAMESPACE],
    ['-n', NAMESPACE, 'link', 'add', INTERFACE, 'type', 'veth', 'peer', 'name', FAR],
    ...['lo', FAR, INTERFACE].map((name) => ['-n', NAMESPACE, 'link', 'set', name, 'up']),
  ];
  for (const step of steps) {
    const { status, stderr, error } = spawnSync('ip', step, { encoding: 'utf8' });
    if (status !== 0) return error ? error.message : stderr.trim();
  }
  const quiet = ['net.ipv6.conf.all.disable_ipv6=1', 'net.ipv6.conf.default.disable_ipv6=1'];
  spawnSync('ip', ['netns', 'exec', NAMESPACE, 'sysctl', '-qw', ...quiet]);
  return undefined;
}

export function removeNetwork(): void {
  spawnSync('ip', ['netns', 'del', NAMESPACE]);
}

export interface Inside {
  child: ChildProcess;
  said(): string;
  ended: Promise<number | null>;
}

/** Starts a command in the namespace. */
export function startInside(command: string, args: readonly string[]): Inside {
  const child = spawn('ip', ['netns', 'exec', NAMESPACE, command, ...args]);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (piece) => {
      text += piece;
    });
  }
  return { child, said: () => text, ended: new Promise((resolve) => child.once('close', resolve)) };
}

/** Starts a sensor and waits until it listens. */
export function startSensor(data: string, ...args: string[]): Promise<Inside> {
  return startSensorThrough([], data, ...args);
}

/** @param wrapper a command that runs it */
export async function startSensorThrough(wrapper: readonly string[], data: string, ...args: string[]): Promise<Inside> {
  const options = ['--data', data, '--user', 'root', '--darknet', SYN_DARKNET, '--json', '--no-metrics', ...args];
  const [command = '', ...rest] = [...wrapper, process.execPath, program, 'sensor', '-i', INTERFACE, ...options];
  const sensor = startInside(command, rest);
  if (await until(() => sensor.said().includes('"listening"'))) return sensor;
  sensor.child.kill('SIGKILL');
  throw new Error(`the sensor did not start: ${sensor.said()}`);
}

/** The account that a sensor printed last. */
export function accountOf({ said }: Inside): Record<string, number> & { balanced: boolean } {
  return JSON.parse(said().trim().split('\n').at(-1) ?? '');
}

/** @param rate SYNs a second; 0 = as fast as it goes */
export async function sendSyns(packets: number, rate: number): Promise<{ sent: number; seconds: number }> {
  const { said, ended } = startInside(process.execPath, [injector, INTERFACE, String(packets), String(rate)]);
  if ((await ended) !== 0) throw new Error(`the generator failed: ${said()}`);
  return JSON.parse(said());
}

export async function until(test: () => boolean): Promise<boolean> {
  for (const end = Date.now() + 20_000; !test(); await sleep(20)) if (Date.now() > end) return false;
  return true;
}

/** A process and what it started, those included. */
export function family(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return [
    pid,
    ...children
      .split(' ')
      .filter(Boolean)
      .flatMap((child) => family(Number(child))),
  ];
}
