// What arrives now: the last hour by minutes, and each sensor's last packet.
import type { Connection } from '../../store/database.ts';
import { sensorPulses } from '../../store/questions/pulse.ts';
import { checkedSensors } from './scope.ts';
import type { LiveReport, TrendReport } from './shape-range.ts';
import { trendReport } from './trend.ts';

const MINUTES = 60;
const MINUTE_MS = 60_000;
/** Days are cut in the sensor's time zone, at most so far from UTC. */
const FARTHEST_ZONE_MS = 14 * 3_600_000;
const RATE_MINUTES = 5;

export async function liveReport(db: Connection, names: readonly string[], now = Date.now()): Promise<LiveReport> {
  const { sensors } = await checkedSensors(db, names);
  const pulses = await sensorPulses(db, sensors);
  const last = 1000 * Math.max(0, ...pulses.map(({ lastMinute }) => lastMinute));
  const stale = now - last > MINUTES * MINUTE_MS;
  const end = stale ? last + MINUTE_MS : Math.floor(now / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  const start = end - MINUTES * MINUTE_MS;
  const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
  const days = await trendReport(db, {
    ...{ from: dayOf(start - FARTHEST_ZONE_MS), to: dayOf(end - 1 + FARTHEST_ZONE_MS), sensors },
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
  const whole = trend.all.slice(-RATE_MINUTES - 1, -1);
  return {
    trend,
    stale,
    packetsPerSecond: whole.reduce((sum: number, packets) => sum + (packets ?? 0), 0) / (60 * RATE_MINUTES),
    sensors: pulses.map(({ sensor, lastMinute, packets, monitoredAddresses }) => ({
      sensor,
      lastMinute: lastMinute > 0 ? new Date(lastMinute * 1000).toISOString().replace('.000', '') : null,
      packetsOfHour: packets,
      monitoredAddresses: monitoredAddresses || null,
    })),
  };
}

/** The part of whole days that lies between two instants. Whether the running hour is heard is not known before its packets are. */
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
