// A small database of a hundred scans, and the service over it, for tests of the service's edge.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, expect } from 'vitest';
import { openStore } from '../../dist/store/store.js';
import type { Connection } from '../../store/database.ts';
import type { Access } from '../../web/access.ts';
import { createApp } from '../../web/app.ts';
import type { Patience } from '../../web/patience.ts';
import type { Questions } from '../../web/questions.ts';
import { answersOf } from '../../web/report/answers.ts';
import { temporaryDirectory, umbrascope } from '../setup/command.ts';
import { syns } from '../setup/scans.ts';

export const data = temporaryDirectory();
export const pageDirectory = temporaryDirectory();
writeFileSync(path.join(pageDirectory, 'index.html'), '<!doctype html><title>umbrascope</title>');

let store: Connection | undefined;
const running: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of running.splice(0)) await app.close();
});
afterAll(async () => {
  await store?.close();
});

export async function theStore(): Promise<Connection> {
  if (store) return store;
  const args = ['ingest', '--data', data, '--sensor', 'one', '--darknet', '198.51.100.0/26', '-'];
  const { code, stderr } = await umbrascope(args, syns(100));
  expect(stderr).not.toContain('umbrascope:');
  expect(code).toBe(0);
  store = await openStore({ directory: data });
  return store;
}

/** Closed after the test. */
export async function appFor(
  access?: Access,
  over: Partial<Questions> = {},
  patience?: Patience,
): Promise<FastifyInstance> {
  const questions = { ...answersOf(await theStore()), ...over };
  const app = createApp({ questions, pageDirectory, ...(access ? { access } : {}), ...(patience ? { patience } : {}) });
  running.push(app);
  return app;
}
