// Real captures whose content two other decoders agree on: our counts must be exactly theirs. What they do not agree on, and what is
// damaged, has rules of its own (test/setup/truth.ts); every row of the truth falls under one.
import { describe, expect, test } from 'vitest';
import { NotACapture } from '../../collector/formats/capture.ts';
import { haveShared, readTruth, sharedFile, type Truth } from '../setup/shared.ts';
import { type Counts, countFile, type RULES, rareKinds, ruleOf } from '../setup/truth.ts';

const truths = readTruth();
const ruled = (rule: keyof typeof RULES) => truths.filter((truth) => ruleOf(truth) === rule);

/** Their first or last packet in the file is not the first or last in time. */
const notInOrder = [
  'hadrielk_pcapng-test-generator/output_be/advanced/test101.pcapng',
  'hadrielk_pcapng-test-generator/output_le/advanced/test101.pcapng',
  'tcpdump/tests/rsvp_uni-oobr-3.pcap',
];
/** What tshark gives at most for the length of a frame. */
const TSHARK_LONGEST = 2 ** 31 - 1;

const protocols = [
  'ipv4Tcp',
  'ipv4Udp',
  'ipv4Icmp',
  'ipv4Other',
  'ipv6Tcp',
  'ipv6Udp',
  'ipv6Icmpv6',
  'ipv6Other',
] as const;

type Pair = [what: string, ours: unknown, theirs: unknown];

/** Every difference in words. */
function differences(counts: Counts, truth: Truth): string[] {
  const pairs: Pair[] = [
    ['damage', counts.damage, undefined],
    ['frames', counts.frames, truth.total],
    ...protocolPairs(counts, truth),
    ['distinct ports', counts.ports.size, truth.distinctPorts],
    ...largestPairs('port', counts.ports, truth.topPorts),
    ...largestPairs('ICMP type', counts.icmp, truth.icmp),
    ['later fragments', counts.fates.laterFragment ?? 0, truth.laterFragments],
    ['SYNs with the mark of Mirai', counts.miraiSyns, truth.miraiSyns],
  ];
  if (truth.bytes !== TSHARK_LONGEST) pairs.push(['bytes', counts.bytes, truth.bytes]);
  // tshark has addresses and times of frames too that are not counted here.
  const allCounted = Object.keys(counts.fates).every((fate) => fate === 'notIp');
  if (allCounted) {
    pairs.push(['source addresses', counts.srcAddrs.size, truth.srcAddrs]);
    pairs.push(['destination addresses', counts.dstAddrs.size, truth.dstAddrs]);
  }
  if (counts.frames > 0 && counts.fates.notIp === undefined && allCounted) pairs.push(...timePairs(counts, truth));
  return pairs
    .filter(([, ours, theirs]) => ours !== theirs)
    .map(([what, ours, theirs]) => `${what}: ${ours}, should be ${theirs}`);
}

function protocolPairs(counts: Counts, truth: Truth): [string, number, number][] {
  const named = protocols.map((name): [string, number, number] => [name, counts.protocols[name] ?? 0, truth[name]]);
  return [['noIp', counts.protocols.noIp ?? 0, truth.nonIp], ...named];
}

/** The last place may be a tie, so the largest numbers are compared apart from whose they are. */
function largestPairs(what: string, ours: Map<string, number>, theirs: Map<string, number>): Pair[] {
  const largest = (packets: Map<string, number>) => {
    return [...packets.values()]
      .sort((a, b) => b - a)
      .slice(0, theirs.size)
      .join(' ');
  };
  const named = [...theirs].map(([name, packets]): Pair => [`${what} ${name}`, ours.get(name) ?? 0, packets]);
  return [[`the largest of each ${what}`, largest(ours), largest(theirs)], ...named];
}

function timePairs(counts: Counts, { path, firstEpoch, lastEpoch }: Truth): Pair[] {
  if (firstEpoch < 0 || notInOrder.includes(path)) return []; // 32 bits of seconds hold no time before 1970
  return [
    ['first second', counts.first, Math.floor(firstEpoch)],
    ['last second', counts.last, Math.floor(lastEpoch)],
  ];
}

async function allDifferences(rows: readonly Truth[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const truth of rows) {
    wrong.push(...differences(await countFile(truth.file), truth).map((text) => `${truth.path}: ${text}`));
  }
  return wrong;
}

