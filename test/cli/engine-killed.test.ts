// The database killed at the moments that matter: while blocks go in, and while days are finalised.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { telescopeDay } from '../../bench/day.ts';
import type { RunAccount } from '../../cli/ingest/account.ts';
import { startCommand, temporaryDirectory, umbrascopeJson } from '../setup/command.ts';
import { storedContents } from '../setup/stored.ts';

const spooled = (data: string): number => {
  try {
    return readdirSync(path.join(data, 'spool')).filter((name) => !name.endsWith('.unfinished')).length;
  } catch {
    return 0;
  }
};

it('a database killed mid-insert and mid-finalise: one clear line each, and the next run completes', {
  timeout: 120_000,
}, async () => {
  const capture = telescopeDay(temporaryDirectory(), 200_000, 9);
  const args = ['ingest', capture, '--darknet', '198.18.0.0/20', '--data'];
  const undisturbed = temporaryDirectory();
  await umbrascopeJson([...args, undisturbed]);
  const data = temporaryDirectory();
  for (const moment of ['insert', 'finalise'] as const) {
    const { outcome, child } = startCommand([...args, data]);
    const running = () => child.exitCode === null;
    if (moment === 'insert') while (spooled(data) === 0 && running()) await sleep(1);
    else {
      // what the first run left is sent again; then nothing is spooled, and days are made
      while (spooled(data) > 0 && running()) await sleep(1);
      await sleep(20);
    }
    const { pid } = JSON.parse(readFileSync(path.join(data, 'engine.json'), 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL');
    const { code, stdout, stderr } = await outcome;
    expect(stderr, moment).toMatch(
      /^umbrascope: the database in \S+ does not answer \(\w+\): when it runs, give the same command again\n$/,
    );
    expect(stdout).toBe('');
    expect(code).toBe(1);
  }
  const account = await umbrascopeJson<RunAccount>([...args, data]);
  expect(account.balanced).toBe(true);
  expect(await storedContents(data)).toEqual(await storedContents(undisturbed));
});
