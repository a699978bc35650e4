// What stands still or jumps around a sensor: its database, one of its threads, all of it, the clock.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { telescopeDay } from '../../bench/day.ts';
import { fakeClock, haveFakeClock, setFakeClock } from '../../bench/soak/faults/clock.ts';
import { findThreads, freeze } from '../../bench/soak/faults/freeze.ts';
import type { SensorAccount } from '../../cli/sensor/account.ts';
import { temporaryDirectory } from '../setup/command.ts';
import { lossesOf, withData } from '../setup/live.ts';
import { haveNetwork, makeNetwork, type Network } from '../setup/network.ts';

const FRAMES = 20_000;
const OPTIONS = ['--user', 'root', '--flush', '500ms', '--darknet', '198.18.0.0/20'];
const door = path.resolve(import.meta.dirname, '../../dist/bench/soak/faults/door.js');
const DOOR_PORT = 8123;
if (!haveFakeClock) console.warn('skipped: the clock cannot be stepped for one process (libfaketime is not installed)');

describe.runIf(haveNetwork)('a sensor', () => {
  let network: Network;
  let scratch: string;
  beforeAll(() => {
    network = makeNetwork();
    scratch = temporaryDirectory();
  });
  afterAll(() => network.remove());

  it('spools while its database refuses rows or does not answer, and then sends all, once', async () => {
    const [data, database] = [temporaryDirectory(), temporaryDirectory()];
    const engine = network.umbrascope('engine', 'start', '--data', database);
    await engine.printed('by HTTP');
    const way = network.start(process.execPath, door, String(DOOR_PORT), database);
    await way.printed('listening');
    const say = async (mode: string) => {
      way.child.stdin?.write(`${mode}\n`);
      await way.printed(mode);
    };
    const day = telescopeDay(scratch, FRAMES);
    const url = `http://umbrascope:${readFileSync(path.join(database, 'engine.secret'), 'utf8')}@127.0.0.1:${DOOR_PORT}`;
    const sensor = network.startSensor('-i', network.interface, '--data', data, '--clickhouse', url, ...OPTIONS);
    await sensor.logged('listening', '"up"');
    await network.inject(day);
    await say('readonly');
    await network.inject(day);
    await sensor.logged('database away', 'readonly');
    await say('hang');
    await network.inject(day);
    await say('closed');
    await say('open');
    await sensor.logged('database back');
    const account = await sensor.account<SensorAccount>();
    expect(account).toMatchObject({ frames: 3 * FRAMES, kernelDropped: 0, spooled: 0, stored: true, balanced: true });
    way.child.stdin?.end();
    engine.child.kill('SIGTERM');
    await engine.outcome;
    expect(await lossesOf(database)).toMatchObject({ received: 3 * FRAMES, stored: 3 * FRAMES, lostPackets: 0 });
  });

  it('knows how many frames it lost while a thread of it was stopped, and while all were', async () => {
    const data = temporaryDirectory();
    const sensor = network.startSensor('-i', network.interface, '--data', data, '--ring', '2', ...OPTIONS);
    await sensor.logged('listening', '"up"');
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
    expect(await lossesOf(data)).toMatchObject({ received: frames, kernelDropped, lostPackets: kernelDropped });
  });

  it.runIf(haveFakeClock)('counts every frame once when the clock jumps, and stores that it did', async () => {
    const data = temporaryDirectory();
    const day = telescopeDay(scratch, 1000);
    const options = ['--json', '-i', network.interface, '--data', data, ...OPTIONS];
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
    const [row] = await withData(data, (db) =>
      db.query(
        'SELECT sum(clockSteps) AS steps, sum(received) AS received, max(minute) - min(minute) > {hour:UInt32} AS apart FROM captureMinutes',
        { hour },
      ),
    );
    expect(row).toEqual({ steps: 2, received: 3000, apart: 1 });
  });
});
