// What Node itself does not offer of the C library: the kernel's lock on a file, and named pipes.
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { DataType, load, open } from 'ffi-rs';
import { inDirectory } from './trouble.ts';

const LIBC = process.platform === 'darwin' ? 'libSystem.dylib' : 'libc.so.6';
/** LOCK_EX, LOCK_SH and LOCK_NB, the same on Linux and macOS. */
const EXCLUSIVE = 2;
const SHARED = 1;
const NOW = 4;

/**
 * Takes the lock (flock), which is gone with its holder however that ends; a process that inherits the descriptor holds it too.
 * @returns the descriptor that holds it until closed; undefined when another holds it
 * @param shared held together with others who share it
 */
export function tryLock(file: string, { shared = false } = {}): number | undefined {
  const descriptor = inDirectory(path.dirname(file), () => openSync(file, 'a', 0o600));
  const result = call('flock', [DataType.I32, DataType.I32], [descriptor, (shared ? SHARED : EXCLUSIVE) | NOW]);
  if (result === 0) return descriptor;
  closeSync(descriptor);
  return undefined;
}

/** Makes a named pipe for its owner alone. */
export function makeNamedPipe(file: string): void {
  if (call('mkfifo', [DataType.String, DataType.I32], [file, 0o600]) !== 0)
    throw new Error(`cannot make a named pipe at ${file}`);
}

function call(name: string, paramsType: DataType[], paramsValue: unknown[]): number {
  open({ library: 'libc', path: LIBC });
  return load({ library: 'libc', funcName: name, retType: DataType.I32, paramsType, paramsValue } as never) as number;
}
