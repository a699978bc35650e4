// The thread side of the conveyor: counts one unit after another out of the shared slots. See conveyor.ts for the protocol.
import { parentPort, workerData } from 'node:worker_threads';
import type { Column } from './blocks.ts';
import type { CollectResult, Job, UnitResult, WorkerSetup } from './conveyor.ts';
import { UnitCounter } from './unit.ts';

const setup = workerData as WorkerSetup;
const counters: (UnitCounter | undefined)[] = [];

parentPort?.on('message', (job: Job) => {
  if (job.what === 'collect') {
    const blocks = counters.flatMap((counter) => counter?.collect() ?? []);
    const result: CollectResult = { what: 'collect', blocks };
    parentPort?.postMessage(
      result,
      blocks.flatMap(({ columns }) => Object.values(columns).flatMap(buffer)),
    );
    return;
  }
  counters[job.config] ??= new UnitCounter(setup.configs[job.config]);
  const account = (counters[job.config] as UnitCounter).add(
    new DataView(setup.slots[job.slot]),
    job.from,
    job.to,
    job.context,
  );
  parentPort?.postMessage({ what: 'unit', slot: job.slot, account } satisfies UnitResult);
});

/** Columns are handed over, not copied. */
function buffer(column: Column): ArrayBuffer[] {
  return Array.isArray(column) ? [] : [column.buffer as ArrayBuffer];
}