function fatesSum(fates: Record<string, number>): number {
  return Object.values(fates).reduce((sum, frames) => sum + frames, 0);
}

describe.skipIf(!haveShared)('real captures', () => {
  test('fall under one rule each, and no rule is without captures', () => {
    const rules = truths.map((truth) => ruleOf(truth) ?? `no rule: ${truth.path} ${truth.class} ${truth.confidence}`);
    const rows = Object.fromEntries(
      [...new Set(rules)].map((rule) => [rule, rules.filter((its) => its === rule).length]),
    );
    expect(rows).toEqual({
      exact: 311,
      onlyTshark: 9,
      tsharkKnowsMore: 2,
      disputed: 3,
      unsupportedLink: 12,
      otherFormat: 1,
      damagedContainer: 101,
      damagedPackets: 97,
    } satisfies Record<keyof typeof RULES, number>);
    expect(truths.length).toBe(536);
  });

  test('are counted exactly as two other decoders count them', async () => {
    expect(await allDifferences(ruled('exact'))).toEqual([]);
  });

  test('of rarer link types are counted as tshark counts them', async () => {
    expect(await allDifferences(ruled('onlyTshark'))).toEqual([]);
  });

  test('that only tshark decodes are as many frames, none of them counted', async () => {
    for (const truth of ruled('tsharkKnowsMore')) {
      const { frames, fates, damage } = await countFile(truth.file);
      expect([frames, fatesSum(fates), damage], truth.path).toEqual([truth.total, truth.total, undefined]);
    }
  });

  test('about which decoders disagree are as many frames, and differ in no more of them than is in dispute', async () => {
    for (const truth of ruled('disputed')) {
      const counts = await countFile(truth.file);
      expect([counts.frames, counts.damage], truth.path).toEqual([truth.total, undefined]);
      const elsewhere =
        protocolPairs(counts, truth).reduce((sum, [, ours, theirs]) => sum + Math.abs(ours - theirs), 0) / 2;
      expect(elsewhere, truth.path).toBeLessThanOrEqual(Number(/disputed:(\d+)/.exec(truth.confidence)?.[1]));
    }
  });

  test('of a link type that is not decoded are frames of that fate, none of them IP', async () => {
    for (const truth of ruled('unsupportedLink')) {
      const { frames, fates, damage } = await countFile(truth.file);
      expect({ frames, fates, damage }, truth.path).toEqual({
        frames: truth.total,
        fates: { unsupportedLink: truth.total },
        damage: undefined,
      });
    }
  });

  test('of a format that is not read are refused by its name', async () => {
    for (const { file } of ruled('otherFormat')) await expect(countFile(file)).rejects.toThrow('a capture of snoop');
  });

  test('that are damaged give no more frames than others see in them, each with a fate, and quickly', async () => {
    const damaged = [...ruled('damagedContainer'), ...ruled('damagedPackets')].filter(
      ({ path }) => !rareKinds.has(path),
    );
    for (const { path, file, total, note } of damaged) {
      const started = performance.now();
      const frames = await countFile(file).then(
        (counts) => {
          expect(counts.counted + fatesSum(counts.fates), path).toBe(counts.frames);
          return counts.frames;
        },
        (error) => {
          if (error instanceof NotACapture) return 0;
          throw error;
        },
      );
      // Where tshark gives up at once, the second walker went on.
      const others = Math.max(total, Number(/second walker read (\d+)/.exec(note)?.[1] ?? 0));
      expect(frames, path).toBeLessThanOrEqual(others);
      expect(performance.now() - started, path).toBeLessThan(5000);
    }
  });

  test('with a damaged container are refused, or reported as damaged', async () => {
    const silent: string[] = [];
    for (const { path, file } of ruled('damagedContainer')) {
      const damage = await countFile(file).then(
        (counts) => counts.damage,
        (error) => error.message,
      );
      if (damage === undefined) silent.push(path);
    }
    expect(silent).toEqual([...rareKinds.keys()]);
  });

  test('with damaged packets in a sound container are read to their end', async () => {
    for (const { path, file, total } of ruled('damagedPackets')) {
      expect(await countFile(file), path).toMatchObject({ frames: total, damage: undefined });
    }
  });

  test('of kinds of pcap that few readers know are read to their end', async () => {
    for (const [name, packets] of rareKinds) {
      expect(await countFile(sharedFile(name)), name).toMatchObject({ frames: packets, damage: undefined });
    }
  });
});
