// Real captures from file to database: frames, protocols and ports exactly as two other decoders found them.
// analyzer/truth.test.ts compares each capture with the truth by itself; here all of them go through files, threads, spool and database.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnitCounter, unitId } from '../../analyzer/unit.ts';
import type { RunAccount } from '../../cli/ingest/account.ts';
import type { IngestOptions } from '../../cli/ingest.ts';
import { openSource } from '../../collector/source.ts';
import { ingestDefaults, ingestInto } from '../../dist/cli/ingest.js';
import { openStore } from '../../dist/store/store.js';
import type { Connection } from '../../store/database.ts';
import { topPorts } from '../../store/questions/top-ports.ts';
import { temporaryDirectory, umbrascope } from '../setup/command.ts';
import { analyzerConfig, rowsOf } from '../setup/counting.ts';
import { eachUnit, type KnownOpening } from '../setup/cutting.ts';
import { haveShared, readTruth, type Truth } from '../setup/shared.ts';
import { rareKinds, ruleOf } from '../setup/truth.ts';

/** The whole first day is accepted here: some of these captures were written without a clock. */
const ANY_TIME: Pick<IngestOptions, 'earliest' | 'latest'> = { earliest: 0, latest: Date.UTC(2106, 1, 6) / 1000 };

const truths = readTruth();
const exact = truths.filter((truth) => ruleOf(truth) === 'exact');
const damaged = truths.filter(({ class: type }) => type.startsWith('MAL-'));

describe.runIf(haveShared)('real captures in the database', { timeout: 120_000 }, () => {
  const data = temporaryDirectory();
  let db: Connection;
  beforeAll(async () => {
    db = await openStore({ directory: data });
  });
  afterAll(() => db.close());

  const ingest = (files: readonly Truth[], sensor: string) => {
    const options = { ...ingestDefaults(), ...ANY_TIME, data, sensor, workers: 2 };
    return ingestInto(
      db,
      files.map(({ file }) => file),
      options,
    );
  };

  it('of the class REAL are stored and asked for, each by itself, as two decoders agree', async () => {
    const differences: string[] = [];
    const real = exact.filter(({ class: type }) => type === 'REAL');
    expect(real.length).toBe(19);
    for (const truth of real) differences.push(...(await compare(db, await ingest([truth], truth.path), truth)));
    expect(differences).toEqual([]);
  });

  it('are all there when they are ingested together, each frame of each file', async () => {
    const account = await ingest(exact, 'all');
    const { balanced, damaged, refused } = account;
    expect({ balanced, damaged, refused }).toEqual({ balanced: true, damaged: [], refused: [] });
    const files = await db.query<{ path: string; frames: number }>(
      `SELECT path, frames FROM files FINAL WHERE sensor = 'all' ORDER BY path`,
    );
    const expected = exact.map(({ file, total }) => ({ path: file, frames: total }));
    expect(files).toEqual(expected.sort((a, b) => (a.path < b.path ? -1 : 1)));
    // Some captures hold, or begin with, the records of others: these are counted once.
    const distinct = await distinctUnits(exact);
    expect(account.frames).toBe(distinct.frames);
    expect(account.frames + account.alreadyFrames).toBe(exact.reduce((sum, { total }) => sum + total, 0));
    const ports = await db.query<{ name: string; packets: number }>(
      `SELECT concat(toString(proto), '/', toString(dstPort)) AS name, sum(packets) AS packets
       FROM flows WHERE sensor = 'all' GROUP BY name`,
    );
    expect(new Map(ports.map(({ name, packets }) => [name, packets]))).toEqual(distinct.ports);
  });
});

