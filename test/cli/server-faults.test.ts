// A server that fails in the middle of an ingest: restarted, its password changed, its disk full, its answers late. One line that says what
// to do, and the same command again completes: everything counted once. `npm run soak -- slow` holds answers back for 30 s.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunAccount } from '../../cli/ingest/account.ts';
import { slow } from '../../dist/bench/soak/slow.js';
import { temporaryDirectory, umbrascope, umbrascopeJson } from '../setup/command.ts';
import { canMount, type Disk, smallDisk } from '../setup/disk.ts';
import { haltingLine } from '../setup/halting.ts';
import { syns } from '../setup/scans.ts';
import { type Standalone, startStandalone } from '../setup/standalone.ts';

const samples = path.resolve(import.meta.dirname, '../../sample-pcaps');
const PACKETS = 20_000;
const AGAIN = { user: 'ingests', grants: [] };

describe('a server that, in the middle of an ingest,', () => {
  let server: Standalone;
  let disk: Disk | undefined;
  let ingested = 0;
  const data = temporaryDirectory();
  const url = (port: number, password: string) => `http://${AGAIN.user}:${password}@127.0.0.1:${port}/faults`;

  beforeAll(async () => {
    const prepare = (directory: string) => {
      disk = canMount ? smallDisk(directory, 64) : undefined;
    };
    [server] = (await startStandalone(1, [{ ...AGAIN, password: 'first' }], prepare)) as [Standalone];
  });
  afterAll(() => server.stop());

  /** An ingest in whose middle something happens, and the same command once more when that is over. */
  async function disturbed(table: string, happens: () => Promise<void>, over: () => Promise<void>, anew = false) {
    const file = path.join(temporaryDirectory(), 'a.pcap');
    writeFileSync(file, syns(PACKETS, 1_600_000_000 + ingested * 10));
    ingested += PACKETS;
    let happening: Promise<void> | undefined;
    const begin = () => {
      happening = happens();
      return happening;
    };
    const line = await haltingLine(server.port, table, begin, anew);
    const ingest = ['ingest', '--data', data, file, '--clickhouse'];
    const broken = await umbrascope([...ingest, url(line.port, 'first')]);
    expect(line.halted()).toBe(true);
    line.close();
    await happening;
    await over();
    const account = await umbrascopeJson<RunAccount>([...ingest, url(server.port, anew ? 'second' : 'first')]);
    expect(account).toMatchObject({ balanced: true });
    const db = server.connect();
    const [row] = await db.query<{ packets: number }>('SELECT sum(packets) AS packets FROM faults.portDaysCurrent');
    await db.close();
    expect(row?.packets).toBe(ingested);
    return { ...broken, place: `the database at 127.0.0.1:${line.port}` };
  }

  it('is restarted', async () => {
    const restart = async () => {
      await server.stop();
      await server.start();
    };
    const elsewhere = async () => {
      const options = ['--data', temporaryDirectory(), '--clickhouse', url(server.port, 'first')];
      const other = await umbrascope(['ingest', ...options, '--share', path.join(samples, '2019-01.pcap.gz')]);
      expect(other.stderr).toContain(`${data} ingests for this sensor, or was cut off while it did: wait for its end`);
      expect(other.code).toBe(2);
    };
    const { code, stderr, place } = await disturbed('ledger', restart, elsewhere);
    expect(stderr).toMatch(`umbrascope: ${place} does not answer (`);
    expect(stderr).toMatch(/^[^\n]+: when it runs, give the same command again\n$/);
    expect(code).toBe(1);
  });

  it.runIf(canMount)('has a full disk', async () => {
    const full = async () => disk?.leave(64 * 1024);
    const { code, stderr, place } = await disturbed('flows', full, async () => disk?.leave(50_000_000));
    expect(stderr).toBe(
      `umbrascope: the disk of ${place} is full: make room, then give the same command again; it goes on where it stood\n`,
    );
    expect(code).toBe(1);
  });

  it('is given another password', async () => {
    const change = async () => {
      await server.stop();
      server.setUsers([{ ...AGAIN, password: 'second' }]);
      await server.start();
    };
    const { code, stderr, place } = await disturbed('minutes', change, async () => {}, true);
    expect(stderr).toBe(
      `umbrascope: ${place} does not let ${AGAIN.user} in: wrong user or password: with the right ones, give the same command again\n`,
    );
    expect(code).toBe(1);
  });
});

it('a server that answers late is waited for', async () => {
  const program = path.resolve(import.meta.dirname, '../../dist/program/main.js');
  expect(await slow({ program, delayMs: 200, packets: 2000, share: false, log: console.info })).toEqual([]);
});
