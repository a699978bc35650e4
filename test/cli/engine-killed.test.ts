// The database killed at the moments that matter: while it starts, while blocks go in, and while days are finalised.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { telescopeDay } from '../../bench/day.ts';
import { enginePid } from '../../bench/soak/command.ts';
import type { RunAccount } from '../../cli/ingest/account.ts';
import { startCommand, temporaryDirectory, umbrascopeJson } from '../setup/command.ts';
import { storedContents } from '../setup/stored.ts';

const sample = path.resolve(import.meta.dirname, '../../sample-pcaps/2019-01.pcap.gz');
const failures = path.resolve(import.meta.dirname, '../../dist/cli/failures.js');

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

it('a database killed while it starts is started again', { timeout: 60_000 }, async () => {
  for (const waited of [0, 20, 60, 120, 200, 300]) {
    const data = temporaryDirectory();
    const { outcome, child } = startCommand(['ingest', sample, '--data', data, '--json']);
    let pid: number | undefined;
    for (; pid === undefined && child.exitCode === null; pid = enginePid(data)) await sleep(1);
    await sleep(waited);
    process.kill(pid as number, 'SIGKILL');
    const { code, stdout, stderr } = await outcome;
    expect([code, stderr], `${waited} ms`).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ balanced: true });
  }
});

it('a command that has nothing left to wait for, and is not done, does not end well', async () => {
  const program = `import { run } from ${JSON.stringify(failures)}; run(() => new Promise(() => {}));`;
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  expect(ended.stderr).toBe(
    'umbrascope: stopped in the middle, which is a fault of its own: give the same command again\n',
  );
  expect(ended.status).toBe(1);
});
