// A long trial of the live stream: a sensor counts what is written to it, and many clients watch the page's stream of it all the time.
// Each must get every event, and neither the service nor the database may grow.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writePcap } from '../../sample-pcaps/captures.ts';
import { tcpSyn } from '../../sample-pcaps/packets.ts';
import { addressOf, enginePid, type Running, startProgram } from './command.ts';

interface Plan {
  program: string;
  minutes: number;
  clients: number;
  /** SYNs a second. */
  rate: number;
  log: (line: string) => void;
}

interface Client {
  events: number;
  bytes: number;
  isOpen: boolean;
}

const SAMPLES = 40;
/** The second quarter of the time is compared with the last: the first is for warming up. */
const FLAT = 1.1;
const SPARE_MEGABYTES = 15;
/** The sensor's flush, the page's look at it, and an insert lie between two events. */
const SECONDS_AN_EVENT = 12;
const PCAP_HEADER_BYTES = 24;

/** Everything that is not as it should be. */
export async function streamSoak({ program, minutes, clients, rate, log }: Plan): Promise<string[]> {
  const data = mkdtempSync(path.join(tmpdir(), 'umbrascope-soak-'));
  const sensor = startSensor(program, data);
  let served: Running | undefined;
  try {
    const feeding = feed(sensor, rate);
    await until(() => {
      if (sensor.exitCode !== null) throw new Error(`the sensor ended with ${sensor.exitCode}`);
      return enginePid(data) !== undefined;
    });
    served = startProgram(program, ['serve', '--data', data, '--port', '0']);
    const url = await addressOf(served.child);
    await until(async () => (await fetch(`${url}api/v1/live`)).ok);
    const watching = Array.from({ length: clients }, () => watch(`${url}api/v1/live/stream`));
    const samples = await sampled(
      minutes,
      { service: served.child.pid as number, database: enginePid(data) as number },
      log,
    );
    const faults = [...judgeMemory(samples), ...judgeClients(watching, minutes * 60)];
    const events = watching.map((client) => client.events);
    log(`${clients} clients, ${Math.min(...events)} to ${Math.max(...events)} events each, ${feeding.sent()} SYNs`);
    served.child.kill('SIGTERM');
    const { code, stderr } = await served.outcome;
    if (code !== 0 || stderr !== '') faults.push(`the service ended with ${code}: ${stderr}`);
    await feeding.end();
    if (sensor.exitCode !== 0) faults.push(`the sensor ended with ${sensor.exitCode}`);
    return faults;
  } finally {
    sensor.kill('SIGKILL');
    served?.child.kill('SIGKILL');
    await until(() => enginePid(data) === undefined);
    rmSync(data, { recursive: true, force: true, maxRetries: 10 });
  }
}

function startSensor(program: string, data: string): ChildProcess {
  const settings = [
    '--sensor',
    'soak',
    '--darknet',
    '198.51.100.0/26',
    '--flush',
    '2s',
    '--no-metrics',
    '--log-level',
    'error',
  ];
  const args = [program, 'sensor', '-', '--data', data, '--user', userInfo().username, ...settings];
  return spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'inherit'] });
}

/** A capture without an end: each second the SYNs of that second. */
function feed(sensor: ChildProcess, rate: number): { sent: () => number; end: () => Promise<void> } {
  let seconds = 0;
  sensor.stdin?.on('error', () => {});
  const second = () => {
    const now = Math.floor(Date.now() / 1000);
    const frame = (i: number) =>
      tcpSyn({
        ...{ srcAddr: `203.0.113.${i % 250}`, dstAddr: `198.51.100.${i % 64}`, srcPort: 1024 + i },
        ...{ dstPort: [23, 445, 22, 3389, 80][i % 5] as number, seq: i },
      });
    const capture = writePcap(Array.from({ length: rate }, (_, i) => ({ seconds: now, nanos: 0, frame: frame(i) })));
    sensor.stdin?.write(seconds++ === 0 ? capture : capture.subarray(PCAP_HEADER_BYTES));
  };
  second();
  const timer = setInterval(second, 1000);
  return {
    sent: () => seconds * rate,
    end: async () => {
      clearInterval(timer);
      sensor.stdin?.end();
      await until(() => sensor.exitCode !== null);
    },
  };
}

function watch(url: string): Client {
  const client: Client = { events: 0, bytes: 0, isOpen: true };
  const close = () => {
    client.isOpen = false;
  };
  get(url, (answer) => {
    answer.setEncoding('utf8');
    answer.on('data', (words: string) => {
      client.bytes += words.length;
      client.events += words.split('data: {').length - 1;
    });
    answer.once('close', close);
  }).on('error', close);
  return client;
}

type Sample = Record<'service' | 'database', number>;

async function sampled(minutes: number, pids: Sample, log: (line: string) => void): Promise<Sample[]> {
  const samples: Sample[] = [];
  while (samples.length < SAMPLES) {
    await sleep((minutes * 60_000) / SAMPLES);
    const sample = { service: residentMegabytes(pids.service), database: residentMegabytes(pids.database) };
    samples.push(sample);
    log(`${samples.length} of ${SAMPLES} · service ${sample.service} MB, database ${sample.database} MB`);
  }
  return samples;
}

function judgeMemory(samples: readonly Sample[]): string[] {
  const quarter = SAMPLES / 4;
  return (['service', 'database'] as const).flatMap((what) => {
    const median = (some: readonly Sample[]) =>
      some.map((sample) => sample[what]).sort((a, b) => a - b)[quarter / 2] ?? 0;
    const early = median(samples.slice(quarter, 2 * quarter));
    const late = median(samples.slice(-quarter));
    return late > FLAT * early + SPARE_MEGABYTES ? [`the ${what} grew from ${early} to ${late} MB`] : [];
  });
}

function judgeClients(clients: readonly Client[], seconds: number): string[] {
  const closed = clients.filter(({ isOpen }) => !isOpen).length;
  const least = Math.floor(seconds / SECONDS_AN_EVENT);
  const starved = clients.filter(({ events }) => events < least).length;
  const most = Math.max(...clients.map(({ events }) => events));
  const behind = clients.filter(({ events }) => events < most - 1).length;
  return [
    ...(closed > 0 ? [`${closed} clients were let go`] : []),
    ...(starved > 0 ? [`${starved} clients got fewer than ${least} events`] : []),
    ...(behind > 0 ? [`${behind} clients got fewer events than others`] : []),
  ];
}

async function until(there: () => boolean | Promise<boolean>): Promise<void> {
  for (let looks = 0; !(await there()); looks++) {
    if (looks > 600) throw new Error('waited a minute in vain');
    await sleep(100);
  }
}

function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1000);
}
