// The page in a real browser over the sample captures: what the picture says is what the database holds. All views share one server,
// one database and one browser.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../setup/command.ts';
import { accountTests } from './page/account.ts';
import { deadEngineTest, frameTests } from './page/frame.ts';
import { liveTests } from './page/live.ts';
import { mapTests } from './page/map.ts';
import { portTests } from './page/port.ts';
import { sourcesTests } from './page/sources.ts';
import { trendsTests } from './page/trends.ts';
import { startVisit, type Visit } from './page/visit.ts';
import { yearsTests } from './page/years.ts';

let visit: Visit;
const theVisit = () => visit;

beforeAll(async () => {
  visit = await startVisit(temporaryDirectory());
}, 90_000);

afterAll(async () => {
  expect(await visit.end()).toBe(0);
});

describe('year on year', () => yearsTests(theVisit));
describe('trends', () => trendsTests(theVisit));
describe('port', () => portTests(theVisit));
describe('sources and backscatter', () => sourcesTests(theVisit));
describe('address map', () => mapTests(theVisit));
describe('account', () => accountTests(theVisit));
describe('every view', () => frameTests(theVisit));

// After all that counts the samples: a packet of today arrives.
describe('live', () => liveTests(theVisit));

describe('the page', () => {
  it('asked nobody else for anything and met no error', () => {
    expect(visit.troubles).toEqual([]);
  });

  it('is a bundle of at most 150 kB, compressed', () => {
    const assets = path.resolve(import.meta.dirname, '../../dist/web/page-assets/assets');
    const files = readdirSync(assets).filter((name) => /\.(js|css)$/.test(name));
    // Of Kosugi's CSS only the list of its parts: the parts themselves are loaded as they are needed.
    const bytes = files.reduce((sum, name) => sum + gzipSync(readFileSync(path.join(assets, name))).length, 0);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThanOrEqual(150_000);
  });

  deadEngineTest(theVisit);
});
