// `umbrascope engine`: the embedded engine kept up, looked at, asked and ended.
import { closeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { tryLock } from '../../store/engine/libc.ts';
import { startCommand, temporaryDirectory, umbrascope, umbrascopeJson } from '../setup/command.ts';

const january = path.resolve(import.meta.dirname, '../../sample-pcaps/2019-01.pcap.gz');

describe('engine', () => {
  const data = temporaryDirectory();

  it('runs from start to Ctrl-C, answers SQL a line, and changes nothing unless asked to', async () => {
    const before = await umbrascope(['engine', 'status', '--data', data]);
    expect(before).toMatchObject({ code: 0, stdout: expect.stringContaining('no engine runs on') });
    const started = startCommand(['engine', 'start', '--data', data]);
    let said = '';
    started.child.stdout?.on('data', (text) => {
      said += text;
    });
    while (!said.includes('SQL')) await sleep(20);
    expect(said).toMatch(
      /the engine runs on .*\n.*--data .*\n.*http:\/\/127\.0\.0\.1:\d+, user umbrascope, password in .*engine\.secret\n/,
    );
    await umbrascopeJson(['ingest', '--data', data, january]);
    const state = await umbrascopeJson<{ running: boolean; pid: number; tables: { table: string }[] }>([
      'engine',
      'status',
      '--data',
      data,
    ]);
    expect(state).toMatchObject({ running: true });
    expect(state.tables.map(({ table }) => table)).toContain('flows');
    const asked = await umbrascope(
      ['engine', 'shell', '--data', data],
      "select toUInt64('18446744073709551615') as most, 'a' as text;\nselect 1 where 0\nexplain select 1\n\nquit\n",
    );
    expect(asked).toMatchObject({ code: 0, stderr: '' });
    expect(asked.stdout).toMatch(/^ *most +text\n─+ +─+\n18446744073709551615 +a\nno rows\nexplain\n/);
    const refused = await umbrascope(
      ['engine', 'shell', '--data', data],
      'TRUNCATE TABLE flows\nselect count() > 0 as there from flows\n',
    );
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^[^\n]*readonly[^\n]*\n$/i);
    expect(refused.stdout).toContain('1');
    started.child.kill('SIGINT');
    expect((await started.outcome).code).toBe(0);
  });

  it('is ended by stop, which who keeps it up says, and not while an ingest runs', async () => {
    const started = startCommand(['engine', 'start', '--data', data]);
    let said = '';
    started.child.stdout?.on('data', (text) => {
      said += text;
    });
    while (!said.includes('SQL')) await sleep(20);
    const lock = tryLock(path.join(data, 'ingest.lock')) as number;
    const refused = await umbrascope(['engine', 'stop', '--data', data]);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('an ingest runs in') });
    closeSync(lock);
    expect(await umbrascope(['engine', 'stop', '--data', data])).toMatchObject({ code: 0, stderr: '' });
    const { code, stderr } = await started.outcome;
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^umbrascope: the engine on .* was ended by another\n$/),
    });
    expect((await umbrascope(['engine', 'stop', '--data', data])).stdout).toMatch(/^no engine runs on/);
  });
});
