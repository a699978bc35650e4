// What a running sensor tells Prometheus. Values are read when they are asked for; only the durations of inserts are collected.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { backlogDropped } from './backlog.ts';
import type { LiveRun, LiveSensor } from './run.ts';
import type { Sender } from './sender.ts';

export interface Metrics {
  registry: Registry;
  inserted(ms: number): void;
}

/** Made before the run, which it reads as soon as there is one. */
export function createMetrics(state: () => { live: LiveRun; sender: Sender } | undefined): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'umbrascope_' });
  const perSensor = (name: string, help: string, value: (sensor: LiveSensor) => number) => {
    const counter = new Counter({ name: `umbrascope_${name}`, help, labelNames: ['sensor'], registers: [registry] });
    collected(counter, () => {
      counter.reset();
      for (const sensor of state()?.live.sensors ?? []) counter.inc({ sensor: nameOf(sensor) }, value(sensor));
    });
  };
  perSensor('frames_total', 'Frames read, whatever their fate.', ({ counts }) => counts.frames);
  perSensor(
    'bytes_total',
    'Bytes of frames on the wire, as far as they are flushed.',
    ({ batches }) => batches.wireBytes,
  );
  perSensor('kernel_dropped_total', 'Frames for which the ring had no room.', ({ tally }) => tally.total.kernelDropped);
  perSensor('card_dropped_total', 'Frames the card missed.', ({ tally }) => tally.total.cardDropped);
  perSensor('spool_dropped_total', 'Frames counted and lost with the spool.', ({ tally }) => tally.total.spoolDropped);
  perSensor(
    'observed_seconds_total',
    'Time listened to interfaces that were up.',
    ({ tally }) => tally.observedMs / 1000,
  );
  perSensor(
    'workers_busy_seconds_total',
    'Time in which the threads that count worked, all together.',
    ({ conveyor }) => conveyor.busyMs() / 1000,
  );
  perSensor('clock_steps_total', 'Jumps of the system clock.', ({ tally }) => tally.total.clockSteps);
  addFates(registry, state);
  addSources(registry, state);
  const gauge = (name: string, help: string, value: (now: NonNullable<ReturnType<typeof state>>) => number) => {
    const one = new Gauge({ name: `umbrascope_${name}`, help, registers: [registry] });
    collected(one, () => {
      const now = state();
      if (now) one.set(value(now));
    });
  };
  gauge('spool_bytes', 'Bytes on disk that wait for the database.', ({ sender }) => sender.state.bytes);
  gauge('spool_batches', 'Batches on disk that wait for the database.', ({ sender }) => sender.state.batches);
  gauge('spool_age_seconds', 'Age of the oldest of them.', ({ sender }) => ageOf(sender) / 1000);
  gauge('flush_age_seconds', 'Since the last flush was done.', ({ live }) => (performance.now() - live.flushed) / 1000);
  gauge('units_in_flight', 'Units that are counted or wait for it.', ({ live }) => live.unitsInFlight);
  const total = (name: string, help: string, value: (sender: Sender) => number) => {
    const one = new Counter({ name: `umbrascope_${name}`, help, registers: [registry] });
    collected(one, () => {
      one.reset();
      one.inc(state() ? value((state() as { sender: Sender }).sender) : 0);
    });
  };
  total('insert_failures_total', 'Times the database did not take a batch.', (sender) => sender.state.failures);
  total('inserted_batches_total', 'Batches the database has taken.', (sender) => sender.state.inserted);
  total('damaged_batches_total', 'Batches set aside because of their checksum.', (sender) => sender.state.damaged);
  const before = backlogDropped();
  total(
    'backlog_dropped_total',
    'Frames the kernel could not queue, on any interface.',
    () => backlogDropped() - before,
  );
  const inserts = new Histogram({
    name: 'umbrascope_insert_seconds',
    help: 'Time the database took for a batch.',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  return { registry, inserted: (ms) => inserts.observe(ms / 1000) };
}

/** How long the oldest batch waits, in milliseconds. */
export function ageOf(sender: Sender): number {
  const { oldest } = sender.state;
  return oldest === undefined ? 0 : Math.max(0, Date.now() - oldest);
}

function addFates(registry: Registry, state: () => { live: LiveRun } | undefined): void {
  const fates = new Counter({
    name: 'umbrascope_fates_total',
    help: 'Frames by fate: their sum is umbrascope_frames_total.',
    labelNames: ['sensor', 'fate'],
    registers: [registry],
  });
  collected(fates, () => {
    fates.reset();
    for (const sensor of state()?.live.sensors ?? []) {
      const { counted, fates: others } = sensor.counts;
      for (const [fate, frames] of Object.entries({ counted, ...others })) {
        fates.inc({ sensor: nameOf(sensor), fate }, frames);
      }
    }
  });
}

function addSources(registry: Registry, state: () => { live: LiveRun } | undefined): void {
  const labelNames = ['sensor', 'source'];
  const gauge = (name: string, help: string) => {
    return new Gauge({ name: `umbrascope_${name}`, help, labelNames, registers: [registry] });
  };
  const up = gauge('interface_up', '1 while the interface is heard.');
  const fill = gauge('ring_fill_ratio', 'Share of the ring that waits to be read.');
  const busy = gauge('ring_busy_ratio', 'Share of time in which the thread of the ring worked.');
  collected(up, () => {
    for (const sensor of state()?.live.sensors ?? []) {
      for (const { name: source, state: link, last } of sensor.sources) {
        const labels = { sensor: nameOf(sensor), source };
        up.set(labels, link === 'up' ? 1 : 0);
        if (last === undefined) continue;
        fill.set(labels, last.fill);
        busy.set(labels, Math.min(1, last.busyMs / 1000));
      }
    }
  });
}

/** prom-client calls `collect` before it prints a metric. */
function collected(metric: Counter | Gauge, collect: () => void): void {
  Object.assign(metric, { collect });
}

function nameOf({ plan }: LiveSensor): string {
  return plan.settled.sensor.sensor;
}
