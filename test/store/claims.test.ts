// Leases on the work of an archive that several share: one holder at a time, and none that has run out can insert.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../dist/store/store.js';
import { claimWork, openFiles } from '../../store/claims.ts';
import type { Connection } from '../../store/database.ts';
import { type Claimant, type Lease, LeaseLost } from '../../store/lease.ts';
import { encodeNative } from '../../store/native.ts';
import { UsageError } from '../../store/usage-error.ts';
import { temporaryDirectory } from '../setup/command.ts';

const FILE = { path: '/captures/a.pcap', size: 100 };
const LEASE_MS = 1000;

describe('a claim', () => {
  let db: Connection;
  const who = (sensor: string, changes: Partial<Claimant> = {}): Claimant => {
    return { sensor, holder: 'here, process 1', settings: 'as all', leaseMs: LEASE_MS, ...changes };
  };

  beforeAll(async () => {
    db = await openStore({ directory: temporaryDirectory() });
  });
  afterAll(() => db.close());

  it('is held by one of many who make it at once, and by another once it is finished', async () => {
    const calm = who('many', { leaseMs: 60_000 });
    for (let round = 0; round < 4; round++) {
      const claimed = await Promise.all(Array.from({ length: 5 }, () => claimWork(db, calm, `${round}`, FILE)));
      const held = claimed.filter((lease) => lease !== undefined);
      expect(held.length).toBeLessThanOrEqual(1);
      await held[0]?.finish();
      const next = (await claimWork(db, calm, `${round}`, FILE)) as Lease;
      expect(next).toBeDefined();
      await next.withdraw();
    }
    expect(await openFiles(db, 'many')).toEqual([]);
  });

  it('is kept as long as its holder lives', async () => {
    const steady = who('kept', { leaseMs: 2 * LEASE_MS });
    const lease = (await claimWork(db, steady, 'work', FILE)) as Lease;
    await sleep(3 * LEASE_MS);
    expect(await claimWork(db, steady, 'work', FILE)).toBeUndefined();
    await lease.finish();
  });

  it('that has run out inserts nothing more, and who follows inserts the same rows once', async () => {
    const rows = {
      hour: Uint32Array.of(3600),
      fate: ['counted'],
      frames: Uint32Array.of(7, 0),
      bytes: Uint32Array.of(9, 0),
    };
    const file = path.join(temporaryDirectory(), 'fates.native');
    writeFileSync(file, Buffer.concat(encodeNative({ table: 'fateHours', rows: 1, columns: rows }, 'late')));
    const insert = (lease: Lease) => lease.guarded(() => db.insertFile('fateHours', file, 'unit', lease.fence));
    const frames = async () =>
      (await db.query<{ frames: number }>("SELECT sum(frames) AS frames FROM fateHours WHERE sensor = 'late'"))[0]
        ?.frames;

    const first = (await claimWork(db, who('late'), 'work', FILE)) as Lease;
    await insert(first);
    await first.abandon();
    expect(await claimWork(db, who('late'), 'work', FILE)).toBeUndefined();
    await sleep(LEASE_MS);
    await expect(db.insertFile('fateHours', file, 'other', first.fence)).rejects.toThrow('the lease has run out');
    await expect(insert(first)).rejects.toThrow(LeaseLost);
    await expect(first.renew()).rejects.toThrow(LeaseLost);

    const second = (await claimWork(db, who('late'), 'work', FILE)) as Lease;
    expect(await openFiles(db, 'late')).toMatchObject([{ alive: 0 }, { alive: 1 }]);
    await insert(second);
    await second.finish();
    expect(await openFiles(db, 'late')).toEqual([]);
    expect(await frames()).toBe(7);
  });

  it('with other settings than those of who is at work is refused', async () => {
    const lease = (await claimWork(db, who('settings'), 'work', FILE)) as Lease;
    const other = claimWork(db, who('settings', { settings: 'others' }), 'other work', FILE);
    await expect(other).rejects.toThrow(UsageError);
    await expect(other).rejects.toThrow(
      '--share: here, process 1 ingests for this sensor with other settings just now',
    );
    await lease.finish();
    const later = await claimWork(db, who('settings', { settings: 'others' }), 'work', FILE);
    await later?.finish();
    expect(later).toBeDefined();
  });
});
