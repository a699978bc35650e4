// `ingest --share`: several processes over the same captures, killed, stopped beyond their lease, used wrongly: everything counted once.
// `npm run soak -- share` does it with a thousand captures and a hundred kills.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { telescopeDay } from '../../bench/day.ts';
import type { RunAccount } from '../../cli/ingest/account.ts';
import { share } from '../../dist/bench/soak/share.js';
import { openStore } from '../../dist/store/store.js';
import { claimWork } from '../../store/claims.ts';
import type { Connection } from '../../store/database.ts';
import type { Lease } from '../../store/lease.ts';
import { startCommand, temporaryDirectory, umbrascope, umbrascopeJson } from '../setup/command.ts';
import { syns } from '../setup/scans.ts';
import { storedContents } from '../setup/stored.ts';

const program = path.resolve(import.meta.dirname, '../../dist/program/main.js');
const DARKNET = ['--darknet', '198.18.0.0/20'];

it('four that share captures and are killed at random leave the tables of one undisturbed ingest', {
  timeout: 240_000,
}, async () => {
  const result = await share({
    program,
    processes: 4,
    files: 12,
    packetsPerFile: 2000,
    kills: 3,
    engineEvery: 0,
    stopEvery: 0,
    everyMs: 1000,
    leaseSeconds: 2,
    seed: 7,
    log: console.info,
  });
  expect(result).toMatchObject({ rounds: 1, faults: [] });
  expect(result.kills).toBeGreaterThan(0);
});

it('one that is stopped until others have taken its file adds nothing to it when it goes on', {
  timeout: 240_000,
}, async () => {
  const capture = telescopeDay(temporaryDirectory(), 250_000, 3);
  const expected = temporaryDirectory();
  await umbrascopeJson(['ingest', capture, ...DARKNET, '--data', expected]);
  const data = temporaryDirectory();
  const db = await openStore({ directory: data });
  try {
    const args = ['ingest', capture, ...DARKNET, '--data', data, '--share', '--lease', '2', '--json'];
    const { child, outcome } = startCommand(args);
    while ((await packets(db)) === 0 && child.exitCode === null) await sleep(5);
    child.kill('SIGSTOP');
    const other = await umbrascopeJson<RunAccount>(args.slice(0, -1));
    const taken = await packets(db);
    child.kill('SIGCONT');
    const { code, stdout, stderr } = await outcome;

    expect(other).toMatchObject({ files: 1, balanced: true });
    expect(taken).toBe(250_000);
    expect(stderr).toContain('the lease of 2 s ran out');
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ balanced: true });
  } finally {
    await db.close();
  }
  expect(await storedContents(data)).toEqual(await storedContents(expected));
});

async function packets(db: Connection): Promise<number> {
  return (await db.query<{ packets: number }>('SELECT sum(packets) AS packets FROM flows'))[0]?.packets ?? 0;
}

describe('sharing', () => {
  const data = temporaryDirectory();
  const directory = temporaryDirectory();
  const file = path.join(directory, 'a.pcap');
  writeFileSync(file, syns(100));
  let db: Connection;
  afterAll(() => db?.close());

  it('is refused with what cannot be shared', async () => {
    for (const [args, message] of [
      [['-', '--share'], '--share: standard input cannot be shared; name files'],
      [[file, '--share', '--watch'], '--share takes the files there are: it goes without --watch'],
      [[file, '--lease', '10'], '--lease is of --share: give both'],
    ] as const) {
      const { code, stdout, stderr } = await umbrascope(['ingest', ...args, '--data', data]);
      expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: `umbrascope: ${message}\n` });
    }
  });

  it('with others at work goes only beside those who share and count alike', async () => {
    await umbrascopeJson(['ingest', file, '--data', data]);
    db = await openStore({ directory: data });
    const who = { sensor: 'default', holder: 'host9, process 7', settings: 'others', leaseMs: 60_000 };
    const lease = (await claimWork(db, who, 'work', { path: '/b.pcap', size: 1 })) as Lease;

    const alone = await umbrascope(['ingest', file, '--data', data]);
    const sharing = await umbrascope(['ingest', file, '--data', data, '--share']);
    await lease.finish();

    expect(alone.code).toBe(2);
    expect(alone.stderr).toBe(
      'umbrascope: host9, process 7 ingests for this sensor with --share: give --share too, or wait for its end\n',
    );
    expect(sharing.code).toBe(2);
    expect(sharing.stderr).toMatch(
      /^umbrascope: --share: host9, process 7 ingests for this sensor with other settings/,
    );
  });

  it('that was cut off is finished by those who share, not by one alone', async () => {
    const begun = path.join(directory, 'begun.pcap');
    writeFileSync(begun, syns(50, 1_700_000_000));
    const [row] = await db.query<{ opening: string }>('SELECT any(opening) AS opening FROM ledger');
    const [sensor] = await db.query<{ settings: string }>(
      "SELECT concat(any(rulesVersion), ' ', any(settings)) AS settings FROM ledger",
    );
    const who = { sensor: 'default', holder: 'host9, process 7', settings: sensor?.settings as string, leaseMs: 1000 };
    const lease = (await claimWork(db, who, row?.opening as string, { path: file, size: 1 })) as Lease;
    await lease.abandon();
    await sleep(1000);
    writeFileSync(file, syns(150));

    const alone = await umbrascope(['ingest', file, begun, '--data', data]);
    const shared = await umbrascopeJson<RunAccount>(['ingest', file, begun, '--data', data, '--share']);
    const after = await umbrascopeJson<RunAccount>(['ingest', file, begun, '--data', data]);

    expect(alone.code).toBe(1);
    expect(alone.stderr).toBe(
      `umbrascope: ${file} was begun by host9, process 7, with --share, and not finished: ingest it with --share\n`,
    );
    expect(shared).toMatchObject({ files: 2, counted: 100, alreadyFrames: 100, balanced: true });
    expect(after).toMatchObject({ alreadyFiles: 2, frames: 0, balanced: true });
  });
});
