// Parts of the sensor that need no interface: its health, its log, and what it has to say of losses.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { whileAnswering, whileOpening } from '../../cli/sensor/answering.ts';
import { complaints, type Vitals } from '../../cli/sensor/health.ts';
import { batchName, dropBatch, figuresOfMark, lossMarks } from '../../cli/sensor/live-spool.ts';
import { limited } from '../../cli/sensor/log.ts';
import { Tally } from '../../cli/sensor/tally.ts';
import { temporaryDirectory } from '../setup/command.ts';

const WELL: Vitals = {
  sources: [{ source: 'eth0', state: 'up' }],
  sinceFlushMs: 5000,
  flushMs: 5000,
  spoolBytes: 1e6,
  mostSpoolBytes: 1e9,
  spoolAgeMs: 1000,
  databaseTrouble: undefined,
  diskTrouble: undefined,
  lostLately: 0,
};

test('a sensor is well until something is not, and then says each reason', () => {
  expect(complaints(WELL)).toEqual([]);
  expect(complaints({ ...WELL, sources: [{ source: 'eth0', state: 'gone' }] })).toEqual(['eth0 is not heard: gone']);
  const sick = {
    sinceFlushMs: 30_000,
    spoolBytes: 9e8,
    spoolAgeMs: 600_000,
    databaseTrouble: 'away',
    diskTrouble: 'full',
    lostLately: 7,
  };
  expect(complaints({ ...WELL, ...sick })).toEqual([
    'no flush for 30 s (one is due every 5 s)',
    'the database takes nothing: away',
    'the spool cannot be written: full',
    'batches wait for the database since 600 s',
    'the spool is full to 90 %',
    '7 frames were lost in the last minute',
  ]);
});

test('a flood of one event is five lines in ten seconds, and the next line says how many were left out', () => {
  const lines: [string, Record<string, unknown>][] = [];
  const keep = (fields: unknown, event?: string) => lines.push([event as string, fields as Record<string, unknown>]);
  let now = 0;
  const log = limited({ info: keep, warn: keep, error: keep } as never, () => now);
  for (let i = 0; i < 100; i++) log.warn('frames lost', { source: 'eth0' }, 'frames-lost');
  log.warn('frames lost', { source: 'eth1' });
  expect(lines).toHaveLength(6);
  expect(lines[0]).toEqual(['frames lost', { source: 'eth0', see: 'docs/operating.md#frames-lost' }]);
  now = 10_001;
  log.warn('frames lost', { source: 'eth0' });
  log.warn('frames lost', { source: 'eth0' });
  expect(lines.slice(6)).toEqual([
    ['frames lost', { source: 'eth0', leftOut: 95 }],
    ['frames lost', { source: 'eth0' }],
  ]);
});

test('seconds are whole in every batch and none is lost over many; two interfaces of a sensor observe a minute once', () => {
  const tally = new Tally([{ bytes: [198, 51, 100, 0], bits: 24 }]);
  const hour = Date.UTC(2026, 0, 1, 12);
  let observed = 0;
  for (let i = 0; i < 30; i++) {
    tally.add('eth0', hour + 1500 * i, { received: 10 }, 1500);
    const [capture, coverage] = tally.take().blocks;
    observed += (capture.columns.observedSeconds as Uint32Array)[0] as number;
    expect((coverage.columns.monitoredAddresses as Uint32Array)[0]).toBe(256);
  }
  expect([observed, tally.observedMs, tally.total.received]).toEqual([45, 45_000, 300]);
  tally.add('eth0', hour, { kernelDropped: 3 }, 60_000);
  tally.add('eth1', hour, { cardDropped: 4 }, 30_000);
  const [capture, coverage] = tally.take().blocks;
  expect(capture).toMatchObject({ rows: 2, columns: { source: ['eth0', 'eth1'] } });
  expect(coverage).toMatchObject({
    rows: 1,
    columns: { observedSeconds: Uint32Array.of(60, 0), lostPackets: Uint32Array.of(7, 0) },
  });
});

test('a batch that is thrown away leaves word of its frames, and of the losses of which it told', async () => {
  const spool = temporaryDirectory();
  const tally = new Tally([]);
  const minute = Date.UTC(2026, 0, 1);
  tally.add('eth0', minute, { kernelDropped: 2, cardDropped: 1 });
  const { losses } = tally.take();
  const directory = path.join(spool, batchName('run', 7, 500, losses));
  mkdirSync(directory);
  writeFileSync(path.join(directory, 'blocks'), 'of them');
  await dropBatch({ sensor: 'default', directory, frames: 500, bytes: 7, written: minute });
  const [mark = ''] = await lossMarks(spool);
  expect(figuresOfMark(mark)).toEqual({ frames: 500, losses: 3 });
  expect(readdirSync(mark)).toEqual([]);
  tally.add('spool', minute, { spoolDropped: 500 });
  tally.tellAgain('spool', minute, 3);
  expect(tally.total).toMatchObject({ kernelDropped: 2, cardDropped: 1, spoolDropped: 500 });
  const { blocks, losses: all } = tally.take();
  expect(all).toBe(503);
  expect(blocks[1].columns.lostPackets).toEqual(Uint32Array.of(503, 0));
});

test('a minute is due when it is over, or at once when something was lost', () => {
  const tally = new Tally([]);
  const minute = Date.UTC(2026, 0, 1);
  expect(tally.isDue(minute)).toBe(false);
  tally.add('eth0', minute, { received: 5 }, 1000);
  expect([tally.isDue(minute + 59_999), tally.isDue(minute + 60_000)]).toEqual([false, true]);
  tally.add('eth0', minute, { kernelDropped: 1 });
  expect(tally.isDue(minute)).toBe(true);
});

test('a database that works is waited for, one that is silent or answers nothing for too long is left', async () => {
  const patience = { askEvery: 10, most: 100 };
  const database = (ping: () => Promise<void>) => {
    let end: (error: Error) => void = () => {};
    const never = new Promise<string>((_, reject) => {
      end = reject;
    });
    const db = { ping, close: async () => end(new Error('socket hang up')) };
    return { db, never };
  };
  const there = database(() => Promise.resolve());
  expect(await whileAnswering(there.db, sleep(50, 'done'), patience)).toBe('done');
  await expect(whileAnswering(there.db, there.never, patience)).rejects.toThrow('did not answer within');
  const silent = database(() => Promise.reject(new Error('nothing within 10 s')));
  await expect(whileAnswering(silent.db, silent.never, patience)).rejects.toThrow('nothing within 10 s');
  const late = { ...silent.db, close: async () => {} };
  expect(await whileAnswering(late, sleep(30, 'done after all'), patience)).toBe('done after all');
  await expect(whileAnswering(there.db, Promise.reject(new Error('refused')), patience)).rejects.toThrow('refused');
});

test('a database that is not opened in time is left, and closed when it comes after all', async () => {
  const closed: string[] = [];
  const close = async (db: string) => void closed.push(db);
  expect(await whileOpening(sleep(10, 'in time'), close, 1000)).toBe('in time');
  await expect(whileOpening(Promise.reject(new Error('refused')), close, 1000)).rejects.toThrow('refused');
  await expect(whileOpening(sleep(30, 'late'), close, 10)).rejects.toThrow('was not opened within');
  await sleep(40);
  expect(closed).toEqual(['late']);
});
