// Contestants measured in turn, round after round, so that a slow machine is slow for all of them; and the table of what came out.

export interface Contestant {
  name: string;
  /** What it works on in one run: packets, files, bytes. */
  work: number;
  /** Seconds of one run, or undefined where the program is not there. */
  once(): Promise<number | undefined>;
}

export interface Measured {
  name: string;
  work: number;
  /** Of each run; none where the program is not there. */
  seconds: readonly number[];
}

/** @param told what is run now; at the end, nothing */
export async function contest(
  contestants: readonly Contestant[],
  runs: number,
  told: (line: string) => void = progress,
): Promise<Measured[]> {
  const measured = contestants.map(({ name, work }) => ({ name, work, seconds: [] as number[] }));
  const absent = new Set<Contestant>();
  for (let run = 0; run < runs; run++) {
    for (const [i, contestant] of contestants.entries()) {
      if (absent.has(contestant)) continue;
      told(`run ${run + 1} of ${runs}: ${contestant.name}`);
      const took = await contestant.once();
      if (took === undefined) absent.add(contestant);
      else measured[i]?.seconds.push(took);
    }
  }
  told('');
  return measured;
}

function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\x1b[2K${line}\r`);
}

/** Seconds for as much work as the first has: the two may have worked on different amounts. */
export function ratio(one: Measured, other: Measured): number {
  return median(one.seconds) / one.work / (median(other.seconds) / other.work);
}

/** One line each: median, spread, rate, and how long the first takes by it. */
export function contestText(measured: readonly Measured[], unit: string): string {
  const [first] = measured;
  const width = Math.max(...measured.map(({ name }) => name.length));
  const head = `${''.padEnd(width)}   seconds (least–most)    ${`${unit}/s`.padStart(13)}   ${first?.name} : it`;
  const lines = measured.map((one) => {
    const { name, work, seconds } = one;
    if (seconds.length === 0) return `${name.padEnd(width)}   not installed`;
    const rate = Math.round(work / median(seconds)).toLocaleString('en');
    const beside =
      first === undefined || one === first || first.seconds.length === 0 ? '' : ratio(first, one).toFixed(2);
    return `${name.padEnd(width)}   ${spread(seconds).padEnd(23)} ${rate.padStart(13)}   ${beside.padStart(6)}`.trimEnd();
  });
  return [head, ...lines].join('\n');
}

/** "7.35 (7.11–7.84)" */
export function spread(values: readonly number[], digits = 2): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(digits).padStart(7)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}