it.runIf(haveShared)(
  'a directory of damaged captures is ingested, every damage is named, and the account balances',
  async () => {
    const data = temporaryDirectory();
    const { code, stdout, stderr } = await umbrascope([
      'ingest',
      '--data',
      data,
      '--json',
      ...damaged.map(({ file }) => file),
    ]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const account: RunAccount = JSON.parse(stdout);
    expect(account.balanced).toBe(true);
    const named = new Set([...account.damaged, ...account.refused].map(({ path }) => path));
    const containers = damaged.filter(({ class: type, path }) => type === 'MAL-CONTAINER' && !rareKinds.has(path));
    expect(containers.filter(({ file }) => !named.has(file))).toEqual([]);
    expect(damaged.filter(({ class: type, file }) => type === 'MAL-PACKET' && named.has(file))).toEqual([]);
    // The same records again, in another of these files, are not counted again.
    expect(account.files + account.refused.length).toBe(damaged.length);
    expect(JSON.stringify(account)).not.toMatch(/ at .*\.js:\d+/);
  },
);

/** What a database may count of these captures, in this order: what is in an earlier one too, or begins it, once. */
async function distinctUnits(captures: readonly Truth[]): Promise<{ frames: number; ports: Map<string, number> }> {
  const counter = new UnitCounter(analyzerConfig(ANY_TIME));
  const known: (KnownOpening & { bytes: Buffer })[] = [];
  const ports = new Map<string, number>();
  let frames = 0;
  for (const { file } of captures) {
    await eachUnit(
      await openSource(file),
      ({ slot, from, to, context, start, end, opening }) => {
        const bytes = Buffer.from(new Uint8Array(slot.buffer, from, to - from));
        const unit = unitId(bytes, context);
        const has = (earlier: (typeof known)[number]) => {
          if (earlier.unit === unit) return true;
          const begins = earlier.opening === opening && earlier.start === start && earlier.end > end;
          return begins && earlier.bytes.subarray(0, bytes.length).equals(bytes);
        };
        if (known.some(has)) return;
        known.push({ unit, start, end, opening, bytes });
        const { account, blocks } = counter.count(new DataView(slot.buffer), from, to, context);
        frames += account.frames;
        const flows = blocks.find(({ table }) => table === 'flows')!;
        for (const { proto, dstPort, packets } of rowsOf(flows)) {
          const name = `${proto}/${dstPort}`;
          ports.set(name, (ports.get(name) ?? 0) + Number(packets));
        }
      },
      known,
    );
  }
  return { frames, ports };
}

async function compare(db: Connection, account: RunAccount, truth: Truth): Promise<string[]> {
  const scope = { from: '1970-01-01', to: '2106-02-06', kind: 'all', survey: 'include', limit: 10 } as const;
  const top = await topPorts(db, { ...scope, sensors: [truth.path] });
  const found = {
    frames: account.frames,
    balanced: account.balanced,
    damaged: account.damaged,
    refused: account.refused,
    protocols: account.protocols,
    largest: top.map(({ packets }) => packets),
  };
  const { ipv4Tcp, ipv4Udp, ipv4Icmp, ipv4Other, ipv6Tcp, ipv6Udp, ipv6Icmpv6, ipv6Other, nonIp } = truth;
  const protocols = { noIp: nonIp, ipv4Tcp, ipv4Udp, ipv4Icmp, ipv4Other, ipv6Tcp, ipv6Udp, ipv6Icmpv6, ipv6Other };
  const expected = {
    frames: truth.total,
    balanced: true,
    damaged: [],
    refused: [],
    protocols,
    largest: [...truth.topPorts.values()].sort((a, b) => b - a),
  };
  const differences = Object.keys(expected).filter((key) => {
    return JSON.stringify(found[key as keyof typeof found]) !== JSON.stringify(expected[key as keyof typeof expected]);
  });
  // The tenth place may be a tie: a port of the truth that is not among ours must at least not have more packets.
  const wrong = top.filter(
    ({ proto, dstPort, packets }) => (truth.topPorts.get(`${proto}/${dstPort}`) ?? packets) !== packets,
  );
  return [
    ...differences.map((key) => `${truth.path}: ${key} ${JSON.stringify(found[key as keyof typeof found])}`),
    ...wrong.map(({ dstPort }) => `${truth.path}: port ${dstPort}`),
  ];
}
