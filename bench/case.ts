// What a case of `npm run bench` is, and how one is run: stated, measured, printed, and written into bench/RESULTS.md.
import { Command } from 'commander';
import { wholeNumber } from '../cli/options.ts';
import { statement } from './machine.ts';
import { type Bar, sectionText, writeSection } from './results.ts';

/** Fewer runs are a trial: printed, not written down. */
const LEAST_RUNS = 5;

export interface CaseOptions {
  /** Of made captures: one that is there is used again. */
  cache: string;
  /** Runs of each contestant. */
  runs: number;
  seed: number;
  /** Size of what is measured, for cases that have one. */
  packets: number;
}

export interface BenchCase<Options extends CaseOptions = CaseOptions> {
  name: string;
  /** What is measured, in a line. */
  title: string;
  /** Default size; undefined for a case of one size. */
  packets?: number;
  /** Adds options of its own. */
  options?(command: Command): void;
  /** Undefined where it cannot be measured here: it has said why. */
  run(options: Options): Promise<{ text: string; bars: readonly Bar[] } | undefined>;
}

/** A command that runs the case alone. */
export function caseCommand(one: BenchCase, cache: string): Command {
  const command = new Command(one.name).description(one.title);
  command.option(
    '--runs <n>',
    'runs of each contestant; fewer than 5 are a trial, not written down',
    wholeNumber,
    LEAST_RUNS,
  );
  command.option('--seed <n>', 'of made captures', wholeNumber, 1);
  if (one.packets !== undefined) command.option('--packets <n>', 'size of what is measured', wholeNumber, one.packets);
  one.options?.(command);
  command.action(async (given: Omit<CaseOptions, 'cache'>) => {
    const args = Object.keys(given).flatMap((name) =>
      command.getOptionValueSource(name) === 'cli'
        ? [`--${dashed(name)}`, String(given[name as keyof typeof given])]
        : [],
    );
    await runCase(one, { ...given, cache }, args);
  });
  return command;
}

/** @param args as given on the command line besides the name */
export async function runCase(one: BenchCase, options: CaseOptions, args: readonly string[]): Promise<void> {
  const { name, title } = one;
  const stated = statement(options.seed);
  console.log(`\n${name}: ${title}\n${stated}\n`);
  const found = await one.run(options);
  if (found === undefined) return;
  // Bars are of the case's own size: a smaller one is mostly start-up.
  const bars = options.packets < (one.packets ?? 0) ? [] : found.bars;
  const section = { name, title, args, statement: stated, text: found.text, bars };
  console.log(sectionText(section));
  if (options.runs >= LEAST_RUNS) writeSection(section);
  else console.log(`\nfewer than ${LEAST_RUNS} runs: not written into bench/RESULTS.md`);
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
