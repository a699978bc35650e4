// A real file system of a few megabytes, mounted by the test. Where that is not permitted, tests say so and skip.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { afterAll } from 'vitest';
import { temporaryDirectory } from './command.ts';

const mount = (...args: string[]) => execFileSync('mount', args, { stdio: 'pipe' });
const mounted: string[] = [];

export const canMount = ((): boolean => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const directory = temporaryDirectory();
  try {
    mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', directory);
    execFileSync('umount', [directory]);
    return true;
  } catch {
    return false;
  }
})();
if (!canMount) console.warn('skipped: small disks cannot be mounted here');

export interface Disk {
  resize(megabytes: number): void;
  readOnly(): void;
}

/** Mounts a disk at a directory, which is made; gone when the test file's tests are over. */
export function smallDisk(directory: string, megabytes: number): Disk {
  mkdirSync(directory, { recursive: true });
  mount('-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'tmpfs', directory);
  mounted.push(directory);
  const again = (option: string) => mount('-o', `remount,${option}`, directory);
  return { resize: (size) => again(`size=${size}m`), readOnly: () => again('ro') };
}

afterAll(() => {
  // lazily: an engine may just be ending
  for (const directory of mounted) execFileSync('umount', ['-l', directory]);
});
