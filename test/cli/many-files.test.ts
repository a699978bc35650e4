// A directory of very many small captures: killed and continued, one file more costs one file, and what was moved is known.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { RunAccount } from '../../cli/ingest/account.ts';
import type { FilesStatus } from '../../cli/status/files.ts';
import { openStore } from '../../dist/store/store.js';
import { startCommand, temporaryDirectory, umbrascopeJson } from '../setup/command.ts';
import { syns } from '../setup/scans.ts';

/** As many as issue 3 speaks of with UMBRASCOPE_FILES=10000. */
const FILES = Number(process.env.UMBRASCOPE_FILES ?? 2000);
const FRAMES = 3;

it(`${FILES} files: a killed ingest goes on where it stood, and each file is read once`, {
  timeout: 300_000,
}, async () => {
  const files = path.join(temporaryDirectory(), 'captures');
  const named = (i: number) => path.join(files, `${String(i % 10)}`, `${String(i).padStart(6, '0')}.pcap`);
  for (let i = 0; i < 10; i++) mkdirSync(path.join(files, String(i)), { recursive: true });
  const capture = (i: number) => syns(FRAMES, 1_600_000_000 + i * 10);
  for (let i = 0; i < FILES; i++) writeFileSync(named(i), capture(i));
  const data = temporaryDirectory();
  const args = ['ingest', '--data', data, files];

  // Killed when a part of it is in.
  const db = await openStore({ directory: data });
  const { child, outcome } = startCommand(args);
  for (let frames = 0; frames === 0 && child.exitCode === null; await sleep(20)) {
    const [row] = await db.query<{ frames: number }>('SELECT sum(frames) AS frames FROM ledger');
    frames = row?.frames ?? 0;
  }
  child.kill('SIGKILL');
  expect((await outcome).code).toBe(null);

  const started = performance.now();
  const rest = await umbrascopeJson<RunAccount>(args);
  console.info(`${rest.files} of ${FILES} files were left: ${Math.round(performance.now() - started)} ms`);
  expect(rest.balanced).toBe(true);
  expect(rest.alreadyFiles + rest.files).toBe(FILES);
  const status = await umbrascopeJson<FilesStatus>(['status', '--data', data, '--files']);
  expect(status.files).toHaveLength(FILES);
  expect(status.files.every((file) => file.frames === FRAMES && file.balanced === 1)).toBe(true);

  writeFileSync(named(FILES), capture(FILES));
  const one = await umbrascopeJson<RunAccount>(args);
  expect(one).toMatchObject({ files: 1, bytes: capture(FILES).length, frames: FRAMES, alreadyFiles: FILES });

  renameSync(named(3), path.join(files, 'moved.pcap'));
  writeFileSync(path.join(files, 'packed.gz'), gzipSync(capture(4)));
  const moved = await umbrascopeJson<RunAccount>(args);
  expect(moved).toMatchObject({ files: 2, frames: 0, days: 0, balanced: true });
  const none = await umbrascopeJson<RunAccount>(args);
  expect(none).toMatchObject({ files: 0, bytes: 0, frames: 0, alreadyFiles: FILES + 2, balanced: true });
  await db.close();
});
