// Real captures whose content two other decoders agree on: our counts must be exactly theirs.
import { describe, expect, test } from 'vitest';
import { NotACapture } from '../../collector/formats/capture.ts';
import { haveShared, readTruth, sharedFile, type Truth } from '../setup/shared.ts';
import { type Counts, countFile, rareKinds } from '../setup/truth.ts';

const exactClasses = ['REAL', 'APP', 'FORMAT', 'DECODE'];
const truths = readTruth();
const exact = truths.filter((truth) => exactClasses.includes(truth.class) && truth.confidence === 'both-agree');

/** Link types that the second decoder does not know: what tshark says of them is all there is. */
const onlyTshark = [
  'arkime_arkime/tests/pcap/icmp-frame-relay.pcap',
  'tcpdump/tests/LINKTYPE_PKTAP.pcap',
  'tcpdump/tests/LINKTYPE_USER2_PKTAP.pcap',
  'tcpdump/tests/ieee802.11_htc.pcap',
  'zeek/testing/btest/Traces/radiotap.pcap',
];

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

/** Every difference in words. */
function differences(counts: Counts, truth: Truth): string[] {
  const largest = (ports: Map<string, number>) =>
    [...ports.values()]
      .sort((a, b) => b - a)
      .slice(0, 10)
      .join(' ');
  const pairs: [what: string, ours: unknown, theirs: unknown][] = [
    ['damage', counts.damage, undefined],
    ['frames', counts.frames, truth.total],
    ['noIp', counts.protocols.noIp ?? 0, truth.nonIp],
    ...protocols.map((name): [string, number, number] => [name, counts.protocols[name] ?? 0, truth[name]]),
    ['distinct ports', counts.ports.size, truth.distinctPorts],
    ['the ten largest', largest(counts.ports), largest(truth.topPorts)],
    ...[...truth.topPorts].map(([name, packets]): [string, number, number] => [
      name,
      counts.ports.get(name) ?? 0,
      packets,
    ]),
    ['SYNs with the mark of Mirai', counts.miraiSyns, truth.miraiSyns],
  ];
  return pairs
    .filter(([, ours, theirs]) => ours !== theirs)
    .map(([what, ours, theirs]) => `${what}: ${ours}, should be ${theirs}`);
}

describe.skipIf(!haveShared)('real captures', () => {
  test('are counted exactly as two other decoders count them', async () => {
    const wrong: string[] = [];
    let compared = 0;
    for (const truth of exact) {
      compared++;
      wrong.push(...differences(await countFile(truth.file), truth).map((text) => `${truth.path}: ${text}`));
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(300);
  });

  test('of rarer link types are counted as tshark counts them', async () => {
    const wrong: string[] = [];
    const rarer = truths.filter((truth) => onlyTshark.includes(truth.path));
    for (const truth of rarer) {
      wrong.push(...differences(await countFile(truth.file), truth).map((text) => `${truth.path}: ${text}`));
    }
    expect(wrong).toEqual([]);
    expect(rarer.length).toBe(onlyTshark.length);
  });

  test('of a link type that is not decoded are frames of that fate, none of them IP', async () => {
    const unsupported = truths.filter((truth) => truth.class === 'UNSUPPORTED-LINKTYPE');
    expect(unsupported.length).toBeGreaterThan(8);
    for (const truth of unsupported) {
      const { frames, fates, damage } = await countFile(truth.file);
      expect({ frames, fates, damage }, truth.path).toEqual({
        frames: truth.total,
        fates: { unsupportedLink: truth.total },
        damage: undefined,
      });
    }
  });

  test('that are damaged give no more frames than others see in them, and quickly', async () => {
    const damaged = truths.filter(({ class: name, path }) => name.startsWith('MAL-') && !rareKinds.has(path));
    for (const { path, file, total, note } of damaged) {
      const started = performance.now();
      const frames = await countFile(file).then(
        (counts) => counts.frames,
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
    expect(damaged.length).toBeGreaterThan(100);
  });

  test('with a damaged container are refused, or reported as damaged', async () => {
    const silent: string[] = [];
    for (const { path, file } of truths.filter((truth) => truth.class === 'MAL-CONTAINER')) {
      const damage = await countFile(file).then(
        (counts) => counts.damage,
        (error) => error.message,
      );
      if (damage === undefined) silent.push(path);
    }
    expect(silent).toEqual([...rareKinds.keys()]);
  });

  test('of kinds of pcap that few readers know are read to their end', async () => {
    for (const [name, packets] of rareKinds) {
      expect(await countFile(sharedFile(name)), name).toMatchObject({ frames: packets, damage: undefined });
    }
  });
});
