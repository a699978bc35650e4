// kill -9 at any moment, of the command or of its database: run again, everything is counted once.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { telescopeDay } from '../../bench/day.ts';
import type { RunAccount } from '../../cli/ingest/account.ts';
import { startCommand, temporaryDirectory, umbrascopeJson } from '../setup/command.ts';
import { storedContents } from '../setup/stored.ts';

const PACKETS = 2_500_000;
const ROUNDS = 3;
const KILLS = 2;

describe('an ingest that is killed', () => {
  it('leaves the same tables as an undisturbed one, once it is run again', { timeout: 240_000 }, async () => {
    const capture = telescopeDay(temporaryDirectory(), PACKETS, 7);
    const args = ['ingest', capture, '--darknet', '198.18.0.0/20', '--data'];
    const undisturbed = temporaryDirectory();
    const started = performance.now();
    await umbrascopeJson([...args, undisturbed]);
    const duration = performance.now() - started;
    const expected = await storedContents(undisturbed);
    let killed = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const data = temporaryDirectory();
      for (let kill = 0; kill < KILLS; kill++) {
        const after = Math.random() * duration;
        const { child, outcome } = startCommand([...args, data]);
        await sleep(after);
        if (kill % 2 === 0) child.kill('SIGKILL');
        else killEngine(data);
        const { code } = await outcome;
        if (code !== 0) killed++;
        console.info(
          `round ${round}: ${kill % 2 === 0 ? 'command' : 'database'} killed after ${Math.round(after)} ms, exit ${code}`,
        );
      }
      const account = await umbrascopeJson<RunAccount>([...args, data]);
      expect(account.balanced).toBe(true);
      expect(await storedContents(data)).toEqual(expected);
    }
    expect(killed).toBeGreaterThan(0);
  });
});

function killEngine(data: string): void {
  try {
    const { pid } = JSON.parse(readFileSync(path.join(data, 'engine.json'), 'utf8')) as { pid: number };
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has not started yet, or is gone
  }
}
