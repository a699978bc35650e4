// What stands still or jumps around a sensor: its database, one of its threads, all of it, the clock.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_RULES } from '../../analyzer/classify/rules.ts';
import { telescopeDay } from '../../bench/day.ts';
import { fakeClock, haveFakeClock, setFakeClock } from '../../bench/soak/faults/clock.ts';
import type { DoorMode } from '../../bench/soak/faults/door.ts';
import { findThreads, freeze } from '../../bench/soak/faults/freeze.ts';
import type { SensorAccount } from '../../cli/sensor/account.ts';
import { openStore } from '../../dist/store/store.js';
import type { Connection } from '../../store/database.ts';
import { DEFAULT_SURVEY_RULE, writeSensor } from '../../store/sensors.ts';
import { temporaryDirectory } from '../setup/command.ts';
import { lossesOf, untilSpooled } from '../setup/live.ts';
import { haveNetwork, type LiveProcess, makeNetwork, type Network } from '../setup/network.ts';

const FRAMES = 20_000;
const OPTIONS = ['--user', 'root', '--flush', '500ms', '--no-metrics'];
const DARKNET = ['--darknet', '198.18.0.0/20'];
const door = path.resolve(import.meta.dirname, '../../dist/bench/soak/faults/door.js');
const DOOR_PORT = 8123;
if (!haveFakeClock) console.warn('skipped: the clock cannot be stepped for one process (libfaketime is not installed)');

