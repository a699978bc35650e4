// Rights are for opening sockets. They are given up for good, by every thread, before a byte from the network is looked at.
import { spawnSync } from 'node:child_process';
import { accessSync, chownSync, constants, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../../store/usage-error.ts';

export interface User {
  name: string;
  uid: number;
  gid: number;
}

/** The user that a sensor becomes when it was started as root. */
export const OWN_USER = 'umbrascope';

export const PR_SET_NO_NEW_PRIVS = 38;

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * The user of that name, as the system knows it.
 * @throws UsageError when there is none, saying how to make it
 */
export function findUser(name: string): User {
  const number = (option: string) => {
    const { status, stdout } = spawnSync('id', [option, '--', name], { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : Number.NaN;
  };
  const user = { name, uid: number('-u'), gid: number('-g') };
  if (Number.isInteger(user.uid) && Number.isInteger(user.gid)) return user;
  throw new UsageError(
    `started as root, the sensor becomes the user ${name} once its sockets are open, and there is no such user: make it (useradd --system --shell /usr/sbin/nologin ${name}) or name another with --user`,
  );
}

/**
 * Makes the directory the user's own where it is not there yet.
 * @throws Error when it is another's
 */
export function ownDirectory(directory: string, user: User): void {
  if (!existsSync(directory)) {
    mkdirSync(path.dirname(path.resolve(directory)), { recursive: true });
    mkdirSync(directory, { mode: 0o700 });
    chownSync(directory, user.uid, user.gid);
  }
  const { uid } = statSync(directory);
  if (uid !== user.uid) {
    const place = path.resolve(directory);
    throw new Error(`${place} is not ${user.name}'s: chown -R ${user.name}: ${place}, or name another directory`);
  }
}

/**
 * Becomes the user. The C library makes every thread do so, and a thread that leaves root loses all capabilities; nothing that is started
 * later can get any again.
 * @throws Error when the user cannot read this program: threads and the engine are started from its files
 */
export async function becomeUser({ name, uid, gid }: User): Promise<void> {
  const { libc, succeeded } = await import('../../collector/live/libc.ts');
  succeeded(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 'giving up new privileges');
  process.setgroups?.([gid]);
  process.setgid?.(gid);
  process.setuid?.(uid);
  for (const file of [fileURLToPath(import.meta.url), process.execPath]) {
    if (!isReadable(file))
      throw new Error(`${name} may not read ${file}: install umbrascope and Node where everybody may, not below /root`);
  }
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** True while a thread of this process may do more than its user, or what it starts might. */
export function keepsCapabilities(): boolean {
  const sets = readFileSync('/proc/self/status', 'utf8').matchAll(/^Cap(?:Eff|Prm|Inh|Amb):\s*([0-9a-f]+)$/gm);
  return [...sets].some(([, held]) => BigInt(`0x${held}`) !== 0n);
}
