// The service over fixed answers, for tests of what is asked and how it is said. Apps are closed after the test.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach } from 'vitest';
import { createApp } from '../../web/app.ts';
import type { Account, Questions, YearlyQuery } from '../../web/questions.ts';
import { twoYears } from './nicterReport.ts';

const pageDirectory = mkdtempSync(join(tmpdir(), 'umbrascope-page-'));
afterAll(() => rmSync(pageDirectory, { recursive: true }));
writeFileSync(join(pageDirectory, 'index.html'), '<!doctype html><title>umbrascope</title>');

export const account: Account = {
  balanced: true,
  sensors: [
    {
      sensor: 'tokyo-1',
      frames: 12,
      counted: 10,
      fates: { laterFragment: 2 },
      stored: 10,
      dropped: 0,
      files: 1,
      damagedFiles: 0,
      first: '2019-01-01T00:00:00Z',
      last: null,
      bytes: 720,
    },
  ],
};

const unasked = async () => {
  throw new Error('this was not to be asked');
};

const running: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of running.splice(0)) await app.close();
});

export function appWith(over: Partial<Questions> = {}): { app: FastifyInstance; asked: YearlyQuery[] } {
  const asked: YearlyQuery[] = [];
  const questions: Questions = {
    years: async () => [2019, 2020],
    sensors: async () => ['tokyo-1', 'osaka-2'],
    groups: async () => [],
    schemes: ['mic-2020', 'mic-2023', 'full'],
    yearly: async (query) => {
      asked.push(query);
      return twoYears(query.lang);
    },
    account: async () => account,
    dataVersion: async () => '1',
    days: async () => ({ first: '2019-01-01', last: '2020-12-31' }),
    accountDays: unasked,
    trend: unasked,
    live: unasked,
    map: unasked,
    port: unasked,
    risers: unasked,
    sources: unasked,
    source: unasked,
    annotations: async () => [],
    annotate: unasked,
    removeAnnotation: async () => false,
    ...over,
  };
  const app = createApp({ questions, pageDirectory });
  running.push(app);
  return { app, asked };
}
