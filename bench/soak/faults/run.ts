// Runs trials of faults one after another, each on a stage of its own in one network namespace.
import { makeNetwork, removeNetwork } from '../../live/network.ts';
import { type Load, Stage } from './stage.ts';
import { TRIALS } from './trials.ts';

/**
 * @param names of trials; none = all
 * @returns everything that is not as it should be
 */
export async function runFaults(names: readonly string[], load: Load): Promise<string[]> {
  const unknown = names.find((name) => TRIALS[name] === undefined);
  if (unknown !== undefined) throw new Error(`no such fault: ${unknown} (there are ${Object.keys(TRIALS).join(', ')})`);
  const trouble = makeNetwork();
  if (trouble) throw new Error(`no network namespace can be made: ${trouble}`);
  const faults: string[] = [];
  try {
    for (const [name, { what, setting, happen, expected }] of Object.entries(TRIALS)) {
      if (names.length > 0 && !names.includes(name)) continue;
      load.log(`${name}: ${what}`);
      const stage = new Stage(load, setting);
      try {
        const found = await stage.run(() => happen(stage));
        if (!expected(found.losses)) found.faults.push(`not as expected: ${JSON.stringify(found.losses)}`);
        for (const fault of found.faults) load.log(`  ${fault}`);
        faults.push(...found.faults.map((fault) => `${name}: ${fault}`));
      } catch (error) {
        faults.push(`${name}: ${(error as Error).message}`);
      } finally {
        await stage.remove();
      }
    }
  } finally {
    removeNetwork();
  }
  return faults;
}
