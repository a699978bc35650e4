// Real captures from file to database: frames, protocols and ports exactly as two other decoders found them.
import { expect, it } from 'vitest';
import type { IngestOptions } from '../../cli/ingest.ts';
import { ingestDefaults, ingestInto } from '../../dist/cli/ingest.js';
import { openStore } from '../../dist/store/store.js';
import type { Connection } from '../../store/database.ts';
import { topPorts } from '../../store/questions/top-ports.ts';
import { temporaryDirectory } from '../setup/command.ts';
import { haveShared, readTruth, type Truth } from '../setup/shared.ts';

const CLASSES = ['REAL', 'APP', 'FORMAT', 'DECODE'];
/** The whole first day is accepted here: some of these captures were written without a clock. */
const ANY_TIME: Pick<IngestOptions, 'earliest' | 'latest'> = { earliest: 0, latest: Date.UTC(2106, 1, 6) / 1000 };

/** All of the class REAL and one in so many of the others go all the way to the database; analyzer/truth.test.ts counts every one. */
const ONE_IN = 4;

it.runIf(haveShared)('real captures are stored and asked for as two decoders agree', { timeout: 120_000 }, async () => {
  const data = temporaryDirectory();
  const truths = readTruth().filter(({ class: type, confidence, firstEpoch }) => {
    // A time before 1970 that wraps to the last day of the 32-bit seconds is badTime by any limit.
    if (firstEpoch < -(2 ** 31)) return false;
    return CLASSES.includes(type) && confidence === 'both-agree';
  });
  const chosen = truths.filter(({ class: type }, i) => type === 'REAL' || i % ONE_IN === 0);
  expect(chosen.length).toBeGreaterThan(80);
  const db = await openStore({ directory: data });
  try {
    const differences: string[] = [];
    for (const truth of chosen) differences.push(...(await compare(db, data, truth)));
    expect(differences).toEqual([]);
  } finally {
    await db.close();
  }
});

async function compare(db: Connection, data: string, truth: Truth): Promise<string[]> {
  const options = { ...ingestDefaults(), ...ANY_TIME, data, sensor: truth.path, workers: 1 };
  const account = await ingestInto(db, [truth.file], options);
  const scope = {
    from: '1970-01-01',
    to: '2106-02-06',
    sensors: [truth.path],
    kind: 'all',
    survey: 'include',
    limit: 10,
  } as const;
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
