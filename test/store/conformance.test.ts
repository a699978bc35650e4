// The same captures into three homes (the embedded engine, a server of its own, a cluster of two): the same tables, the same report.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableContents } from '../../bench/soak/tables.ts';
import type { RunAccount } from '../../cli/ingest/account.ts';
import type { Connection } from '../../store/database.ts';
import { createStatements } from '../../store/ddl.ts';
import { chosenDays } from '../../store/finalise/chosen.ts';
import { makePortHits } from '../../store/finalise/hits.ts';
import { makeSourceDays } from '../../store/finalise/sources.ts';
import { dayAccounts } from '../../store/questions/account-days.ts';
import { topSources } from '../../store/questions/top-sources.ts';
import { readSensors, type Sensor } from '../../store/sensors.ts';
import { openStore } from '../../store/store.ts';
import { yearlyReport } from '../../web/report/yearly.ts';
import { temporaryDirectory, umbrascope, umbrascopeJson } from '../setup/command.ts';
import { syns } from '../setup/scans.ts';
import { CLUSTER, type Standalone, startStandalone } from '../setup/standalone.ts';

const samples = path.resolve(import.meta.dirname, '../../sample-pcaps');
const january = ['2019-01', '2020-01'].map((month) => path.join(samples, `${month}.pcap.gz`));
const DARKNET = ['--darknet', '198.51.100.0/26', '--darknet', '2001:db8:64::/64'];

interface Home {
  name: string;
  /** Options that name it. */
  options: string[];
  open(): Promise<Connection>;
}

interface Found {
  contents: Record<string, string>;
  report: unknown;
  top: unknown;
  days: unknown;
}

const homes: Home[] = ['embedded', 'server', 'cluster'].map((name) => ({
  name,
  options: [],
  open: () => Promise.reject(),
}));
let servers: Standalone[] = [];
/** Keeps the embedded engine up between commands. */
let stays: Connection;

beforeAll(async () => {
  servers = await startStandalone(2);
  const [first] = servers as [Standalone];
  // Without Keeper each server is told by itself.
  for (const one of servers) {
    const db = one.connect();
    await db.command('CREATE DATABASE spread ENGINE = Atomic');
    const form = { database: 'spread', cluster: { name: CLUSTER, replicated: false } };
    for (const statement of createStatements(form)) await db.command(statement);
    await db.close();
  }
  const embedded = temporaryDirectory();
  stays = await openStoreOf(embedded);
  const [server, cluster] = [temporaryDirectory(), temporaryDirectory()];
  Object.assign(homes[0] as Home, {
    options: ['--data', embedded],
    open: () => openStoreOf(embedded),
  });
  for (const [i, [directory, database]] of (
    [
      [server, 'alone'],
      [cluster, 'spread'],
    ] as const
  ).entries()) {
    Object.assign(homes[i + 1] as Home, {
      options: ['--data', directory, '--clickhouse', `${first.url}/${database}`],
      open: () => openStore({ directory, url: first.url, database }),
    });
  }
});
afterAll(async () => {
  await stays.close();
  for (const server of servers) await server.stop();
});

/** The embedded engine is started by the build. */
async function openStoreOf(directory: string): Promise<Connection> {
  const built = await import('../../dist/store/store.js');
  return built.openStore({ directory });
}

async function look({ open }: Home): Promise<Found> {
  const db = await open();
  try {
    const scope = {
      years: [2019, 2020],
      top: 30,
      scheme: 'mic-2020',
      months: [1, 12] as [number, number],
      sensors: [],
    };
    const report = await yearlyReport(db, { ...scope, survey: 'exclude', normalise: 'perAddress', lang: 'en' });
    const [sensor] = await readSensors(db);
    const days = await dayAccounts(db, sensor as Sensor);
    const sources = {
      sensors: ['default'],
      from: '2019-01-01',
      to: '2020-12-31',
      kind: 'all' as const,
      survey: 'include' as const,
      limit: 100,
    };
    return { contents: await tableContents(db), report, days, top: await topSources(db, sources) };
  } finally {
    await db.close();
  }
}

