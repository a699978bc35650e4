// The sensor on an interface of the test's own: what was put on it is counted or named as lost, to the last frame.
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { telescopeDay } from '../../bench/day.ts';
import type { SensorAccount } from '../../cli/sensor/account.ts';
import type { Verification } from '../../cli/verify/account.ts';
import { temporaryDirectory, umbrascopeJson } from '../setup/command.ts';
import { everyKind } from '../setup/frame-kinds.ts';
import { linkTypes } from '../setup/frames.ts';
import { lossesOf, timelessContents, writeAtTime } from '../setup/live.ts';
import { haveNetwork, makeNetwork, type Network } from '../setup/network.ts';
import { pcapFile } from '../setup/pcap.ts';

const haveTcpdump = spawnSync('tcpdump', ['--version']).status === 0;
/** How old the newest rows may be, with the flush interval as it is by default. */
const OLDEST_MINUTE_MS = 10_000;
const AS_ROOT = ['--user', 'root'];
const DARKNET = ['--darknet', '198.18.0.0/20', '198.51.100.0/24', '2001:db8:64::/64'];

describe.runIf(haveNetwork)('a sensor', () => {
  let network: Network;
  let scratch: string;
  beforeAll(() => {
    network = makeNetwork();
    scratch = temporaryDirectory();
  });
  afterAll(() => network.remove());
  const start = async (data: string, ...args: string[]) => {
    const sensor = network.startSensor('-i', network.interface, '--data', data, ...AS_ROOT, ...args);
    await sensor.logged('listening', '"up"');
    return sensor;
  };

  /** Asks the table of minutes again and again. */
  const askMinutes = (data: string) => {
    const shell = network.umbrascope('engine', 'shell', '--data', data);
    const answers = () => [...shell.stdout.matchAll(/^ *(\d[\d,]*) *$/gm)].map(([, text = '']) => text);
    return {
      until: async (packets: number) => {
        for (let asked = 0, seen = 0; seen < packets; asked++) {
          shell.child.stdin?.write('SELECT sum(packets) FROM minutes\n');
          while (answers().length <= asked) await sleep(20);
          seen = Number(answers().at(-1)?.replaceAll(',', ''));
          await sleep(100);
        }
      },
      end: async () => {
        shell.child.stdin?.end();
        await shell.outcome;
      },
    };
  };

  it('counts every frame that was sent, at any speed, and its tables hold them', async () => {
    const data = temporaryDirectory();
    const sensor = await start(data, '--flush', '1s', ...DARKNET);
    const { sent } = await network.inject(telescopeDay(scratch, 100_000), 0, 5);
    const account = await sensor.account<SensorAccount>();
    expect(account.frames + account.kernelDropped).toBe(sent);
    expect(account).toMatchObject({ kernelDropped: 0, frames: sent, counted: sent, spooled: 0, stored: true });
    expect(await lossesOf(data)).toMatchObject({ received: sent, kernelDropped: 0, lostPackets: 0, stored: sent });
  });

  it('makes the same tables of frames heard live as ingest makes of their file, times aside', async () => {
    const now = Math.floor(Date.now() / 1000);
    const capture = path.join(scratch, 'kinds.pcap');
    const kinds = everyKind().filter(({ linkType, frame }) => linkType === linkTypes.ethernet && frame.length >= 14);
    const records = kinds.map(({ frame }) => ({ frame, seconds: now }));
    writeFileSync(capture, pcapFile({ linkType: linkTypes.ethernet }, records));
    const day = path.join(scratch, 'now.pcap');
    writeAtTime(telescopeDay(scratch, 20_000), now, day);
    const [live, file] = [temporaryDirectory(), temporaryDirectory()];
    const sensor = await start(live, '--snaplen', '9000', ...DARKNET);
    await network.inject(capture);
    await network.inject(day);
    const heard = await sensor.account<SensorAccount>();
    const read = await umbrascopeJson<SensorAccount>(['ingest', capture, day, '--data', file, ...DARKNET]);
    expect(heard).toMatchObject({ frames: read.frames, counted: read.counted, fates: read.fates });
    expect(kinds.length).toBeGreaterThan(20);
    expect(await timelessContents(live)).toEqual(await timelessContents(file));
  });

  it('hears an interface again that went down, or was deleted and made anew, and keeps the time between out of coverage', async () => {
    const data = temporaryDirectory();
    const sensor = await start(data, ...DARKNET);
    const day = telescopeDay(scratch, 1000);
    const minutes = askMinutes(data);
    await minutes.until(0);
    await network.inject(day);
    const sent = Date.now();
    network.ip('link', 'set', network.interface, 'down');
    await sensor.logged('interface not heard', '"down"');
    network.ip('link', 'set', network.interface, 'up');
    await sensor.logged('listening', '', 2);
    await network.inject(day);
    network.ip('link', 'del', network.interface);
    await sensor.logged('interface not heard', '"gone"');
    await minutes.until(1000);
    expect(Date.now() - sent).toBeLessThan(OLDEST_MINUTE_MS);
    await minutes.end();
    network.connect();
    await sensor.logged('listening', '', 3);
    await network.inject(day);
    const account = await sensor.account<SensorAccount>();
    expect(account).toMatchObject({ frames: 3000, kernelDropped: 0 });
    expect(account.seconds - account.observedSeconds).toBeGreaterThan(3);
    const { observedSeconds } = await lossesOf(data);
    expect(Math.abs(observedSeconds - account.observedSeconds)).toBeLessThan(1.5);
  });

  it.runIf(haveTcpdump)('hears only what the filter lets through', async () => {
    const day = telescopeDay(scratch, 10_000);
    const data = temporaryDirectory();
    const sensor = await start(data, '--filter', 'tcp dst port 23');
    await network.inject(day);
    const { frames, kernelDropped } = await sensor.account<SensorAccount>();
    const { stdout } = spawnSync('tcpdump', ['-nr', day, 'tcp dst port 23'], { encoding: 'utf8' });
    expect(frames).toBeGreaterThan(0);
    expect([frames, kernelDropped]).toEqual([stdout.trim().split('\n').length, 0]);
  });

  it.runIf(haveTcpdump)('counts through tcpdump, which names what it left unread when it is ended', async () => {
    const data = temporaryDirectory();
    const sensor = network.startSensor(
      '-i',
      network.interface,
      '--data',
      data,
      '--capture',
      'tcpdump',
      ...AS_ROOT,
      ...DARKNET,
    );
    await sensor.logged('ready');
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
    const [live, file, keep] = [temporaryDirectory(), temporaryDirectory(), temporaryDirectory()];
    const old = ['default-20200101T000000000Z.pcap.gz', 'default-20200102T000000000Z.pcap.gz', 'another.pcap.gz'];
    for (const name of old) writeFileSync(path.join(keep, name), Buffer.alloc(40_000));
    const sensor = await start(live, '--keep', keep, '--keep-size', '150kB', '--snaplen', '9000', ...DARKNET);
    await network.inject(day);
    expect(await sensor.account<SensorAccount>()).toMatchObject({ frames: 20_000, notKept: 0 });
    const kept = readdirSync(keep).filter((name) => !old.includes(name));
    expect([kept.length, readdirSync(keep).filter((name) => old.includes(name))]).toEqual([1, ['another.pcap.gz']]);
    const capture = path.join(keep, kept[0] as string);
    await umbrascopeJson(['ingest', capture, '--data', file, ...DARKNET]);
    expect(await timelessContents(file)).toEqual(await timelessContents(live));
    // Heard and read in the same hours of one sensor: what was read can be verified, as the least that must be there.
    await umbrascopeJson(['ingest', capture, '--data', live, ...DARKNET]);
    const verified = await umbrascopeJson<Verification>(['verify', capture, '--data', live]);
    expect(verified).toMatchObject({ equal: true, frames: 20_000, hours: { exact: 0 }, difference: null });
    expect(verified.hours.lowerBound).toBeGreaterThan(0);
  });

  it('tells on one screen whether all that it needs is there', async () => {
    const data = temporaryDirectory();
    spawnSync('chown', ['nobody', data]);
    const options = ['-i', network.interface, '--data', data, '--user', 'nobody', '--spool-size', '1MB', ...DARKNET];
    const check = async (...more: string[]) => {
      const { code, stdout } = await network.umbrascope('sensor', '--check', ...options, ...more).outcome;
      return {
        code,
        findings: stdout
          .trim()
          .split('\n')
          .map((line) =>
            line
              .split(/ {2,}/)
              .slice(0, 2)
              .join(' ')
              .replace(/^(ok|BAD) +/, '$1 '),
          ),
      };
    };
    const all = ['ok rights', 'ok interface', 'ok disk', 'ok clock', 'ok database', 'ok darknet of default'];
    expect(await check()).toEqual({ code: 0, findings: all });
    const full = all.with(2, 'BAD disk');
    expect(await check('--spool-size', '1000000GB')).toEqual({ code: 1, findings: full });
  });

  it('hears several interfaces as several sensors, and tells machines how it is', async () => {
    const data = temporaryDirectory();
    const config = path.join(scratch, 'umbrascope.yaml');
    const sensors = `sensors: [{ sensor: one, interface: ${network.interface} }, { sensor: two, interface: lo }]`;
    writeFileSync(config, `data: ${data}\nuser: root\nflush: 500ms\n${sensors}\n`);
    const sensor = network.startSensor('--config', config);
    await sensor.logged('listening', '"one"');
    await sensor.logged('listening', '"two"');
    const { sent, bytes } = await network.inject(telescopeDay(scratch, 1000));
    const metric = async (name: string) => {
      const { body } = await network.get('http://127.0.0.1:9464/metrics');
      return Number(new RegExp(`^umbrascope_${name} (.*)$`, 'm').exec(body)?.[1]);
    };
    while ((await metric('bytes_total{sensor="one"}')) < bytes) await sleep(100);
    expect(await metric('frames_total{sensor="one"}')).toBe(sent);
    expect(await metric('fates_total{sensor="one",fate="counted"}')).toBe(sent);
    expect(await metric('bytes_total{sensor="one"}')).toBe(bytes);
    expect(await metric('interface_up{sensor="two",source="lo"}')).toBe(1);
    expect(await metric('workers_busy_seconds_total{sensor="one"}')).toBeGreaterThan(0);
    expect(await network.get('http://127.0.0.1:9464/healthz')).toEqual({
      status: 200,
      body: '{"ok":true,"reasons":[]}\n',
    });
    network.ip('link', 'set', network.interface, 'down');
    await sensor.logged('interface not heard');
    const { status, body } = await network.get('http://127.0.0.1:9464/healthz');
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
