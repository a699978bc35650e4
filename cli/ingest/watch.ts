// `ingest --watch`: pass after pass over the same names until the user ends it, so that a directory of growing captures is followed.
import { setTimeout as sleep } from 'node:timers/promises';
import type { CaptureFile } from '../../collector/discover.ts';
import type { RunAccount } from './account.ts';
import type { Ingest } from './run.ts';

/** The running day is made again at most so often, and whenever nothing new has come. */
const FINALISE_EVERY_MS = 60_000;

/**
 * Goes on until SIGINT or SIGTERM; then the pass that runs is brought to its end. A second signal ends the process at once.
 * @param every seconds between two looks
 */
export async function watchOn(ingest: Ingest, discover: () => Promise<CaptureFile[]>, every: number): Promise<void> {
  const end = new AbortController();
  const onSignal = () => end.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  const said = new Set<string>();
  let finalised = 0;
  let waiting = true;
  try {
    say(passText(ingest.account, { frames: 0, counted: 0 }), troubles(ingest.account, said));
    while (!end.signal.aborted && !ingest.account.stoppedAt) {
      const before = { frames: ingest.account.frames, counted: ingest.account.counted };
      const read = await ingest.pass(await discover());
      const lines = troubles(ingest.account, said);
      if (ingest.account.frames > before.frames || lines.length > 0) say(passText(ingest.account, before), lines);
      waiting ||= read > 0;
      if (waiting && (read === 0 || performance.now() - finalised > FINALISE_EVERY_MS)) {
        await ingest.finalise();
        finalised = performance.now();
        waiting = false;
      }
      await sleep(every * 1000, undefined, { signal: end.signal }).catch(() => {});
    }
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

function passText(account: RunAccount, before: { frames: number; counted: number }): string {
  const number = (value: number) => value.toLocaleString('en');
  const frames = account.frames - before.frames;
  return `${number(frames)} frames more, ${number(account.counted - before.counted)} of them counted; in all ${number(account.frames)} of ${number(account.files)} files`;
}

/** What is wrong with files, each said once; one that merely goes on is not wrong. */
function troubles({ damaged, refused }: RunAccount, said: Set<string>): string[] {
  const lines = [
    ...damaged.filter(({ unfinished }) => !unfinished).map(({ path, damage }) => `DAMAGED ${path}: ${damage}`),
    ...refused.map(({ path, damage }) => `NOT READ ${path}: ${damage}`),
  ].filter((line) => !said.has(line));
  for (const line of lines) said.add(line);
  return lines;
}

function say(first: string, lines: readonly string[]): void {
  const time = new Date().toISOString().slice(0, 19);
  for (const line of [first, ...lines]) process.stderr.write(`${time}Z  ${line}\n`);
}
