// What happens around a sensor that runs for years: rights given up, databases away, kills, full and damaged disks. Nothing is counted
// twice, and what is lost is named.

import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { telescopeDay } from '../../bench/day.ts';
import type { SensorAccount } from '../../cli/sensor/account.ts';
import { temporaryDirectory } from '../setup/command.ts';
import { lossesOf } from '../setup/live.ts';
import { haveNetwork, type LiveProcess, makeNetwork, type Network } from '../setup/network.ts';

const DARKNET = ['--darknet', '198.18.0.0/20'];
const FRAMES = 20_000;
/** Nothing listens there. */
const NO_DATABASE = ['--clickhouse', 'http://127.0.0.1:1'];

describe.runIf(haveNetwork)('a sensor', () => {
  let network: Network;
  let day: string;
  beforeAll(() => {
    network = makeNetwork();
    day = telescopeDay(temporaryDirectory(), FRAMES);
  });
  afterAll(() => network.remove());
  const startAs = async (user: string, data: string, ...args: string[]): Promise<LiveProcess> => {
    const all = ['-i', network.interface, '--data', data, '--user', user, '--flush', '500ms', ...DARKNET, ...args];
    const sensor = network.startSensor(...all);
    await sensor.logged('listening', '"up"');
    return sensor;
  };
  const start = (data: string, ...args: string[]) => startAs('root', data, ...args);
  const spooled = (data: string, suffix = '') => {
    const directory = path.join(data, 'sensor-spool', 'sensor=default');
    const names = existsSync(directory) ? readdirSync(directory) : [];
    return names
      .filter((name) => /-\d{8}-[1-9]\d*/.test(name) && name.endsWith(suffix))
      .map((name) => path.join(directory, name));
  };
  const untilSpooled = async (data: string, frames: number) => {
    const inSpool = () => spooled(data).reduce((sum, name) => sum + Number(/(\d+)$/.exec(name)?.[1] ?? 0), 0);
    for (const end = Date.now() + 20_000; inSpool() < frames; await sleep(50)) {
      if (Date.now() > end) throw new Error(`only ${inSpool()} frames came into the spool`);
    }
  };

  const expectNoRights = async (sensor: LiveProcess, data: string) => {
    await sensor.logged('listening', '"up"');
    await network.inject(day);
    await sleep(700);
    const ids = sensor.threads('Uid').map((line) => line.split('\t'));
    expect(ids.length).toBeGreaterThan(6);
    expect(new Set(ids.flat()).size).toBe(1);
    expect(Number(ids[0]?.[0])).toBeGreaterThan(0);
    expect(new Set(sensor.threads('Groups').map((line) => line.trim())).size).toBe(1);
    expect(new Set(sensor.threads('NoNewPrivs'))).toEqual(new Set(['1']));
    for (const set of ['CapEff', 'CapPrm', 'CapInh', 'CapAmb'])
      expect(new Set(sensor.threads(set))).toEqual(new Set(['0000000000000000']));
    const engine = JSON.parse(readFileSync(path.join(data, 'engine.json'), 'utf8')) as { pid: number };
    expect(readFileSync(`/proc/${engine.pid}/status`, 'utf8')).toMatch(new RegExp(`^Uid:\\s${ids[0]?.[0]}\\s`, 'm'));
    expect(await sensor.account()).toMatchObject({ frames: FRAMES, stored: true });
  };
  const dataOf = (user: string) => {
    const data = temporaryDirectory();
    spawnSync('chown', [user, data]);
    return data;
  };

  it('has no rights once it listens: every thread is another user without a capability', async () => {
    const parent = temporaryDirectory();
    chmodSync(parent, 0o755);
    const data = path.join(parent, 'data');
    await expectNoRights(await startAs('nobody', data), data);
  });

  it('gives up capabilities that it was given without being root, in every thread', async () => {
    const data = dataOf('nobody');
    const right = ['--inh-caps=+net_raw', '--ambient-caps=+net_raw'];
    const given = ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups', ...right];
    const options = ['-i', network.interface, '--data', data, '--flush', '500ms', ...DARKNET, '--json'];
    const sensor = network.umbrascopeThrough(given, 'sensor', ...options);
    await expectNoRights(sensor, data);
    expect(sensor.stderr).toContain('"event":"rights given up"');
  });

  it('says who it would become when that user is missing, and whose directory it cannot use', async () => {
    const data = temporaryDirectory();
    const run = (user: string) => network.startSensor('-i', network.interface, '--data', data, '--user', user).outcome;
    const nobody = await run('nobody');
    expect([nobody.code, nobody.stderr]).toEqual([
      1,
      expect.stringContaining(`${data} is not nobody's: chown -R nobody:`),
    ]);
    const missing = await run('no-such-user');
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('useradd --system')]);
  });

  it('goes on when its database is killed, and counts everything once', async () => {
    const data = temporaryDirectory();
    const sensor = await start(data);
    await network.inject(day);
    await sleep(600);
    const { pid } = JSON.parse(readFileSync(path.join(data, 'engine.json'), 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL');
    await network.inject(day);
    await sensor.logged('database back');
    await network.inject(day);
    expect(await sensor.account()).toMatchObject({ frames: 3 * FRAMES, kernelDropped: 0, spooled: 0, stored: true });
    expect(await lossesOf(data)).toMatchObject({ received: 3 * FRAMES, stored: 3 * FRAMES });
  });

  it('spools while the database is away, loses nothing when killed after a flush, and sends it all at the next start', async () => {
    const data = temporaryDirectory();
    const sensor = await start(data, ...NO_DATABASE);
    await network.inject(day);
    await untilSpooled(data, FRAMES);
    sensor.child.kill('SIGKILL');
    await sensor.outcome;
    const next = await start(data);
    await network.inject(day);
    expect(await next.account()).toMatchObject({ frames: FRAMES, spooled: 0, spoolDropped: 0, stored: true });
    expect(await lossesOf(data)).toMatchObject({ received: 2 * FRAMES, stored: 2 * FRAMES, spoolDropped: 0 });
  });

  it('throws the oldest away above the size of the spool, and the tables say how many that were', async () => {
    const data = temporaryDirectory();
    const sensor = await start(data, ...NO_DATABASE, '--spool-size', '1500kB');
    for (let i = 0; i < 4; i++) {
      await network.inject(day);
      await sleep(900);
    }
    await sensor.logged('spool full');
    sensor.child.kill('SIGTERM');
    await sensor.logged('all is spooled');
    sensor.child.kill('SIGKILL'); // it would wait for the database
    await sensor.outcome;
    const next = await start(data);
    await next.account();
    const { received, spoolDropped, lostPackets, stored } = await lossesOf(data);
    expect(spoolDropped).toBeGreaterThan(0);
    expect(lostPackets).toBe(spoolDropped);
    expect(stored + spoolDropped).toBe(4 * FRAMES);
    expect(received).toBe(stored);
  });

  it('sets a damaged batch aside, names its frames as lost, and sends the others', async () => {
    const data = temporaryDirectory();
    const sensor = await start(data, ...NO_DATABASE);
    await network.inject(day);
    await untilSpooled(data, FRAMES);
    await network.inject(day);
    await untilSpooled(data, 2 * FRAMES);
    sensor.child.kill('SIGKILL');
    await sensor.outcome;
    const [batch = ''] = spooled(data);
    const flows = readdirSync(batch).find((name) => name.includes('flows')) as string;
    const bytes = readFileSync(path.join(batch, flows));
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
    writeFileSync(path.join(batch, flows), bytes);
    const lost = Number(/(\d+)$/.exec(batch)?.[1]);
    const next = await start(data);
    await next.logged('spool damaged');
    await sleep(600);
    await next.account<SensorAccount>();
    expect(spooled(data, '.damaged')).toHaveLength(1);
    expect(await lossesOf(data)).toMatchObject({ stored: 2 * FRAMES - lost, spoolDropped: lost, lostPackets: lost });
  });

  it('keeps counting in memory while the disk takes no spool, and writes it when it does', async () => {
    const data = temporaryDirectory();
    const small = path.join(data, 'sensor-spool');
    mkdirSync(small, { mode: 0o700 });
    network.mount(small, '1M');
    try {
      appendFileSync(path.join(small, 'filler'), Buffer.alloc(900_000));
      const sensor = await start(data);
      await network.inject(day);
      await sensor.logged('spool not written');
      writeFileSync(path.join(small, 'filler'), '');
      network.mount(small, '64M', 'remount');
      expect(await sensor.account()).toMatchObject({ frames: FRAMES, spoolDropped: 0, stored: true });
    } finally {
      network.unmount(small);
    }
  });
});

it.runIf(haveNetwork)('a sensor that reads standard input counts a capture as it comes', async () => {
  const network = makeNetwork();
  try {
    const data = temporaryDirectory();
    const sensor = network.startSensor('-', '--data', data, '--user', 'root', '--flush', '500ms', ...DARKNET);
    const day = readFileSync(telescopeDay(temporaryDirectory(), FRAMES));
    sensor.child.stdin?.write(day.subarray(0, 600_001));
    await sleep(1500);
    sensor.child.stdin?.end(day.subarray(600_001));
    const { code, stdout, stderr } = await sensor.outcome;
    expect([code, stderr.includes('error')]).toEqual([0, false]);
    expect(JSON.parse(stdout)).toMatchObject({
      sources: ['-'],
      frames: FRAMES,
      counted: FRAMES,
      stored: true,
      balanced: true,
    });
  } finally {
    network.remove();
  }
});