describe('a store', () => {
  let embedded: Found;

  it.each(homes)('$name takes captures, and the same ones again without counting them twice', async (home) => {
    const first = await umbrascopeJson<RunAccount>(['ingest', ...home.options, ...DARKNET, ...january]);
    expect(first.balanced).toBe(true);
    expect(first.counted).toBeGreaterThan(1000);
    const again = await umbrascopeJson<RunAccount>(['ingest', ...home.options, january[0] as string]);
    expect(again).toMatchObject({ frames: 0, alreadyFiles: 1, days: 0, balanced: true });
    const found = await look(home);
    if (home.name === 'embedded') embedded = found;
    expect(found).toEqual(embedded);
  });

  /** Packets of days that were made before, and of the next year. */
  const late = [Date.UTC(2019, 0, 3, 12), Date.UTC(2019, 0, 3, 13), Date.UTC(2020, 0, 4)].map((time, number) => {
    const file = path.join(temporaryDirectory(), `late-${number}.pcap`);
    writeFileSync(file, syns(50, time / 1000));
    return file;
  });

  it('embedded makes days again when late packets come', async () => {
    const account = await umbrascopeJson<RunAccount>(['ingest', ...(homes[0] as Home).options, ...late]);
    expect(account).toMatchObject({ counted: 150, days: 2, balanced: true });
    embedded = await look(homes[0] as Home);
  });

  /** Two machines with the same captures, of which the home has none yet. */
  async function sharedIngest({ options }: Home, files: readonly string[]): Promise<void> {
    const machines = [options, [...options, '--data', temporaryDirectory()]];
    const accounts = await Promise.all(
      machines.map((of) => umbrascopeJson<RunAccount>(['ingest', '--share', ...of, ...files])),
    );
    expect(accounts.map(({ balanced }) => balanced)).toEqual([true, true]);
    expect(accounts.reduce((sum, { counted }) => sum + counted, 0)).toBe(50 * files.length);
  }

  it('server makes days again when late packets come, from two that share them', async () => {
    await sharedIngest(homes[1] as Home, late);
    expect(await look(homes[1] as Home)).toEqual(embedded);
  });

  it('in a cluster keeps a source on one server, and rows on both', async () => {
    const rows: { flows: number; sources: string[] }[] = [];
    for (const server of servers) {
      const db = server.connect();
      await db.useDatabase('spread');
      const [row] = await db.query<{ flows: number; sources: string[] }>(
        'SELECT count() AS flows, groupUniqArray(toString(srcAddr)) AS sources FROM flowsLocal',
      );
      rows.push(row as { flows: number; sources: string[] });
      await db.close();
    }
    const [one, other] = rows as [(typeof rows)[number], (typeof rows)[number]];
    expect(Math.min(one.flows, other.flows)).toBeGreaterThan(100);
    expect(one.sources.filter((source) => other.sources.includes(source))).toEqual([]);
  });

  it('in a cluster finalises on its shards: no group of sources is put together on the server that is asked', async () => {
    const db = await (homes[2] as Home).open();
    const [sensor] = await readSensors(db);
    const days = { version: 1, first: '2019-01-03', last: '2019-01-04', days: ['2019-01-03', '2019-01-04'] };
    const chosen = [chosenDays(1), chosenDays(2), chosenDays(1, false)];
    for (const statement of chosen.flatMap((one) => [makeSourceDays(one), makePortHits(one)])) {
      const select = statement.split(/INSERT INTO \w+\n/)[1];
      const steps = await db.query<{ explain: string }>(`SELECT * FROM (EXPLAIN ${select})`, { ...sensor, ...days });
      const plan = steps.map(({ explain }) => explain).join('\n');
      expect(plan).toMatch(/ReadFromRemote/);
      expect(plan).not.toMatch(/MergingAggregated/);
    }
    await db.close();
  });

  it('in a cluster makes days again from two that share; with a server away says so, and completes once it is back', async () => {
    const [, second] = servers as [Standalone, Standalone];
    const cluster = homes[2] as Home;
    const [last, ...others] = late.toReversed() as [string, ...string[]];
    await sharedIngest(cluster, others);
    await second.stop();

    const broken = await umbrascope(['ingest', ...cluster.options, last]);

    expect(broken.code).toBe(1);
    expect(broken.stderr).toMatch(/^umbrascope: [^\n]*a server of its cluster is away[^\n]*\n$/);
    await second.start();

    const account = await umbrascopeJson<RunAccount>(['ingest', ...cluster.options, last]);
    expect(account.balanced).toBe(true);
    expect(await look(cluster)).toEqual(embedded);
  });

  it.each(homes.slice(0, 2))('$name drops what retention says, and nothing else changes', async (home) => {
    const before = await look(home);
    const keep = ['flows=1d', 'portSketches=1d'].flatMap((rule) => ['--keep', rule]);
    const { code, stdout } = await umbrascope(['engine', 'retain', ...home.options, ...keep, '--apply']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/freed; no figure of a finalised day has changed\n$/)]);
    const after = await look(home);
    const { flows, portSketches, ...kept } = after.contents;
    for (const dropped of [flows, portSketches]) expect(dropped).toMatch(/^0 rows,/);
    expect(before.contents).toMatchObject(kept);
    expect([after.report, after.top]).toEqual([before.report, before.top]);
    expect((after.days as { balanced: number }[]).every(({ balanced }) => balanced === 1)).toBe(true);
  });
});