describe.runIf(haveNetwork)('a sensor', () => {
  let network: Network;
  let scratch: string;
  let day: string;
  let database: string;
  let db: Connection;
  let way: LiveProcess;
  beforeAll(async () => {
    network = await makeNetwork();
    [scratch, database] = [temporaryDirectory(), temporaryDirectory()];
    day = telescopeDay(scratch, FRAMES);
    db = await openStore({ directory: database });
    way = network.start(process.execPath, door, String(DOOR_PORT), database);
    await way.printed('listening');
  });
  afterAll(async () => {
    way.child.stdin?.end();
    await way.outcome;
    await db.close();
    network.remove();
  });
  const say = async (mode: DoorMode) => {
    const said = () => way.stdout.split('\n').filter((line) => line === mode).length;
    const before = said();
    way.child.stdin?.write(`${mode}\n`);
    while (said() === before) await sleep(10);
  };
  /** On the database behind the door. */
  const start = async (sensor: string, data: string, ...args: string[]) => {
    const secret = readFileSync(path.join(database, 'engine.secret'), 'utf8');
    const url = `http://umbrascope:${secret}@127.0.0.1:${DOOR_PORT}`;
    const where = ['-i', network.interface, '--data', data, '--clickhouse', url, '--sensor', sensor];
    const started = network.startSensor(...where, ...OPTIONS, ...args);
    await started.logged('listening', '"up"');
    return started;
  };
  /** Lets what hangs fail, and then all through. */
  const open = async () => {
    await say('closed');
    await say('open');
  };

  it('counts from its start though its database does not answer yet, and then sends all, once', async () => {
    const data = temporaryDirectory();
    await say('hang');
    const sensor = await start('late', data, ...DARKNET);
    await network.inject(day, 0, 3);
    await untilSpooled(data, 'late', 3 * FRAMES);
    expect(sensor.stderr).toContain('it has not answered yet');
    await open();
    await sensor.logged('database back');
    await network.inject(day);
    const account = await sensor.account<SensorAccount>();
    expect(account).toMatchObject({ frames: 4 * FRAMES, kernelDropped: 0, spooled: 0, stored: true, balanced: true });
    expect(await lossesOf(db, 'late')).toMatchObject({ received: 4 * FRAMES, stored: 4 * FRAMES, lostPackets: 0 });
  });

  it('ends when the database, late, has other settings or refuses it; what it counted meanwhile is put aside, and stored as lost', async () => {
    const [refused, other] = [temporaryDirectory(), temporaryDirectory()];
    const known = { ...DEFAULT_SURVEY_RULE, rulesVersion: DEFAULT_RULES.version, darknet: ['198.18.0.0/24'] };
    for (const sensor of ['refused', 'other'])
      await writeSensor(db, { ...known, sensor, timeZone: 'Asia/Tokyo' }, undefined);
    await say('hang');
    const zone = ['--time-zone', 'Europe/Berlin', ...DARKNET];
    const both = await Promise.all([start('refused', refused, ...zone), start('other', other)]);
    await network.inject(day);
    await Promise.all([untilSpooled(refused, 'refused', FRAMES), untilSpooled(other, 'other', FRAMES)]);
    await open();
    const [first, second] = await Promise.all(both.map(({ outcome }) => outcome));
    expect([first?.code, first?.stderr]).toEqual([
      2,
      expect.stringContaining('days cut in Asia/Tokyo, not Europe/Berlin'),
    ]);
    expect([second?.code, second?.stderr]).toEqual([1, expect.stringContaining('darknet 198.18.0.0/24')]);
    const lost = { frames: FRAMES, spooled: 0, spoolDropped: FRAMES, balanced: true };
    for (const ended of [first, second]) expect(JSON.parse(ended?.stdout ?? '')).toMatchObject(lost);
    await say('hang');
    const again = await Promise.all([start('refused', refused, ...DARKNET), start('other', other)]);
    await network.inject(day);
    await open();
    const accounts = await Promise.all(again.map((sensor) => sensor.account<SensorAccount>()));
    expect(accounts.map(({ stored }) => stored)).toEqual([true, true]);
    expect(accounts[1]?.fates.outsideDarknet).toBeGreaterThan(FRAMES / 2);
    for (const [i, sensor] of ['refused', 'other'].entries()) {
      const stored = accounts[i]?.counted;
      expect(await lossesOf(db, sensor)).toMatchObject({ stored, spoolDropped: FRAMES, lostPackets: FRAMES });
    }
  });

  it('spools while its database refuses rows or does not answer, and then sends all, once', async () => {
    await say('open');
    const sensor = await start('spooling', temporaryDirectory(), ...DARKNET);
    await network.inject(day);
    await say('readonly');
    await network.inject(day);
    await sensor.logged('database away', 'readonly');
    await say('hang');
    await network.inject(day);
    await open();
    await sensor.logged('database back');
    const account = await sensor.account<SensorAccount>();
    expect(account).toMatchObject({ frames: 3 * FRAMES, kernelDropped: 0, spooled: 0, stored: true, balanced: true });
    expect(await lossesOf(db, 'spooling')).toMatchObject({ received: 3 * FRAMES, stored: 3 * FRAMES, lostPackets: 0 });
  });

  it('knows how many frames it lost while a thread of it was stopped, and while all were', async () => {
    const sensor = await start('frozen', temporaryDirectory(), '--ring', '2', ...DARKNET);
    const day = telescopeDay(scratch, 100_000);
    const [{ counting }, first] = await Promise.all([findThreads(sensor.pid), network.inject(day, 80_000)]);
    const thaw = freeze(counting);
    const second = await network.inject(day, 0, 5);
    thaw();
    await sensor.logged('frames lost');
    sensor.child.kill('SIGSTOP');
    const third = await network.inject(day);
    sensor.child.kill('SIGCONT');
    const { frames, kernelDropped, ...account } = await sensor.account<SensorAccount>();
    expect(kernelDropped).toBeGreaterThan(third.sent / 2);
    expect(frames + kernelDropped).toBe(first.sent + second.sent + third.sent);
    expect(account).toMatchObject({ spoolDropped: 0, stored: true, balanced: true });
    expect(await lossesOf(db, 'frozen')).toMatchObject({ received: frames, kernelDropped, lostPackets: kernelDropped });
  });

  it.runIf(haveFakeClock)('counts every frame once when the clock jumps, and stores that it did', async () => {
    const day = telescopeDay(scratch, 1000);
    const options = [
      '--json',
      '-i',
      network.interface,
      '--data',
      database,
      '--sensor',
      'jumping',
      ...OPTIONS,
      ...DARKNET,
    ];
    const sensor = network.umbrascopeThrough(fakeClock(scratch), 'sensor', ...options);
    await sensor.logged('listening', '"up"');
    const [hour, jumps] = [3600, [3600, -3600]];
    for (const [i, seconds] of jumps.entries()) {
      await network.inject(day);
      setFakeClock(scratch, seconds);
      await sensor.logged('clock stepped', '', i + 1);
    }
    await network.inject(day);
    expect(await sensor.account()).toMatchObject({ frames: 3000, counted: 3000, kernelDropped: 0, stored: true });
    const [row] = await db.query(
      `SELECT sum(clockSteps) AS steps, sum(received) AS received, max(minute) - min(minute) > {hour:UInt32} AS apart
       FROM captureMinutes WHERE sensor = 'jumping'`,
      { hour },
    );
    expect(row).toEqual({ steps: 2, received: 3000, apart: 1 });
  });
});
