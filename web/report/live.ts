// What arrives now: the last hour by minutes, and each sensor's last packet, losses and state.
import type { Connection } from '../../store/database.ts';
import { type Heartbeat, heartbeats, type SensorPulse, sensorPulses } from '../../store/questions/pulse.ts';
import { dayOf } from './days.ts';
import { checkedSensors } from './scope.ts';
import type { LiveReport, LiveSensor, SensorState, TrendReport } from './shape-range.ts';
import { trendReport } from './trend.ts';

const MINUTES = 60;
const MINUTE_MS = 60_000;
const RATE_MINUTES = 5;
/** A sensor reports every minute; a flush and an insert come on top. */
const LATE_MS = 3 * MINUTE_MS;

/**
 * @param kept asked for the hour's packets, which change with the state of the data; what sensors report of themselves need not change it, and is
 *   asked anew
 */
export async function liveReport(
  db: Connection,
  names: readonly string[],
  now = Date.now(),
  kept = db,
): Promise<LiveReport> {
  const { sensors, timeZone } = await checkedSensors(db, names);
  const [pulses, beats] = await Promise.all([sensorPulses(db, sensors), heartbeats(db, sensors)]);
  const last = 1000 * Math.max(0, ...pulses.map(({ lastMinute }) => lastMinute));
  const stale = now - last > MINUTES * MINUTE_MS;
  const end = stale ? last + MINUTE_MS : Math.floor(now / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  const start = end - MINUTES * MINUTE_MS;
  const days = await trendReport(kept, {
    ...{ from: dayOf(start, timeZone), to: dayOf(end - 1, timeZone), sensors },
    ...{
      by: 'category',
      measure: 'packets',
      scale: 'minute',
      kind: 'all',
      survey: 'include',
      series: 20,
      yearBefore: false,
    },
  });
  const trend = within(days, start, end);
  const states = pulses.map((pulse) =>
    sensorOf(
      pulse,
      beats.find(({ sensor }) => sensor === pulse.sensor),
      now,
    ),
  );
  const rateOf = (values: readonly (number | null)[]) => rate(values, trend.buckets, reportedUntil(states, end));
  return {
    trend,
    stale,
    packetsPerSecond: rateOf(trend.all),
    rates: trend.series
      .map(({ series, values }) => ({ category: series, packetsPerSecond: rateOf(values) }))
      .filter(({ packetsPerSecond }) => packetsPerSecond > 0)
      .sort((a, b) => b.packetsPerSecond - a.packetsPerSecond),
    sensors: states,
  };
}

/** The running minute is not whole, nor is one that a live sensor has not reported yet. */
function reportedUntil(sensors: readonly LiveSensor[], end: number): number {
  const reported = sensors.flatMap(({ state, reported }) => (state === 'late' || !reported ? [] : [reported.until]));
  return Math.min(end - MINUTE_MS, ...reported.map((until) => Date.parse(until)));
}

function rate(values: readonly (number | null)[], buckets: readonly string[], until: number): number {
  const from = until - RATE_MINUTES * MINUTE_MS;
  const counted = values.filter((_, index) => {
    const time = Date.parse(buckets[index] as string);
    return time >= from && time < until;
  });
  return counted.reduce((sum: number, packets) => sum + (packets ?? 0), 0) / (60 * RATE_MINUTES);
}

const isoTime = (time: number) => new Date(time).toISOString().replace('.000', '');

function sensorOf(pulse: SensorPulse, beat: Heartbeat | undefined, now: number): LiveSensor {
  const { sensor, lastMinute, packets, monitoredAddresses } = pulse;
  return {
    sensor,
    state: stateOf(beat, now),
    lastMinute: lastMinute > 0 ? isoTime(lastMinute * 1000) : null,
    packetsOfHour: packets,
    monitoredAddresses: monitoredAddresses || null,
    reported: beat ? reportedBy(beat) : null,
  };
}

function stateOf(beat: Heartbeat | undefined, now: number): SensorState {
  if (!beat) return 'files';
  if (now - endOf(beat) > LATE_MS) return 'late';
  if (beat.observedLately === 0 && beat.receivedLately === 0) return 'deaf';
  return beat.lostLately > 0 ? 'losing' : 'well';
}

const endOf = ({ lastMinute }: Heartbeat) => lastMinute * 1000 + MINUTE_MS;

function reportedBy(beat: Heartbeat): LiveSensor['reported'] {
  const { interfaces, received, kernelDropped, cardDropped, spoolDropped, clockSteps } = beat;
  return { until: isoTime(endOf(beat)), interfaces, received, kernelDropped, cardDropped, spoolDropped, clockSteps };
}

/** The part of whole days that lies between two instants. */
function within(report: TrendReport, start: number, end: number): TrendReport {
  const kept = report.buckets.map((bucket) => Date.parse(bucket) >= start && Date.parse(bucket) < end);
  const cut = <T>(values: readonly T[]) => values.filter((_, index) => kept[index]);
  const observed = cut(report.observed);
  const series = report.series
    .map(({ series: name, values }) => ({ series: name, values: cut(values) }))
    .map((line) => ({ ...line, total: line.values.reduce((sum: number, value) => sum + (value ?? 0), 0) }))
    .filter(({ total }) => total > 0);
  return {
    ...report,
    from: new Date(start).toISOString().slice(0, 10),
    to: new Date(end - 1).toISOString().slice(0, 10),
    coverage: (100 * observed.reduce((sum, share) => sum + share, 0)) / observed.length,
    buckets: cut(report.buckets),
    observed,
    series,
    all: cut(report.all),
    notes: [],
  };
}
