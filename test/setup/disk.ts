// A real file system of a few megabytes, mounted by the test. Where that is not permitted, tests say so and skip.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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
  /** Fills it until only so many bytes are free, whatever lies on it. */
  leave(bytes: number): void;
  /** Waits for an engine that is just ending. */
  readOnly(): Promise<void>;
}

/** Mounts a disk at a directory, which is made; gone when the test file's tests are over. */
export function smallDisk(directory: string, megabytes: number): Disk {
  mkdirSync(directory, { recursive: true });
  mount('-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'tmpfs', directory);
  mounted.push(directory);
  const again = (option: string) => mount('-o', `remount,${option}`, directory);
  const ballast = path.join(directory, 'ballast');
  const leave = (bytes: number) => {
    rmSync(ballast, { force: true });
    const { bavail, bsize } = statfsSync(directory);
    writeFileSync(ballast, new Uint8Array(Math.max(0, bavail * bsize - bytes)));
  };
  return { resize: (size) => again(`size=${size}m`), leave, readOnly: () => patiently(() => again('ro')) };
}

async function patiently(work: () => void): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    try {
      work();
      return;
    } catch {
      await sleep(50);
    }
  }
  work();
}

afterAll(() => {
  // lazily: an engine may just be ending
  for (const directory of mounted) execFileSync('umount', ['-l', directory]);
});
