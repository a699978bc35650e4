// A limit on the memory of a command and of everything it starts, detached processes included: a control group of the kernel (version 1
// or 2), made inside the one that this process is in. Root may make one; others get a watch that ends the command when it is too large.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Limit {
  /** Who keeps it, in words. */
  by: string;
  /** Put before a command, makes it and what it starts keep the limit. */
  wrapper: string[];
  /** Bytes that the processes hold now, page cache left out. */
  used(): number;
  /** Ends when no process is in it. */
  remove(): Promise<void>;
}

interface Version {
  by: string;
  root: string;
  /** Its line in /proc/self/cgroup. */
  line: RegExp;
  limitFile: string;
  /** The line of memory.stat that says what processes hold. */
  held: RegExp;
}

const VERSIONS: Version[] = [
  {
    by: 'a control group (version 2)',
    root: '/sys/fs/cgroup',
    line: /^0::(.*)$/m,
    limitFile: 'memory.max',
    held: /^anon (\d+)$/m,
  },
  {
    by: 'a control group (version 1)',
    root: '/sys/fs/cgroup/memory',
    line: /^\d+:memory:(.*)$/m,
    limitFile: 'memory.limit_in_bytes',
    held: /^total_rss (\d+)$/m,
  },
];

/** The kernel's limit; undefined where none can be had. */
export function kernelLimit(bytes: number): Limit | undefined {
  const own = readFileSync('/proc/self/cgroup', 'utf8');
  for (const { by, root, line, limitFile, held } of VERSIONS) {
    const inside = line.exec(own)?.[1];
    if (inside === undefined) continue;
    const group = path.join(root, inside, `umbrascope-soak-${process.pid}`);
    if (!makeGroup(group, limitFile, bytes)) continue;
    return {
      by,
      wrapper: ['/bin/sh', '-c', `echo $$ > ${group}/cgroup.procs && exec "$@"`, 'sh'],
      used: () => Number(held.exec(readFileSync(path.join(group, 'memory.stat'), 'utf8'))?.[1] ?? 0),
      remove: async () => {
        while (readFileSync(path.join(group, 'cgroup.procs'), 'utf8') !== '') await sleep(100);
        rmdirSync(group);
      },
    };
  }
  return undefined;
}

function makeGroup(group: string, limitFile: string, bytes: number): boolean {
  try {
    mkdirSync(group);
  } catch {
    return false;
  }
  if (existsSync(path.join(group, limitFile))) {
    writeFileSync(path.join(group, limitFile), String(bytes));
    return true;
  }
  rmdirSync(group);
  return false;
}

/**
 * Bytes that a process and its descendants hold, and the engine of a data directory, which is nobody's child.
 * @param what of a process: what is its own, or with its share of what it maps together with others
 */
export function treeBytes(pid: number, engine: number | undefined, what: 'Pss_Anon' | 'Pss' = 'Pss_Anon'): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = /^PPid:\s+(\d+)$/m.exec(readOrNothing(`/proc/${name}/status`))?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const belongs = (one: number): boolean => {
    if (one === pid || one === engine) return true;
    const parent = parents.get(one);
    return parent !== undefined && parent !== 0 && belongs(parent);
  };
  const held = (one: number) =>
    Number(new RegExp(`^${what}:\\s+(\\d+) kB$`, 'm').exec(readOrNothing(`/proc/${one}/smaps_rollup`))?.[1] ?? 0);
  return [...parents.keys()].filter(belongs).reduce((sum, one) => sum + held(one) * 1024, 0);
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // the process has ended
  }
}
