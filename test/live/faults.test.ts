// What happens around a sensor that runs for years: rights given up, databases away, kills, full and damaged disks. Nothing is counted
// twice, and what is lost is named.

import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { telescopeDay } from '../../bench/day.ts';
import type { SensorAccount } from '../../cli/sensor/account.ts';
import { openStore } from '../../dist/store/store.js';
import { temporaryDirectory } from '../setup/command.ts';
import { lossesOf, spooled, untilSpooled } from '../setup/live.ts';
import { haveNetwork, type LiveProcess, makeNetwork, type Network, program } from '../setup/network.ts';
import { type Server, startServer } from '../setup/server.ts';

const OPTIONS = ['--flush', '500ms', '--no-metrics', '--darknet', '198.18.0.0/20'];
const FRAMES = 20_000;
const haveSetcap = spawnSync('setcap', ['-h']).error === undefined;
if (!haveSetcap) console.warn('skipped: no program file can be given capabilities (setcap is not installed)');
/** Nothing listens there. */
const NO_DATABASE = 'http://127.0.0.1:1';

describe.runIf(haveNetwork)('a sensor', () => {
  let network: Network;
  let day: string;
  /** Of the sensors that are not said to have their own. */
  let server: Server;
  let url: string;
  beforeAll(async () => {
    network = await makeNetwork();
    day = telescopeDay(temporaryDirectory(), FRAMES);
    server = await startServer();
    url = `http://${server.user}:${server.password}@127.0.0.1:${server.port}`;
  });
  afterAll(async () => {
    await server.db.close();
    network.remove();
  });
  const startAs = async (user: string, data: string, ...args: string[]): Promise<LiveProcess> => {
    const all = ['-i', network.interface, '--data', data, '--user', user, ...OPTIONS, ...args];
    const sensor = network.startSensor(...all);
    await sensor.logged('listening', '"up"');
    return sensor;
  };
  const start = (name: string, data: string, clickhouse: string, ...args: string[]) =>
    startAs('root', data, '--sensor', name, '--clickhouse', clickhouse, ...args);

  const expectNoRights = async (sensor: LiveProcess, data: string) => {
    await sensor.logged('listening', '"up"');
    await network.inject(day);
    while (!existsSync(path.join(data, 'engine.json'))) await sleep(50);
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

  const nobody = ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups'];
  const expectGivenUp = async (start: (options: string[]) => LiveProcess) => {
    const data = dataOf('nobody');
    const sensor = start(['sensor', '-i', network.interface, '--data', data, ...OPTIONS, '--json']);
    await expectNoRights(sensor, data);
    expect(sensor.stderr).toContain('"event":"rights given up"');
  };

  it('gives up capabilities that it was given without being root, in every thread', async () => {
    const right = ['--inh-caps=+net_raw', '--ambient-caps=+net_raw'];
    await expectGivenUp((options) => network.umbrascopeThrough([...nobody, ...right], ...options));
  });

  it.runIf(haveSetcap)('gives up capabilities that it has from the program file, in every thread', async () => {
    const directory = temporaryDirectory();
    chmodSync(directory, 0o755);
    const node = path.join(directory, 'node');
    copyFileSync(process.execPath, node);
    expect(spawnSync('setcap', ['cap_net_raw,cap_net_admin+ep', node]).status).toBe(0);
    await expectGivenUp((options) => network.start(...nobody, node, program, ...options));
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
    const sensor = await startAs('root', data);
    await network.inject(day);
    while (!existsSync(path.join(data, 'engine.json'))) await sleep(50);
    const { pid } = JSON.parse(readFileSync(path.join(data, 'engine.json'), 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL');
    await network.inject(day);
    await sensor.logged('database back');
    await network.inject(day);
    expect(await sensor.account()).toMatchObject({ frames: 3 * FRAMES, kernelDropped: 0, spooled: 0, stored: true });
    const db = await openStore({ directory: data });
    expect(await lossesOf(db, 'default')).toMatchObject({ received: 3 * FRAMES, stored: 3 * FRAMES });
    await db.close();
  });

  it('spools while the database is away, loses nothing when killed after a flush, and sends it all at the next start', async () => {
    const data = temporaryDirectory();
    const sensor = await start('killed', data, NO_DATABASE);
    await network.inject(day);
    await untilSpooled(data, 'killed', FRAMES);
    sensor.child.kill('SIGKILL');
    await sensor.outcome;
    const next = await start('killed', data, url);
    await network.inject(day);
    expect(await next.account()).toMatchObject({ frames: FRAMES, spooled: 0, spoolDropped: 0, stored: true });
    expect(await lossesOf(server.db, 'killed')).toMatchObject({
      received: 2 * FRAMES,
      stored: 2 * FRAMES,
      spoolDropped: 0,
    });
  });

  it('throws the oldest away above the size of the spool, and the tables say how many that were', async () => {
    const data = temporaryDirectory();
    const sensor = await start('full', data, NO_DATABASE, '--spool-size', '1500kB');
    for (let i = 0; i < 4; i++) {
      const { length } = spooled(data, 'full');
      await network.inject(day);
      while (spooled(data, 'full').length === length && !sensor.stderr.includes('"spool full"')) await sleep(20);
    }
    await sensor.logged('spool full');
    sensor.child.kill('SIGTERM');
    await sensor.logged('all is spooled');
    sensor.child.kill('SIGKILL'); // it would wait for the database
    await sensor.outcome;
    const next = await start('full', data, url);
    await next.account();
    const { received, spoolDropped, lostPackets, stored } = await lossesOf(server.db, 'full');
    expect(spoolDropped).toBeGreaterThan(0);
    expect(lostPackets).toBe(spoolDropped);
    expect(stored + spoolDropped).toBe(4 * FRAMES);
    expect(received).toBe(stored);
  });

  it('sets a damaged batch aside, names its frames as lost, and sends the others', async () => {
    const data = temporaryDirectory();
    const sensor = await start('damaged', data, NO_DATABASE);
    await network.inject(day);
    await untilSpooled(data, 'damaged', FRAMES);
    await network.inject(day);
    await untilSpooled(data, 'damaged', 2 * FRAMES);
    sensor.child.kill('SIGKILL');
    await sensor.outcome;
    const [batch = ''] = spooled(data, 'damaged');
    const flows = readdirSync(batch).find((name) => name.includes('flows')) as string;
    const bytes = readFileSync(path.join(batch, flows));
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
    writeFileSync(path.join(batch, flows), bytes);
    const lost = Number(/(\d+)$/.exec(batch)?.[1]);
    const next = await start('damaged', data, url);
    await next.logged('spool damaged');
    await next.account<SensorAccount>();
    expect(spooled(data, 'damaged', '.damaged')).toHaveLength(1);
    expect(await lossesOf(server.db, 'damaged')).toMatchObject({
      stored: 2 * FRAMES - lost,
      spoolDropped: lost,
      lostPackets: lost,
    });
  });

  it('keeps counting in memory while the disk takes no spool, and writes it when it does', async () => {
    const data = temporaryDirectory();
    const small = path.join(data, 'sensor-spool');
    mkdirSync(small, { mode: 0o700 });
    network.mount(small, '1M');
    try {
      appendFileSync(path.join(small, 'filler'), Buffer.alloc(900_000));
      const sensor = await start('cramped', data, url);
      await network.inject(day);
      await sensor.logged('spool not written');
      writeFileSync(path.join(small, 'filler'), '');
      network.mount(small, '64M', 'remount');
      expect(await sensor.account()).toMatchObject({ frames: FRAMES, spoolDropped: 0, stored: true });
    } finally {
      network.unmount(small);
    }
  });

  it('counts a capture on standard input as it comes', async () => {
    const options = ['--data', temporaryDirectory(), '--user', 'root', '--sensor', 'piped', '--clickhouse', url];
    const sensor = network.startSensor('-', ...options, ...OPTIONS);
    const capture = readFileSync(day);
    sensor.child.stdin?.write(capture.subarray(0, 600_001));
    const half = "SELECT sum(received) AS received FROM captureMinutes WHERE sensor = 'piped'";
    while (Number((await server.db.query<{ received: number }>(half))[0]?.received) === 0) await sleep(50);
    sensor.child.stdin?.end(capture.subarray(600_001));
    const { code, stdout, stderr } = await sensor.outcome;
    expect([code, stderr.includes('error')]).toEqual([0, false]);
    const all = { frames: FRAMES, counted: FRAMES, stored: true, balanced: true };
    expect(JSON.parse(stdout)).toMatchObject({ sources: ['-'], ...all });
  });
});
