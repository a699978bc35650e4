// What is wrong with what `ingest` is given, told before anything is opened.
import { checkNames, STANDARD_INPUT } from '../../collector/discover.ts';
import { UsageError } from '../../store/usage-error.ts';
import type { IngestOptions } from '../ingest.ts';
import { checkTimeZone, parsePrefix } from '../options.ts';
import { readRules } from './settings.ts';

/** What is wrong whatever the database holds is said before it is opened, let alone made. */
export async function checkAlone(names: readonly string[], { darknet, timeZone, rules }: IngestOptions): Promise<void> {
  darknet?.forEach(parsePrefix);
  if (timeZone !== undefined) checkTimeZone(timeZone);
  if (rules !== undefined) await readRules(rules);
  await checkNames(names).catch((error: Error) => {
    throw new UsageError(error.message);
  });
}

export function checkTogether(names: readonly string[], { watch, share, lease }: IngestOptions): void {
  const standardInput = names.includes(STANDARD_INPUT);
  if (watch && standardInput) throw new UsageError('--watch: standard input ends but once');
  if (share && standardInput) throw new UsageError('--share: standard input cannot be shared; name files');
  if (share && watch) throw new UsageError('--share takes the files there are: it goes without --watch');
  if (lease !== undefined && !share) throw new UsageError('--lease is of --share: give both');
}
