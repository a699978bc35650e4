// tcpdump as the one that captures: where there is no ring (macOS), or where a user prefers it. It says what it lost only when it ends, and
// it hands frames over some seconds late; no signal is sent to it but the last, as others can spoil its output.
import { spawn } from 'node:child_process';
import { UsageError } from '../../store/usage-error.ts';
import type { SensorPart } from './options.ts';
import type { User } from './privileges.ts';
import type { SourcePlan } from './source.ts';

/** KiB of the kernel's buffer for a MiB of --ring. */
const KIB = 1024;
/** What it says when it has begun. */
const LISTENING = /listening on /;

/**
 * Starts it on an interface; settles when it listens.
 * @param user what it becomes when it was started as root: the same as this process, which could not end it otherwise
 * @throws UsageError with its own words when it does not
 */
export async function openTcpdump(name: string, part: SensorPart, user: User | undefined): Promise<SourcePlan> {
  const options = ['-i', name, '-s', String(part.snaplen), '-B', String(part.ring * KIB), '-w', '-'];
  if (!part.promiscuous) options.push('-p');
  if (user) options.push('-Z', user.name);
  const child = spawn('tcpdump', [...options, '--', ...(part.filter ? [part.filter] : [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // an interrupt from the terminal is for the sensor, which ends it then
  });
  let said = '';
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  await new Promise<void>((resolve, reject) => {
    child.once('error', () => reject(new UsageError('--capture tcpdump: it is not installed')));
    child.once('close', () => reject(new UsageError(`--capture tcpdump: ${said.trim().split('\n').at(-1)}`)));
    child.stderr.on('data', (text) => {
      said += text;
      if (LISTENING.test(said)) resolve();
    });
  });
  const figure = (what: string) => Number(new RegExp(`(\\d+) packets? ${what}`).exec(said)?.[1] ?? 0);
  // When it ends, it leaves unread what still waits in the kernel.
  const unread = () => Math.max(0, figure('received by filter') - figure('captured'));
  const lost = ended.then(() => figure('dropped by kernel') + unread());
  return { kind: 'stream', name, input: child.stdout, end: () => child.kill('SIGTERM'), lost };
}
