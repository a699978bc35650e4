// `umbrascope sensor --check`: everything a sensor needs, looked at once, told on one screen. It hears nothing and counts nothing.
import { spawnSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { monitoredAddresses } from '../../analyzer/decode/darknet.ts';
import { linkState } from '../../collector/live/socket.ts';
import { bytesText } from '../../collector/progress.ts';
import { dataFiles, prepareSpool } from '../../store/engine/files.ts';
import { engineState } from '../../store/questions/engine.ts';
import { openStore } from '../../store/store.ts';
import { parsePrefix } from '../options.ts';
import { createLog } from './log.ts';
import { openSources } from './open.ts';
import type { SensorOptions } from './options.ts';

interface Finding {
  what: string;
  /** False: a sensor would not run, or not well. */
  ok: boolean;
  text: string;
}

/** Times before this are of a clock that was never set. */
const EARLIEST_CLOCK = Date.UTC(2026, 0, 1);

/** The findings as text, and whether all is well. Rights are given up on the way, as a sensor does. */
export async function checkSensor(options: SensorOptions): Promise<{ text: string; ok: boolean }> {
  const findings = [...(await checkSources(options)), checkDisk(options), checkClock(), await checkDatabase(options)];
  findings.push(...options.sensors.map(checkDarknet));
  const width = Math.max(...findings.map(({ what }) => what.length));
  const lines = findings.map(({ what, ok, text }) => `${ok ? 'ok ' : 'BAD'}  ${what.padEnd(width)}  ${text}`);
  return { text: `${lines.join('\n')}\n`, ok: findings.every(({ ok }) => ok) };
}

async function checkSources(options: SensorOptions): Promise<Finding[]> {
  try {
    const sources = (await openSources(options, createLog('silent'))).flat();
    const rights = `sockets opened, then ${process.getuid?.() === 0 ? 'root kept: name another --user' : `user ${process.getuid?.()}`}`;
    const links = sources.map((source): Finding => {
      if (source.kind === 'stream') return { what: 'input', ok: true, text: 'standard input' };
      const state = linkState(source.socket.descriptor, source.name);
      return {
        what: 'interface',
        ok: state === 'up',
        text: `${source.name} is ${state}, link type ${source.socket.linkType}`,
      };
    });
    return [{ what: 'rights', ok: process.getuid?.() !== 0, text: rights }, ...links];
  } catch (error) {
    return [{ what: 'rights, interface', ok: false, text: (error as Error).message }];
  }
}

function checkDisk({ data, spoolSize }: SensorOptions): Finding {
  try {
    const files = dataFiles(data);
    prepareSpool(files);
    const { bavail, bsize } = statfsSync(files.sensorSpool);
    const free = bavail * bsize;
    const text = `${bytesText(free)} free in ${files.directory}, the spool may take ${bytesText(spoolSize)}`;
    return { what: 'disk', ok: free > spoolSize, text };
  } catch (error) {
    return { what: 'disk', ok: false, text: (error as Error).message };
  }
}

function checkClock(): Finding {
  const now = new Date();
  const time = now.toISOString().slice(0, 19);
  if (now.getTime() < EARLIEST_CLOCK) return { what: 'clock', ok: false, text: `${time}Z: it was never set` };
  const { status, stdout } = spawnSync('timedatectl', ['show', '--property=NTPSynchronized', '--value'], {
    encoding: 'utf8',
  });
  const synchronised = status === 0 ? stdout.trim() : '';
  const known = { yes: 'synchronised', no: 'NOT synchronised: packets are counted at the wrong time' }[synchronised];
  return {
    what: 'clock',
    ok: synchronised !== 'no',
    text: `${time}Z, ${known ?? 'whether it is synchronised is not known'}`,
  };
}

async function checkDatabase({ data, clickhouse, database, ca }: SensorOptions): Promise<Finding> {
  try {
    const db = await openStore({ directory: data, url: clickhouse, database, ca });
    try {
      const { version, bytes } = await engineState(db);
      return { what: 'database', ok: true, text: `ClickHouse ${version}, ${bytesText(bytes)}` };
    } finally {
      await db.close();
    }
  } catch (error) {
    return { what: 'database', ok: false, text: (error as Error).message };
  }
}

function checkDarknet({ sensor, darknet = [] }: SensorOptions['sensors'][number]): Finding {
  const what = `darknet of ${sensor}`;
  if (darknet.length === 0) return { what, ok: true, text: 'as last given, or not known: every address counts' };
  try {
    const addresses = monitoredAddresses(darknet.map(parsePrefix));
    return { what, ok: true, text: `${darknet.join(' ')}: ${addresses.toLocaleString('en')} IPv4 addresses` };
  } catch (error) {
    return { what, ok: false, text: (error as Error).message };
  }
}
