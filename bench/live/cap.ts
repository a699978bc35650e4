// The npm package `cap` for measuring beside: where it is installed, or installed into bench/.cache when asked for. It is no dependency of ours.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const VERSION = '0.2.1';

/**
 * Makes it found by what is started from here.
 * @param cache a directory of its own is made there when it is to be installed
 * @returns why it is not there; undefined when it is
 */
export function findCap(cache: string, install: boolean): string | undefined {
  const directory = path.join(cache, 'cap');
  const modules = path.join(directory, 'node_modules');
  process.env.NODE_PATH = [process.env.NODE_PATH, modules].filter(Boolean).join(path.delimiter);
  if (isThere(modules)) return undefined;
  if (!install)
    return 'npm’s cap is not installed: --install-cap does that (it needs libpcap’s headers and a compiler)';
  mkdirSync(directory, { recursive: true });
  const { stderr } = spawnSync('npm', ['install', '--prefix', directory, '--no-save', `cap@${VERSION}`], {
    encoding: 'utf8',
  });
  return isThere(modules) ? undefined : `npm’s cap cannot be installed: ${stderr.trim().split('\n').at(-1)}`;
}

function isThere(modules: string): boolean {
  if (existsSync(path.join(modules, 'cap/build/Release/cap.node'))) return true;
  try {
    createRequire(import.meta.url).resolve('cap');
    return true;
  } catch {
    return false;
  }
}
