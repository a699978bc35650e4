// Opening what a sensor listens to, which needs rights, and giving them up.
import { mkdirSync } from 'node:fs';
import type { Instruction } from '../../collector/live/filter.ts';
import type { CaptureSocket } from '../../collector/live/socket.ts';
import { UsageError } from '../../store/usage-error.ts';
import { openCap } from './cap.ts';
import type { Log } from './log.ts';
import type { SensorOptions, SensorPart } from './options.ts';
import { becomeUser, findUser, isRoot, keepsCapabilities, ownDirectory } from './privileges.ts';
import type { SourcePlan } from './source.ts';
import { openTcpdump } from './tcpdump.ts';

const ROOT = 'root';

/**
 * Opens the interfaces of each sensor, which are heard from then on, or standard input; when it returns this process has no rights left.
 * @throws UsageError for what is not there; Error with advice where rights are missing
 */
export async function openSources(options: SensorOptions, log: Log): Promise<SourcePlan[][]> {
  const user = isRoot() && options.user !== ROOT ? findUser(options.user) : undefined;
  if (user) ownDirectory(options.data, user);
  if (user && options.keep) ownDirectory(options.keep, user);
  else if (options.keep) mkdirSync(options.keep, { recursive: true, mode: 0o700 });
  const afresh = process.platform === 'linux' ? await import('./afresh.ts') : undefined;
  const handed = afresh?.handedOver();
  const sources: SourcePlan[][] = [];
  for (const [i, sensor] of options.sensors.entries()) {
    const { interface: names, capture } = sensor;
    if (names.length === 0) sources.push([standardInput()]);
    else if (handed) sources.push((handed[i] ?? []).map(ringOf));
    else if (capture === 'ring') sources.push((await openInterfaces(sensor)).map(ringOf));
    else if (capture === 'cap') sources.push(names.map((name) => openCap(name, sensor, log)));
    else sources.push(await Promise.all(names.map((name) => openTcpdump(name, sensor, user))));
  }
  if (user) await becomeUser(user);
  const keeps = process.platform === 'linux' ? keepsCapabilities() : isRoot();
  if (afresh && !handed && !isRoot() && (user || keeps) && options.sensors.every(({ capture }) => capture === 'ring'))
    afresh.startAfresh(sources.map((plans) => plans.flatMap((plan) => (plan.kind === 'ring' ? [plan.socket] : []))));
  if (keeps) log.warn('rights kept', { user: isRoot() ? ROOT : 'as started' }, 'rights');
  else if (user || handed) log.info('rights given up', { uid: process.getuid?.() });
  return sources;
}

function ringOf(socket: CaptureSocket): SourcePlan {
  return { kind: 'ring', name: socket.interface, socket };
}

function standardInput(): SourcePlan {
  return { kind: 'stream', name: '-', input: process.stdin, dropsUnknown: true };
}

async function openInterfaces(options: SensorPart): Promise<CaptureSocket[]> {
  if (process.platform !== 'linux')
    throw new UsageError('--capture ring needs Linux: leave it away here, and tcpdump captures');
  const { openSocket, attachFilter, listenOn } = await import('../../collector/live/socket.ts');
  const { compileFilter, keepAll } = await import('../../collector/live/filter.ts');
  const programOf = (name: string, { linkType }: CaptureSocket): Instruction[] => {
    const { filter, snaplen } = options;
    return filter ? explained(name, () => compileFilter(filter, linkType, snaplen)) : keepAll(snaplen);
  };
  return options.interface.map((name) => {
    const socket = explained(name, () => {
      return openSocket({ interface: name, blocks: options.ring, promiscuous: options.promiscuous });
    });
    attachFilter(socket.descriptor, programOf(name, socket));
    listenOn(socket);
    return socket;
  });
}

function explained<T>(name: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    if (code === 'EPERM')
      throw new Error(`-i ${name}: not permitted: start it as root, which it gives up at once (see docs/operating.md)`);
    if (code === 'ENOMEM')
      throw new Error(`-i ${name}: the kernel has no memory for the ring: give a smaller one with --ring`);
    throw new UsageError(`-i ${name}: ${message}`);
  }
}
