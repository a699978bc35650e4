// Trouble with the data directory, said in one line that a user can act on.
import { statfsSync } from 'node:fs';

/** What a full disk means, and that nothing is lost by it. */
export function diskFullText(place: string): string {
  return `the disk of ${place} is full: make room, then give the same command again; it goes on where it stood`;
}

/** Does something in a directory. @throws Error that says what is wrong with it */
export function inDirectory<T>(directory: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(troubleText(directory, error as NodeJS.ErrnoException), { cause: error });
  }
}

function troubleText(directory: string, { code, message, path }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFullText(directory);
    case 'EROFS':
      return `${directory} lies on a read-only disk: make it writable, or give another --data`;
    case 'EACCES':
    case 'EPERM':
      return `no right to write ${path ?? directory}: run as the owner of ${directory}, or give another --data`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `${directory} is no directory: give another --data`;
    default:
      return `cannot use the data directory ${directory}: ${message}`;
  }
}

const ROOM_TO_START = 1_000_000;

/** Whether there is no room for an engine to start in. */
export function isDiskFull(directory: string): boolean {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize < ROOM_TO_START;
}
