// A server that answers late: from the first insert on every answer of it is held back, for an ingest by itself and for two that share.
// Nothing may be lost, counted twice or given up: what is slow is waited for.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Connection } from '../../store/database.ts';
import { dataFiles } from '../../store/engine/files.ts';
import { openStore } from '../../store/store.ts';
import { DAY_DARKNET, telescopeDay } from '../day.ts';
import { startProgram } from './command.ts';
import { tableContents } from './tables.ts';

export interface SlowPlan {
  /** dist/program/main.js */
  program: string;
  delayMs: number;
  packets: number;
  /** Two that share, or one by itself. */
  share: boolean;
  log: (line: string) => void;
}

/** @returns everything that is not as it should be */
export async function slow({ program, delayMs, packets, share, log }: SlowPlan): Promise<string[]> {
  const directory = mkdtempSync(path.join(tmpdir(), 'umbrascope-slow-'));
  const server = path.join(directory, 'server');
  const db = await openStore({ directory: server });
  try {
    const captures = path.join(directory, 'captures');
    for (const seed of [1, 2]) telescopeDay(captures, packets, seed);
    const { httpPort } = JSON.parse(readFileSync(dataFiles(server).address, 'utf8')) as { httpPort: number };
    const secret = readFileSync(dataFiles(server).secret, 'utf8');
    const ingest = (port: number, database: string, ...more: string[]) => {
      const url = `http://umbrascope:${secret}@127.0.0.1:${port}/${database}`;
      const data = mkdtempSync(path.join(directory, 'data-'));
      const args = [
        'ingest',
        captures,
        '--darknet',
        DAY_DARKNET,
        '--data',
        data,
        '--clickhouse',
        url,
        '--json',
        ...more,
      ];
      return startProgram(program, args).outcome;
    };
    const line = await slowLine(httpPort, delayMs);
    const started = performance.now();
    const machines = share ? [1, 2].map(() => ingest(line.port, 'late', '--share')) : [ingest(line.port, 'late')];
    const outcomes = [...(await Promise.all(machines)), await ingest(httpPort, 'prompt')];
    line.close();
    log(`${line.held()} answers held back for ${delayMs} ms: ${Math.round((performance.now() - started) / 1000)} s`);
    const faults = outcomes
      .filter(({ code, stdout }) => code !== 0 || JSON.parse(stdout).balanced !== true)
      .map(({ code, stderr, stdout }) => `one ended with ${code}: ${stderr}${stdout}`);
    if (line.held() === 0) faults.push('no answer was held back');
    const [late, prompt] = [await contentsOf(db, 'late'), await contentsOf(db, 'prompt')];
    return late === prompt ? faults : [...faults, `tables: ${late}, should be ${prompt}`];
  } finally {
    await db.close();
    rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
  }
}

async function contentsOf(db: Connection, database: string): Promise<string> {
  await db.useDatabase(database);
  return JSON.stringify(await tableContents(db));
}

/** A line to a server whose answers are held back from the first insert on. */
async function slowLine(server: number, delayMs: number): Promise<{ port: number; held(): number; close(): void }> {
  let isSlow = false;
  let held = 0;
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const upstream = connect(server, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (bytes) => {
      isSlow ||= bytes.includes('INSERT') && bytes.includes('flows');
      upstream.write(bytes);
    });
    client.on('end', () => upstream.end());
    const later = (work: () => void) => (isSlow ? setTimeout(work, delayMs) : work());
    upstream.on('data', (bytes) => {
      if (isSlow) held++;
      later(() => client.write(bytes));
    });
    upstream.on('end', () => later(() => client.end()));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    port: (proxy.address() as AddressInfo).port,
    held: () => held,
    close: () => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  };
}
