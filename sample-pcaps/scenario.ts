// The two years as the sensor sees them: bots, survey scanners, backscatter and strays, in the order of time.
import { createSourceAddresses } from './addresses.ts';
import { backscatterTraffic, oddFrames, strayTraffic } from './backscatter.ts';
import { botTraffic } from './bots.ts';
import { dayMs, outage, type Year } from './calendar.ts';
import type { CapturedFrame } from './captures.ts';
import { vlan } from './packets.ts';
import { createRandom } from './random.ts';
import { surveyTraffic } from './surveys.ts';
import { surveyPackets, yearPlans, yearVolumes } from './year.ts';

/** Three days on which the mirror port that feeds the sensor kept its VLAN tag. */
const tagged = { from: Date.UTC(2019, 4, 20), to: Date.UTC(2019, 4, 20) + 3 * dayMs, id: 64 } as const;

/** All frames of a year by ascending time. `multiply` changes the volume of single ports of the bots ("tcp/23": 2). */
export function yearTraffic(year: Year, multiply: Readonly<Record<string, number>> = {}): CapturedFrame[] {
  const drawAddress = createSourceAddresses(createRandom(`addresses ${year}`));
  const scans = yearPlans[year].probes + surveyPackets(year);
  const frames = [
    ...surveyTraffic(year, surveyPackets(year), drawAddress),
    ...backscatterTraffic(year, Math.round(scans * 0.042), drawAddress),
    ...strayTraffic(year, Math.round(scans * 0.004), drawAddress),
    ...oddFrames(year, drawAddress),
    ...botTraffic(year, yearVolumes(year, multiply), drawAddress),
  ].filter((captured) => !within(captured, outage));
  for (const captured of frames) {
    if (within(captured, tagged)) captured.frame = vlan(captured.frame, tagged.id);
  }
  return frames.sort((a, b) => a.seconds - b.seconds || a.nanos - b.nanos);
}

function within({ seconds }: CapturedFrame, { from, to }: { from: number; to: number }): boolean {
  return seconds * 1000 >= from && seconds * 1000 < to;
}
