// Two network namespaces joined by a pair of interfaces, made and removed by the test: one sends, in the other a sensor listens, and the
// test itself is there too. Needs root and Linux's `ip`; where they are missing the tests that need them say so in one line and skip.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Injected } from '../../bench/live/inject.ts';

const root = path.resolve(import.meta.dirname, '../..');
/** The command line, built. */
export const program = path.join(root, 'dist/program/main.js');
const injector = path.join(root, 'dist/bench/live/inject.js');
const STOP_MS = 40_000;

function command(file: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(file, args, { encoding: 'utf8' });
  if (status !== 0) throw error ?? new Error(`${file} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

const ip = (...args: string[]) => command('ip', args);

/** Why no network can be made here; undefined when one can. */
function findTrouble(): string | undefined {
  if (process.platform !== 'linux') return 'not Linux';
  if (process.getuid?.() !== 0) return 'not root';
  const name = `umbt${process.pid}`;
  try {
    ip('netns', 'add', name);
    ip('-n', name, 'link', 'add', 'one', 'type', 'veth', 'peer', 'name', 'two');
    return undefined;
  } catch (error) {
    return (error as Error).message.trim();
  } finally {
    spawnSync('ip', ['netns', 'del', name]);
  }
}

const trouble = findTrouble();
export const haveNetwork = trouble === undefined;
if (trouble) console.warn(`skipped: no network namespaces can be made (${trouble})`);

export interface Network {
  /** The interface a sensor listens to. */
  interface: string;
  /** Runs `ip` in the sensor's namespace. */
  ip(...args: string[]): string;
  /** Makes the pair of interfaces, again after it was deleted. */
  connect(): void;
  /** Sends every frame of a capture; `rate` in frames a second, 0 = as fast as it goes. */
  inject(capture: string, rate?: number, times?: number): Promise<Injected>;
  startSensor(...args: string[]): LiveProcess;
  /** Starts a command beside the sensor. */
  start(...command: string[]): LiveProcess;
  /** Starts the command line beside the sensor. */
  umbrascope(...args: string[]): LiveProcess;
  /** The same, through a command that runs it. */
  umbrascopeThrough(wrapper: readonly string[], ...args: string[]): LiveProcess;
  /** Puts a file system of a size in memory onto a directory. */
  mount(directory: string, size: string, option?: 'remount'): void;
  unmount(directory: string): void;
  remove(): void;
}

let networks = 0;

/** From here on what this thread opens and starts is in the namespace, so that databases are shared with what runs there. */
async function enter(namespace: string): Promise<void> {
  const { default: koffi } = await import('koffi'); // Linux alone has what it is for
  const setns = koffi.load('libc.so.6').func('int setns(int, int)');
  const descriptor = openSync(`/run/netns/${namespace}`, 'r');
  const network = 0x40000000; // CLONE_NEWNET
  if (setns(descriptor, network) !== 0) throw new Error(`cannot enter ${namespace}`);
  closeSync(descriptor);
}

/** The network of a test file: its process stays in it. */
export async function makeNetwork(): Promise<Network> {
  const name = `umb${process.pid}n${++networks}`;
  const [sender, receiver] = [`${name}s`, `${name}r`];
  for (const namespace of [sender, receiver]) {
    ip('netns', 'add', namespace);
    const quiet = ['net.ipv6.conf.all.disable_ipv6=1', 'net.ipv6.conf.default.disable_ipv6=1'];
    ip('netns', 'exec', namespace, 'sysctl', '-qw', ...quiet);
    ip('-n', namespace, 'link', 'set', 'lo', 'up');
  }
  const connect = () => {
    ip('link', 'add', 'out', 'netns', sender, 'type', 'veth', 'peer', 'name', 'tap', 'netns', receiver);
    ip('-n', sender, 'link', 'set', 'out', 'arp', 'off', 'mtu', '9000', 'up');
    ip('-n', receiver, 'link', 'set', 'tap', 'arp', 'off', 'mtu', '9000', 'up');
  };
  connect();
  await enter(receiver);
  const start = (...args: string[]) => {
    const env = { ...process.env, UMBRASCOPE_DATA: '', CLICKHOUSE_URL: '' };
    return new LiveProcess(spawn('ip', ['netns', 'exec', receiver, ...args], { env }));
  };
  const umbrascope = (...args: string[]) => start(process.execPath, program, ...args);
  return {
    interface: 'tap',
    ip: (...args) => ip('-n', receiver, ...args),
    connect,
    inject: async (capture, rate = 0, times = 1) => {
      const args = ['netns', 'exec', sender, process.execPath, injector, 'out', capture, String(rate), String(times)];
      const { code, stdout, stderr } = await new LiveProcess(spawn('ip', args)).outcome;
      if (code !== 0) throw new Error(`inject ended with ${code}: ${stderr}`);
      return JSON.parse(stdout) as Injected;
    },
    start,
    umbrascope,
    umbrascopeThrough: (wrapper, ...args) => start(...wrapper, process.execPath, program, ...args),
    startSensor: (...args) => umbrascope('sensor', '--json', ...args),
    mount: (directory, size, option) => {
      const options = `${option ? `${option},` : ''}size=${size}`;
      command('mount', ['-t', 'tmpfs', '-o', options, 'umbrascope-test', directory]);
    },
    unmount: (directory) => {
      command('umount', [directory]);
    },
    remove: () => {
      for (const namespace of [sender, receiver]) spawnSync('ip', ['netns', 'del', namespace]);
    },
  };
}

/** A process and what it says; what it logs can be waited for. */
export class LiveProcess {
  readonly child: ChildProcess;
  readonly outcome: Promise<{ code: number | null; stdout: string; stderr: string }>;
  stderr = '';
  stdout = '';

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.on('data', (text) => {
      this.stdout += text;
    });
    child.stderr?.on('data', (text) => {
      this.stderr += text;
    });
    this.outcome = new Promise((resolve) => {
      child.once('close', (code) => resolve({ code, stdout: this.stdout, stderr: this.stderr }));
    });
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** Waits until the log has so many lines of the event that hold the text. */
  async logged(event: string, text = '', times = 1, withinMs = 20_000): Promise<void> {
    const count = () =>
      this.stderr.split('\n').filter((line) => line.includes(`"event":"${event}"`) && line.includes(text)).length;
    for (const end = Date.now() + withinMs; count() < times; await sleep(20)) {
      if (Date.now() > end || this.child.exitCode !== null)
        throw new Error(`the sensor never said "${event}" ${text}: ${this.stderr}`);
    }
  }

  /** Waits until it has printed the text. */
  async printed(text: string): Promise<void> {
    for (const end = Date.now() + 20_000; !this.stdout.includes(text); await sleep(20)) {
      if (Date.now() > end || this.child.exitCode !== null) throw new Error(`never printed ${text}: ${this.stderr}`);
    }
  }

  /** Ends it as an operator would, and parses its account. */
  async account<Account>(signal: NodeJS.Signals = 'SIGTERM'): Promise<Account> {
    this.child.kill(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    const { code, stdout, stderr } = await this.outcome;
    clearTimeout(timer);
    if (code !== 0) throw new Error(`the sensor ended with ${code}: ${stdout}${stderr}`);
    return JSON.parse(stdout) as Account;
  }

  /** A line of the status of each of its threads. */
  threads(field: string): string[] {
    const tasks = `/proc/${this.pid}/task`;
    return readdirSync(tasks).map((task) => {
      const status = readFileSync(`${tasks}/${task}/status`, 'utf8');
      return new RegExp(`^${field}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '';
    });
  }
}
