// Up to a server and down again: a copy that was killed goes on, nothing is doubled, and both sides are compared.
import { closeSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableContents } from '../../bench/soak/tables.ts';
import type { RunAccount } from '../../cli/ingest/account.ts';
import { openStore } from '../../dist/store/store.js';
import { beginAlone, endAlone } from '../../store/alone.ts';
import type { CopiedSums } from '../../store/copy/copy.ts';
import type { Connection } from '../../store/database.ts';
import { tryLock } from '../../store/engine/libc.ts';
import { startCommand, temporaryDirectory, umbrascope, umbrascopeJson } from '../setup/command.ts';
import { syns } from '../setup/scans.ts';
import { type Standalone, startStandalone } from '../setup/standalone.ts';

const samples = path.resolve(import.meta.dirname, '../../sample-pcaps');
const MONTHS = 7;

interface Copied {
  equal: boolean;
  tables: CopiedSums[];
}

describe('engine copy', { timeout: 120_000 }, () => {
  const data = temporaryDirectory();
  const [monthly, january] = [path.join(temporaryDirectory(), 'monthly.pcap'), path.join(samples, '2020-01.pcap.gz')];
  let embedded: Connection;
  let server: Standalone;
  const url = (database: string) => `${server.url}/${database}`;
  const up = ['engine', 'copy', '--data', data];

  beforeAll(async () => {
    [server] = (await startStandalone(1)) as [Standalone];
    embedded = await openStore({ directory: data });
    const months = Array.from({ length: MONTHS }, (_, month) => syns(20, Date.UTC(2018, month, 7, 23, 59, 50) / 1000));
    const [header] = months as [Buffer];
    writeFileSync(monthly, Buffer.concat([header, ...months.slice(1).map((one) => one.subarray(24))]));
    const tokyo = ['--sensor', 'tokyo', '--time-zone', 'Asia/Tokyo', '--darknet', '198.51.100.0/26'];
    await umbrascopeJson(['ingest', '--data', data, january]);
    await umbrascopeJson(['ingest', '--data', data, ...tokyo, monthly]);
  });
  afterAll(async () => {
    await embedded.close();
    await server.stop();
  });

  it('killed in the middle leaves a target that knows no unit, and goes on from there', async () => {
    const db = server.connect();
    const { child, outcome } = startCommand([...up, '--to', url('umbrascope')]);
    const rows = async (table: string) => {
      const found = await db
        .query<{ rows: number }>(`SELECT count() AS rows FROM umbrascope.${table}`)
        .catch(() => [{ rows: 0 }]);
      return found[0]?.rows ?? 0;
    };
    while ((await rows('minutes')) === 0 && child.exitCode === null) await sleep(2);
    child.kill('SIGKILL');
    expect((await outcome).signal).toBe('SIGKILL');
    expect(await rows('flows')).toBeGreaterThan(0);
    expect([await rows('ledger'), await rows('files'), await rows('sensors')]).toEqual([0, 0, 0]);
    await db.close();

    const there = ['ingest', '--data', temporaryDirectory(), '--clickhouse', url('umbrascope')];
    const refused = await umbrascope([...there, january]);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toContain('is being copied into this database: first give `engine copy` again');

    const again = await umbrascopeJson<Copied>([...up, '--to', url('umbrascope')]);
    expect(again.equal).toBe(true);
    expect(again.tables.find(({ table }) => table === 'flows')).toMatchObject({
      pieces: MONTHS + 1,
      already: MONTHS + 1,
    });
    expect(again.tables.find(({ table }) => table === 'ledger')).toMatchObject({ already: 0 });
    for (const { source, target } of again.tables) expect(target).toBe(source);
    expect(await contentsAt('umbrascope')).toEqual(await tableContents(embedded));
    const known = await umbrascopeJson<RunAccount>([...there, january]);
    expect(known).toMatchObject({ frames: 0, alreadyFiles: 1, days: 0, balanced: true });
  });

  async function contentsAt(database: string): Promise<Record<string, string>> {
    const db = server.connect();
    await db.useDatabase(database);
    try {
      return await tableContents(db);
    } finally {
      await db.close();
    }
  }

  it('mends what is lacking, doubled or too much at the target, and takes down again what it took up', async () => {
    const db = server.connect();
    await db.useDatabase('umbrascope');
    await db.command('DELETE FROM minutes WHERE toYYYYMM(minute) = 201803');
    await db.command('INSERT INTO darkDays SELECT * FROM darkDays WHERE toYYYYMM(day) = 201805');
    await db.command(
      'INSERT INTO flows SELECT * REPLACE (addYears(hour, 3) AS hour) FROM flows WHERE toYYYYMM(hour) = 201806',
    );
    await db.close();
    const { equal, tables } = await umbrascopeJson<Copied>([...up, '--to', url('umbrascope')]);
    expect(equal).toBe(true);
    const mended = tables
      .map(({ table, pieces, already }) => [table, pieces - already])
      .filter(([, made]) => made !== 0);
    expect(mended).toEqual([
      ['minutes', 1],
      ['darkDays', 1],
      ['sensors', 1], // written by the ingest above
    ]);
    const laptop = temporaryDirectory();
    const down = await umbrascopeJson<Copied>(['engine', 'copy', '--clickhouse', url('umbrascope'), '--to', laptop]);
    expect(down.equal).toBe(true);
    const copy = await openStore({ directory: laptop });
    expect(await tableContents(copy)).toEqual(await tableContents(embedded));
    await copy.close();
  });

  it('refuses a target with other data of the same sensor, itself, a wrong password, and what is written to', async () => {
    await umbrascopeJson(['ingest', '--data', temporaryDirectory(), '--clickhouse', url('other'), january]);
    const other = await umbrascope([...up, '--to', url('other')]);
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(
      /^umbrascope: the target holds other data of the sensor default \(flows, .*\): copy into/,
    );
    const { equal } = await umbrascopeJson<Copied>([...up, '--sensor', 'tokyo', '--to', url('other')]);
    expect(equal).toBe(true);
    const { stdout } = await umbrascope(['status', '--json', '--clickhouse', url('other')]);
    expect(JSON.parse(stdout)).toMatchObject({
      balanced: true,
      sensors: [{ sensor: 'default' }, { sensor: 'tokyo', counted: 20 * MONTHS }],
    });
    const itself = await umbrascope([...up, '--to', data]);
    expect(itself).toMatchObject({ code: 2, stderr: 'umbrascope: --to names the database that is to be copied\n' });
    const wrong = await umbrascope([...up, '--to', `http://admin:guess@127.0.0.1:${server.port}`]);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/does not let admin in: wrong user or password: [^\n]+\n$/);
    const elsewhere = { sensor: 'tokyo', holder: 'host9, /data', id: 'host9' };
    await beginAlone(embedded, elsewhere);
    const ingesting = await umbrascope([...up, '--to', url('umbrascope')]);
    await endAlone(embedded, elsewhere);
    expect(ingesting.code).toBe(2);
    expect(ingesting.stderr).toMatch(/^umbrascope: host9, \/data ingests for the sensor tokyo, or was cut off/);
    const lock = tryLock(path.join(data, 'ingest.lock')) as number;
    const busy = await umbrascope([...up, '--to', url('umbrascope')]);
    closeSync(lock);
    const message = `umbrascope: an ingest or a sensor runs in ${data}: copy when it has ended\n`;
    expect(busy).toMatchObject({ code: 1, stderr: message });
  });
});
