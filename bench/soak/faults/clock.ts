// A system clock that can be stepped for one process and what it starts, and for nobody else: libfaketime (Debian: libfaketime). The kernel's
// own clock, which frames bear, goes on as it was.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const LIBRARY = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
  .find((file) => existsSync(file));

export const haveFakeClock = LIBRARY !== undefined;

/** A command that runs another with the clock that `directory` says. */
export function fakeClock(directory: string): string[] {
  if (LIBRARY === undefined) throw new Error('libfaketime is not installed (Debian: apt-get install libfaketime)');
  setFakeClock(directory, 0);
  const variables = [`LD_PRELOAD=${LIBRARY}`, `FAKETIME_TIMESTAMP_FILE=${clockFile(directory)}`, 'FAKETIME_NO_CACHE=1'];
  return ['env', ...variables, 'FAKETIME_DONT_FAKE_MONOTONIC=1', 'DONT_FAKE_MONOTONIC=1'];
}

/** Steps it to so many seconds before (negative) or after the true time. */
export function setFakeClock(directory: string, seconds: number): void {
  writeFileSync(clockFile(directory), `${seconds < 0 ? '' : '+'}${seconds}\n`);
}

function clockFile(directory: string): string {
  return path.join(directory, 'clock');
}
