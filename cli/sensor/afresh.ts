// Threads have rights each for itself. Node's own threads are there before any of this runs: capabilities that were given without root
// (ambient, or by the program file) stay with them, and so does the way to get new ones. So the process executes itself anew, with the
// opened sockets and without rights: no thread of it ever had any.
import koffi from 'koffi';
import { libc, succeeded } from '../../collector/live/libc.ts';
import type { CaptureSocket } from '../../collector/live/socket.ts';
import { PR_SET_NO_NEW_PRIVS } from './privileges.ts';

const PR_SET_DUMPABLE = 4;
const PR_CAP_AMBIENT = 47;
const PR_CAP_AMBIENT_CLEAR_ALL = 4;
const CAPABILITY_VERSION_3 = 0x20080522;
const F_SETFD = 2;
const STANDARD = [0, 1, 2];
/** Names the sockets to the process that goes on. */
const VARIABLE = 'UMBRASCOPE_SOCKETS';

const library = koffi.load('libc.so.6');
const capset = library.func('int capset(void *, void *)');
const fcntl = library.func('int fcntl(int, int, ...)');
const execve = library.func('int execve(const char *, const char **, const char **)');

/**
 * Executes this command again without rights.
 * @param sockets of each sensor, in its order
 * @throws CallError when it cannot
 */
export function startAfresh(sockets: readonly (readonly CaptureSocket[])[]): never {
  // No new privileges: the program file gives none again. Nothing inheritable or ambient: nor does this thread.
  succeeded(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 'giving up new privileges');
  succeeded(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), 'giving up ambient capabilities');
  const header = Buffer.alloc(8); // struct __user_cap_header_struct
  header.writeUInt32LE(CAPABILITY_VERSION_3, 0);
  succeeded(capset(header, Buffer.alloc(24)), 'giving up capabilities');
  // Node has all its descriptors closed when another program is executed.
  const kept = [...STANDARD, ...sockets.flat().map(({ descriptor }) => descriptor)];
  for (const descriptor of kept) fcntl(descriptor, F_SETFD, 'int', 0);
  const variables = { ...process.env, [VARIABLE]: JSON.stringify(sockets) };
  const environment = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const words = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  throw succeeded(execve(process.execPath, [...words, null], [...environment, null]), 'starting afresh without rights');
}

/** The sockets that this process was given when it was executed anew; undefined when it was not. */
export function handedOver(): CaptureSocket[][] | undefined {
  const sockets = process.env[VARIABLE];
  delete process.env[VARIABLE];
  if (!sockets) return undefined;
  const given = JSON.parse(sockets) as CaptureSocket[][];
  // As after leaving root: other processes of the user cannot take the sockets.
  succeeded(libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), 'closing the process to others');
  const closes = 1; // FD_CLOEXEC
  for (const { descriptor } of given.flat()) fcntl(descriptor, F_SETFD, 'int', closes);
  return given;
}
