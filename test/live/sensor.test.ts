// The sensor on an interface of the test's own: what was put on it is counted or named as lost, to the last frame.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { telescopeDay } from '../../bench/day.ts';
import type { SensorAccount } from '../../cli/sensor/account.ts';
import type { Verification } from '../../cli/verify/account.ts';
import { openStore } from '../../dist/store/store.js';
import type { Connection } from '../../store/database.ts';
import { temporaryDirectory, umbrascopeJson } from '../setup/command.ts';
import { everyKind } from '../setup/frame-kinds.ts';
import { linkTypes } from '../setup/frames.ts';
import { lossesOf, timelessContents, writeAtTime } from '../setup/live.ts';
import { haveNetwork, makeNetwork, type Network } from '../setup/network.ts';
import { pcapFile } from '../setup/pcap.ts';
import { syns } from '../setup/scans.ts';

const haveTcpdump = spawnSync('tcpdump', ['--version']).status === 0;
const haveNft = spawnSync('nft', ['--version']).status === 0;
if (!haveNft) console.warn('skipped: no rule can be made that drops what arrives (nft is not installed)');
/** How old the newest rows may be, with the flush interval as it is by default. */
const OLDEST_MINUTE_MS = 10_000;
const AS_ROOT = ['--user', 'root'];
const DARKNET = ['--darknet', '198.18.0.0/20', '198.51.100.0/24', '2001:db8:64::/64'];

