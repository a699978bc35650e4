// `umbrascope serve` over the decade, in a process of its own, as a user starts it; and how long its answers take.
import path from 'node:path';
import { startProgram } from '../soak/command.ts';

const program = path.resolve(import.meta.dirname, '../../program/main.js');

export interface Serving {
  /** With a slash at its end. */
  url: string;
  stop(): Promise<void>;
}

export async function serve(directory: string): Promise<Serving> {
  const { child, outcome } = startProgram(program, ['serve', '--data', directory, '--port', '0']);
  const url = await new Promise<string>((resolve, reject) => {
    let printed = '';
    child.stdout?.on('data', (text) => {
      printed += text;
      const [address] = /http:\/\/\S+/.exec(printed) ?? [];
      if (address) resolve(address);
    });
    void outcome.then(({ stderr }) => reject(new Error(`serve ended: ${stderr}`)));
  });
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await outcome;
    },
  };
}

/** Milliseconds until the whole answer is there. @throws Error when it is not 200 */
export async function timed(url: string): Promise<number> {
  const begun = performance.now();
  const response = await fetch(url);
  const body = await response.text();
  if (response.status !== 200) throw new Error(`${url}: ${response.status} ${body.slice(0, 300)}`);
  return performance.now() - begun;
}

/** The value that 95 % do not exceed. */
export function percentile95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;
}
