// From what a user names (files, directories, globs, "-") to the list of captures to read, in a stable order.
import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';

export interface CaptureFile {
  /** Absolute path, or "-" for standard input. */
  path: string;
  /** Bytes; 0 for standard input. */
  size: number;
  /** Milliseconds since 1970; 0 for standard input. */
  modified: number;
  /** Named by the user, not found in a directory or by a glob: then it must be a capture. */
  named: boolean;
}

export const STANDARD_INPUT = '-';

/** Files whose size and time are asked for until others have their turn: each by a thread of its own takes four times as long. */
const AT_ONCE = 1000;

/**
 * @returns every file once, named ones first in their order, those of a directory or glob sorted by path
 * @param mayBeNone a glob or directory may hold no file yet
 * @throws Error naming the argument when a file is missing or a glob or directory holds none
 */
export async function discoverCaptures(names: readonly string[], { mayBeNone = false } = {}): Promise<CaptureFile[]> {
  const found = new Map<string, CaptureFile>();
  for (const name of names) {
    const { files, named } = await captureFiles(name, mayBeNone);
    for (const [place, file] of files.entries()) {
      if (place % AT_ONCE === AT_ONCE - 1) await new Promise(setImmediate);
      const known = describe(file, named);
      if (known !== undefined) found.set(file, { ...known, named: named || found.get(file)?.named === true });
    }
  }
  return [...found.values()];
}

/** @throws Error naming the first argument that is neither there nor a glob: what a mistyped name is told by before any work begins */
export async function checkNames(names: readonly string[]): Promise<void> {
  for (const name of names) {
    if (name === STANDARD_INPUT || isDynamicPattern(name)) continue;
    if (!(await stat(name).catch(() => undefined))) throw new Error(missing(name));
  }
}

const missing = (name: string) => `${name}: no such file or directory`;

async function captureFiles(name: string, mayBeNone: boolean): Promise<{ files: string[]; named: boolean }> {
  if (name === STANDARD_INPUT) return { files: [name], named: true };
  const status = await stat(name).catch(() => undefined);
  if (status?.isDirectory()) {
    const files = await glob('**/*', { cwd: name, absolute: true, dot: false });
    return { files: sorted(files, mayBeNone ? undefined : `${name} is an empty directory`), named: false };
  }
  if (status) return { files: [path.resolve(name)], named: true };
  if (isDynamicPattern(name)) {
    const files = await glob(name, { absolute: true });
    return { files: sorted(files, mayBeNone ? undefined : `${name} fits no file`), named: false };
  }
  throw new Error(missing(name));
}

function sorted(files: string[], whenNone: string | undefined): string[] {
  if (files.length === 0 && whenNone !== undefined) throw new Error(whenNone);
  return files.sort((a, b) => (a < b ? -1 : 1));
}

/** @returns undefined for a file that went away since the directory was read */
function describe(file: string, named: boolean): CaptureFile | undefined {
  if (file === STANDARD_INPUT) return { path: file, size: 0, modified: 0, named };
  const status = statSync(file, { throwIfNoEntry: named });
  if (!status) return undefined;
  const { size, mtimeMs } = status;
  return { path: file, size, modified: Math.round(mtimeMs), named };
}
