// The embedded engine: shared by several users, gone with the last, closed to everybody without the password.
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../dist/store/store.js';
import { engineMemory } from '../../store/engine/embedded.ts';
import { temporaryDirectory } from '../setup/command.ts';

function address(data: string): { httpPort: number; pid: number } {
  return JSON.parse(readFileSync(path.join(data, 'engine.json'), 'utf8'));
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function endOf(pid: number): Promise<void> {
  for (let i = 0; i < 200 && runs(pid); i++) await sleep(25);
}

describe('the engine', () => {
  it('is one for all users of a directory, however many start at once, and goes with the last', async () => {
    const data = temporaryDirectory();
    const users = await Promise.all([1, 2, 3].map(() => openStore({ directory: data })));
    const { pid } = address(data);
    const servers = await Promise.all(
      users.map((user) => user.query<{ id: string }>('SELECT toString(serverUUID()) AS id')),
    );
    expect(new Set(servers.map(([server]) => server?.id)).size).toBe(1);
    for (const user of users) {
      expect(runs(pid)).toBe(true);
      await user.close();
    }
    await endOf(pid);
    expect(runs(pid)).toBe(false);
  });

  it('can be opened again the moment it was closed', async () => {
    const data = temporaryDirectory();
    for (let time = 0; time < 4; time++) {
      const db = await openStore({ directory: data });
      expect(await db.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await db.close();
    }
  });

  it('never leaves one who joins it alone, though the last user goes in the same moment', async () => {
    const data = temporaryDirectory();
    let last = await openStore({ directory: data });
    for (let time = 0; time < 40; time++) {
      const leaving = last;
      const [next] = await Promise.all([
        openStore({ directory: data }),
        sleep(time / 2).then(() => leaving.close()), // the joining takes about as long
      ]);
      expect(await next.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
      last = next;
    }
    await last.close();
  });

  it('lets nobody in without the password, not even as its own default user', async () => {
    const data = temporaryDirectory();
    const db = await openStore({ directory: data });
    const ask = (query: string, headers: Record<string, string> = {}) =>
      fetch(`http://127.0.0.1:${address(data).httpPort}/?query=${encodeURIComponent(query)}`, { headers });
    try {
      for (const headers of [
        {},
        { 'X-ClickHouse-User': 'default' },
        { 'X-ClickHouse-User': 'umbrascope', 'X-ClickHouse-Key': 'guess' },
      ]) {
        const answer = await ask(
          `SELECT * FROM file('/etc/passwd', 'LineAsString', 'line String')`,
          headers as Record<string, string>,
        );
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(await answer.text()).not.toContain('root:');
      }
      for (const name of ['engine.secret', 'engine-users.xml', 'engine.json'])
        expect(statSync(path.join(data, name)).mode & 0o077).toBe(0);
    } finally {
      await db.close();
    }
  });

  it('takes up to 2 GB, less where all processes have little, and 1 GB at least', () => {
    expect([0.5e9, 1.5e9, 2.2e9, 64e9].map(engineMemory)).toEqual([1e9, 1e9, 1.7e9, 2e9]);
  });

  it('says why it does not start', async () => {
    const data = temporaryDirectory();
    writeFileSync(path.join(data, 'engine'), 'a file where the directory must be');
    await expect(openStore({ directory: data })).rejects.toThrow(
      /the database in .* did not start: .*File exists.+engine\.log/,
    );
  });

  it('is started once more when it failed to start', async () => {
    const data = temporaryDirectory();
    const log = path.join(data, 'engine.log');
    writeFileSync(path.join(data, 'engine'), 'a file where the directory must be');
    const opening = openStore({ directory: data });
    while (!existsSync(log) || !readFileSync(log, 'utf8').includes('File exists')) await sleep(5);
    rmSync(path.join(data, 'engine'));
    const db = await opening;
    expect(await db.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await db.close();
  });
});
