// What happens around a sensor that runs for years: rights given up, databases away, kills, full and damaged disks. Nothing is counted
// twice, and what is lost is named.

import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { telescopeDay } from '../../bench/day.ts';
import { changeBit } from '../../bench/soak/faults/trials.ts';
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
/** How often the frames are sent while the database is away; and once when it is there. */
const INJECTED = 4;
const SENT = (INJECTED + 1) * FRAMES;
const SPOOL: Record<string, string> = { full: '1500kB' };
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

  describe('that was given rights', () => {
    const nobody = ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups'];
    const started: Record<string, { sensor: LiveProcess; data: string }> = {};
    beforeAll(async () => {
      const listen = (way: string, begin: (options: string[]) => LiveProcess) => {
        const parent = temporaryDirectory();
        chmodSync(parent, 0o755);
        const data = path.join(parent, 'data');
        if (way !== 'root') spawnSync('install', ['--directory', '--owner=nobody', data]);
        const options = ['sensor', '-i', network.interface, '--data', data, ...OPTIONS, '--json'];
        started[way] = { sensor: begin(options), data };
      };
      listen('root', (options) => network.umbrascope(...options, '--user', 'nobody'));
      const right = ['--inh-caps=+net_raw', '--ambient-caps=+net_raw'];
      listen('ambient', (options) => network.umbrascopeThrough([...nobody, ...right], ...options));
      const file = path.join(temporaryDirectory(), 'node');
      if (haveSetcap) {
        chmodSync(path.dirname(file), 0o755);
        copyFileSync(process.execPath, file);
        expect(spawnSync('setcap', ['cap_net_raw,cap_net_admin+ep', file]).status).toBe(0);
        listen('file', (options) => network.start(...nobody, file, program, ...options));
      }
      const all = Object.values(started);
      await Promise.all(all.map(({ sensor }) => sensor.logged('listening', '"up"')));
      await network.inject(day);
      for (const { data } of all) while (!existsSync(path.join(data, 'engine.json'))) await sleep(50);
    });
    const expectNoRights = async (way: string) => {
      const { sensor, data } = started[way] as { sensor: LiveProcess; data: string };
      const ids = sensor.threads('Uid').map((line) => line.split('\t'));
      expect(ids.length).toBeGreaterThan(6);
      expect(new Set(ids.flat()).size).toBe(1);
      expect(Number(ids[0]?.[0])).toBeGreaterThan(0);
      expect(new Set(sensor.threads('Groups').map((line) => line.trim())).size).toBe(1);
      expect(new Set(sensor.threads('NoNewPrivs'))).toEqual(new Set(['1']));
      for (const set of ['CapEff', 'CapPrm', 'CapInh', 'CapAmb'])
        expect(new Set(sensor.threads(set))).toEqual(new Set(['0000000000000000']));
      const engine = JSON.parse(readFileSync(path.join(data, 'engine.json'), 'utf8')) as { pid: number };
      const status = readFileSync(`/proc/${engine.pid}/status`, 'utf8');
      expect(status).toMatch(new RegExp(`^Uid:\\s${ids[0]?.[0]}\\s`, 'm'));
      expect(status).toMatch(/^CapEff:\s0{16}$/m);
      expect(sensor.stderr).toContain('"event":"rights given up"');
      expect(await sensor.account()).toMatchObject({ frames: FRAMES, stored: true });
    };

    it('by root has none once it listens: every thread is another user without a capability', () =>
      expectNoRights('root'));

    it('as ambient capabilities gives them up in every thread', () => expectNoRights('ambient'));

    it.runIf(haveSetcap)('by its program file gives them up in every thread', () => expectNoRights('file'));
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

  describe('whose database was away', () => {
    const names = ['killed', 'full', 'damaged'];
    const data = (name: string) => directories[names.indexOf(name)] as string;
    let directories: string[];
    let accounts: SensorAccount[];
    /** Frames of the batch that is damaged. */
    let lost: number;
    beforeAll(async () => {
      directories = names.map(() => temporaryDirectory());
      const startAll = (clickhouse: string) =>
        Promise.all(names.map((name) => start(name, data(name), clickhouse, '--spool-size', SPOOL[name] ?? '1GB')));
      const [killed, full, damaged] = (await startAll(NO_DATABASE)) as [LiveProcess, LiveProcess, LiveProcess];
      for (let times = 1; times <= INJECTED; times++) {
        await network.inject(day); // and a flush between them: batches must be several
        await Promise.all(['killed', 'damaged'].map((name) => untilSpooled(data(name), name, times * FRAMES)));
      }
      await full.logged('spool full');
      full.child.kill('SIGTERM');
      await full.logged('all is spooled'); // it would wait for the database
      for (const { child } of [killed, full, damaged]) child.kill('SIGKILL');
      await Promise.all([killed, full, damaged].map(({ outcome }) => outcome));
      const [batch = ''] = spooled(data('damaged'), 'damaged');
      changeBit(batch);
      lost = Number(/(\d+)$/.exec(batch)?.[1]);
      const next = await startAll(url);
      await network.inject(day);
      await next[2]?.logged('spool damaged');
      accounts = await Promise.all(next.map((sensor) => sensor.account<SensorAccount>()));
    });

    it('loses nothing when killed after a flush, and sends it all at the next start', async () => {
      expect(accounts[0]).toMatchObject({ frames: FRAMES, spooled: 0, spoolDropped: 0, stored: true });
      const all = { received: SENT, stored: SENT, spoolDropped: 0 };
      expect(await lossesOf(server.db, 'killed')).toMatchObject(all);
    });

    it('throws the oldest away above the size of the spool, and the tables say how many that were', async () => {
      const { received, spoolDropped, lostPackets, stored } = await lossesOf(server.db, 'full');
      expect(spoolDropped).toBeGreaterThan(0);
      expect(lostPackets).toBe(spoolDropped);
      expect(stored + spoolDropped).toBe(SENT);
      expect(received).toBe(stored);
    });

    it('sets a damaged batch aside, names its frames as lost, and sends the others', async () => {
      expect(spooled(data('damaged'), 'damaged', '.damaged')).toHaveLength(1);
      const rest = { stored: SENT - lost, spoolDropped: lost, lostPackets: lost };
      expect(await lossesOf(server.db, 'damaged')).toMatchObject(rest);
      expect(lost).toBeGreaterThan(0);
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
