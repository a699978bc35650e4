// One ingest at a time in a data directory: the kernel's own lock on a file (flock), gone with its holder however that ends.
import { closeSync, openSync } from 'node:fs';
import { DataType, load, open } from 'ffi-rs';

const LIBC = process.platform === 'darwin' ? 'libSystem.dylib' : 'libc.so.6';
const EXCLUSIVE_NOW = 2 | 4; // LOCK_EX | LOCK_NB, the same on Linux and macOS

/**
 * Takes the lock and returns what gives it back.
 * @throws Error when another process holds it
 */
export function takeLock(file: string, held: string): () => void {
  const descriptor = openSync(file, 'a', 0o600);
  open({ library: 'libc', path: LIBC });
  const result = load({
    library: 'libc',
    funcName: 'flock',
    retType: DataType.I32,
    paramsType: [DataType.I32, DataType.I32],
    paramsValue: [descriptor, EXCLUSIVE_NOW],
  });
  if (result !== 0) {
    closeSync(descriptor);
    throw new Error(held);
  }
  return () => closeSync(descriptor);
}
