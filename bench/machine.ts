// What a measurement was made on, and with what: the first lines of every result.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import path from 'node:path';

export function machineText(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} × ${cpu?.model ?? 'unknown CPU'}, ${memory} GiB, ${process.platform} ${release()} ${process.arch}, Node ${process.version}`;
}

/** Machine, versions and seed, in two lines. */
export function statement(seed = 1): string {
  return `${machineText()}\numbrascope ${commit()}, engine chdb ${engineVersion()}, seed ${seed}`;
}

function engineVersion(): string {
  const library = createRequire(import.meta.url).resolve('chdb/package.json');
  return (JSON.parse(readFileSync(library, 'utf8')) as { version: string }).version;
}

/** The commit, and whether files of the project differ from it. */
function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', path.resolve(import.meta.dirname, '../..'), ...args], { encoding: 'utf8' }).trim();
  try {
    const changed = git('status', '--porcelain', '--', ':!bench/RESULTS.md') !== '';
    return `${git('rev-parse', '--short=10', 'HEAD')}${changed ? ' and changes' : ''}`;
  } catch {
    return 'of no known commit';
  }
}