describe.runIf(haveNetwork)('a sensor', () => {
  let network: Network;
  let scratch: string;
  /** All tests' sensors share a data directory, and its engine runs as long as they do. */
  let data: string;
  let db: Connection;
  beforeAll(async () => {
    network = await makeNetwork();
    scratch = temporaryDirectory();
    data = temporaryDirectory();
    db = await openStore({ directory: data });
  });
  afterAll(async () => {
    await db.close();
    network.remove();
  });
  const start = async (name: string, ...args: string[]) => {
    const options = ['-i', network.interface, '--data', data, '--sensor', name, ...AS_ROOT, ...args];
    const sensor = network.startSensor(...options);
    await sensor.logged('listening', '"up"');
    return sensor;
  };
  /** Segments with RST that this machine has sent, in the namespace. */
  const resets = () => {
    const [names = [], values = []] = readFileSync('/proc/net/snmp', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('Tcp:'))
      .map((line) => line.split(' '));
    return Number(values[names.indexOf('OutRsts')]);
  };
  const inData = (sensor: string) => ['--data', data, '--sensor', sensor];
  const get = async (url: string) => {
    const answer = await fetch(url);
    return { status: answer.status, body: await answer.text() };
  };

  it('counts every frame that was sent, at any speed, and its tables hold them', async () => {
    const sensor = await start('all', '--flush', '1s', ...DARKNET);
    const { sent } = await network.inject(telescopeDay(scratch, 100_000), 0, 5);
    const account = await sensor.account<SensorAccount>();
    expect(account.frames + account.kernelDropped).toBe(sent);
    expect(account).toMatchObject({ kernelDropped: 0, frames: sent, counted: sent, spooled: 0, stored: true });
    expect(await lossesOf(db, 'all')).toMatchObject({ received: sent, kernelDropped: 0, lostPackets: 0, stored: sent });
  });

  it('makes the same tables of frames heard live as ingest makes of their file, times aside', async () => {
    const now = Math.floor(Date.now() / 1000);
    const capture = path.join(scratch, 'kinds.pcap');
    const kinds = everyKind().filter(({ linkType, frame }) => linkType === linkTypes.ethernet && frame.length >= 14);
    const records = kinds.map(({ frame }) => ({ frame, seconds: now }));
    writeFileSync(capture, pcapFile({ linkType: linkTypes.ethernet }, records));
    const day = path.join(scratch, 'now.pcap');
    writeAtTime(telescopeDay(scratch, 20_000), now, day);
    const sensor = await start('live', '--snaplen', '9000', ...DARKNET);
    await network.inject(capture);
    await network.inject(day);
    const heard = await sensor.account<SensorAccount>();
    const read = await umbrascopeJson<SensorAccount>(['ingest', capture, day, ...inData('file'), ...DARKNET]);
    expect(heard).toMatchObject({ frames: read.frames, counted: read.counted, fates: read.fates });
    expect(kinds.length).toBeGreaterThan(20);
    expect(await timelessContents(db, 'live')).toEqual(await timelessContents(db, 'file'));
  });

  it('hears an interface again that went down, or was deleted and made anew, and keeps the time between out of coverage', async () => {
    const sensor = await start('edge', ...DARKNET);
    const day = telescopeDay(scratch, 1000);
    await network.inject(day);
    const sent = Date.now();
    network.ip('link', 'set', network.interface, 'down');
    await sensor.logged('interface not heard', '"down"');
    network.ip('link', 'set', network.interface, 'up');
    await sensor.logged('listening', '', 2);
    await network.inject(day);
    network.ip('link', 'del', network.interface);
    await sensor.logged('interface not heard', '"gone"');
    const minutes = 'SELECT sum(packets) AS packets FROM minutes WHERE sensor = {sensor:String}';
    const stored = async () => (await db.query<{ packets: number }>(minutes, { sensor: 'edge' }))[0]?.packets ?? 0;
    while ((await stored()) < 1000) await sleep(50);
    expect(Date.now() - sent).toBeLessThan(OLDEST_MINUTE_MS);
    network.connect();
    await sensor.logged('listening', '', 3);
    await network.inject(day);
    const account = await sensor.account<SensorAccount>();
    expect(account).toMatchObject({ frames: 3000, kernelDropped: 0 });
    expect(account.seconds - account.observedSeconds).toBeGreaterThan(3);
    const { observedSeconds } = await lossesOf(db, 'edge');
    expect(Math.abs(observedSeconds - account.observedSeconds)).toBeLessThan(1.5);
  });

  it.runIf(haveTcpdump)('hears only what the filter lets through', async () => {
    const day = telescopeDay(scratch, 10_000);
    const sensor = await start('telnet', '--filter', 'tcp dst port 23');
    await network.inject(day);
    const { frames, kernelDropped } = await sensor.account<SensorAccount>();
    const { stdout } = spawnSync('tcpdump', ['-nr', day, 'tcp dst port 23'], { encoding: 'utf8' });
    expect(frames).toBeGreaterThan(0);
    expect([frames, kernelDropped]).toEqual([stdout.trim().split('\n').length, 0]);
  });

  it.runIf(haveTcpdump)('counts through tcpdump, which names what it left unread when it is ended', async () => {
    const sensor = await start('child', '--capture', 'tcpdump', ...DARKNET);
    const { sent } = await network.inject(telescopeDay(scratch, 20_000));
    const account = await sensor.account<SensorAccount>();
    expect(account.frames).toBeGreaterThan(0);
    expect(account.frames + account.kernelDropped).toBe(sent);
    expect(account).toMatchObject({ counted: account.frames, stored: true, balanced: true });
    const running = spawnSync('ps', ['-e', '-o', 'args']).stdout.toString();
    expect(running).not.toMatch(/tcpdump -i tap/);
  });

  it('keeps what it heard as captures that give the same tables, and never more of them than there is room for', async () => {
    const now = Math.floor(Date.now() / 1000);
    const day = path.join(scratch, 'kept.pcap');
    writeAtTime(telescopeDay(scratch, 20_000), now, day);
    const keep = temporaryDirectory();
    const old = ['kept-20200101T000000000Z.pcap.gz', 'kept-20200102T000000000Z.pcap.gz', 'another.pcap.gz'];
    for (const name of old) writeFileSync(path.join(keep, name), Buffer.alloc(40_000));
    const sensor = await start('kept', '--keep', keep, '--keep-size', '150kB', '--snaplen', '9000', ...DARKNET);
    await network.inject(day);
    expect(await sensor.account<SensorAccount>()).toMatchObject({ frames: 20_000, notKept: 0 });
    const kept = readdirSync(keep).filter((name) => !old.includes(name));
    expect([kept.length, readdirSync(keep).filter((name) => old.includes(name))]).toEqual([1, ['another.pcap.gz']]);
    const capture = path.join(keep, kept[0] as string);
    await umbrascopeJson(['ingest', capture, ...inData('copy'), ...DARKNET]);
    expect(await timelessContents(db, 'copy')).toEqual(await timelessContents(db, 'kept'));
    // Heard and read in the same hours of one sensor: what was read can be verified, as the least that must be there.
    await umbrascopeJson(['ingest', capture, ...inData('kept'), ...DARKNET]);
    const verified = await umbrascopeJson<Verification>(['verify', capture, ...inData('kept')]);
    expect(verified).toMatchObject({ equal: true, frames: 20_000, hours: { exact: 0 }, difference: null });
    expect(verified.hours.lowerBound).toBeGreaterThan(0);
  });

  it.runIf(haveNft)(
    'hears as much behind the rule of docs/operating.md, and the machine answers nothing any more',
    async () => {
      const rule = /^nft '(.*)'$/gm;
      const text = readFileSync(path.join(import.meta.dirname, '../../docs/operating.md'), 'utf8').replaceAll(
        'eth1',
        network.interface,
      );
      const rules = [...text.matchAll(rule)].map(([, line = '']) => line);
      const mac = network.ip('-j', 'link', 'show', network.interface).match(/"address":"([0-9a-f:]+)"/)?.[1] ?? '';
      const toMachine = syns(64);
      for (let at = 24; at < toMachine.length; at += 16 + toMachine.readUInt32LE(at + 8))
        toMachine.write(mac.replaceAll(':', ''), at + 16, 'hex');
      const capture = path.join(scratch, 'to-machine.pcap');
      writeFileSync(capture, toMachine);
      network.ip('route', 'add', 'local', '198.51.100.0/24', 'dev', 'lo');
      network.ip('route', 'add', '203.0.113.0/24', 'dev', network.interface);
      const sensor = await start('quiet', ...DARKNET);
      const before = resets();
      await network.inject(capture);
      while (resets() < before + 64) await sleep(20); // it answers without the rule
      for (const line of rules) expect(spawnSync('nft', [line]).status).toBe(0);
      await network.inject(capture);
      const account = await sensor.account<SensorAccount>();
      spawnSync('nft', ['delete table netdev telescope']);
      expect([rules.length, resets()]).toEqual([2, before + 64]);
      expect(account).toMatchObject({ frames: 128, counted: 128, kernelDropped: 0 });
    },
  );

  it('tells on one screen whether all that it needs is there', async () => {
    const data = temporaryDirectory();
    spawnSync('chown', ['nobody', data]);
    const options = ['-i', network.interface, '--data', data, '--user', 'nobody', '--spool-size', '1MB', ...DARKNET];
    const check = async (...more: string[]) => {
      const { code, stdout } = await network.umbrascope('sensor', '--check', ...options, ...more).outcome;
      const findings = [...stdout.matchAll(/^(ok|BAD) +(.*?) {2,}/gm)].map(([, state, what]) => `${state} ${what}`);
      return { code, findings };
    };
    const all = ['ok rights', 'ok interface', 'ok disk', 'ok clock', 'ok database', 'ok darknet of default'];
    expect(await check()).toEqual({ code: 0, findings: all });
    const full = all.with(2, 'BAD disk');
    expect(await check('--spool-size', '1000000GB')).toEqual({ code: 1, findings: full });
  });

  it('hears several interfaces as several sensors, and tells machines how it is', async () => {
    const config = path.join(scratch, 'umbrascope.yaml');
    const sensors = `sensors: [{ sensor: one, interface: ${network.interface} }, { sensor: two, interface: lo }]`;
    writeFileSync(config, `data: ${data}\nuser: root\nflush: 500ms\n${sensors}\n`);
    const sensor = network.startSensor('--config', config);
    await sensor.logged('listening', '"one"');
    await sensor.logged('listening', '"two"');
    const { sent, bytes } = await network.inject(telescopeDay(scratch, 1000));
    const metric = async (name: string) => {
      const { body } = await get('http://127.0.0.1:9464/metrics');
      return Number(new RegExp(`^umbrascope_${name} (.*)$`, 'm').exec(body)?.[1]);
    };
    while ((await metric('bytes_total{sensor="one"}')) < bytes) await sleep(100);
    expect(await metric('frames_total{sensor="one"}')).toBe(sent);
    expect(await metric('fates_total{sensor="one",fate="counted"}')).toBe(sent);
    expect(await metric('bytes_total{sensor="one"}')).toBe(bytes);
    expect(await metric('interface_up{sensor="two",source="lo"}')).toBe(1);
    expect(await metric('workers_busy_seconds_total{sensor="one"}')).toBeGreaterThan(0);
    expect(await get('http://127.0.0.1:9464/healthz')).toEqual({
      status: 200,
      body: '{"ok":true,"reasons":[]}\n',
    });
    network.ip('link', 'set', network.interface, 'down');
    await sensor.logged('interface not heard');
    const { status, body } = await get('http://127.0.0.1:9464/healthz');
    network.ip('link', 'set', network.interface, 'up');
    expect([status, JSON.parse(body).reasons]).toEqual([503, ['tap is not heard: down']]);
    sensor.child.kill('SIGTERM');
    const { stdout } = await sensor.outcome;
    const accounts = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as SensorAccount);
    expect(accounts.map(({ sensor: name, balanced }) => [name, balanced])).toEqual([
      ['one', true],
      ['two', true],
    ]);
    expect(accounts[0]?.frames).toBe(sent);
  });
});
