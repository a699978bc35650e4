// The thread side of the conveyor: counts one unit after another out of the shared slots. See conveyor.ts for the protocol.
import { parentPort, workerData } from 'node:worker_threads';
import type { Column } from './blocks.ts';
import type { UnitJob, UnitResult, WorkerSetup } from './conveyor.ts';
import { UnitCounter, unitId } from './unit.ts';

const setup = workerData as WorkerSetup;
const counters: UnitCounter[] = [];

parentPort?.on('message', (job: UnitJob) => {
  const slot = setup.slots[job.slot];
  // The identity first: counting moves a pcapng context on.
  const id = unitId(new Uint8Array(slot, job.from, job.to - job.from), job.context);
  counters[job.config] ??= new UnitCounter(setup.configs[job.config]);
  const { blocks, account } = counters[job.config].count(new DataView(slot), job.from, job.to, job.context);
  const result: UnitResult = { slot: job.slot, id, blocks, account };
  parentPort?.postMessage(
    result,
    blocks.flatMap(({ columns }) => Object.values(columns).flatMap(buffer)),
  );
});

/** Columns are handed over, not copied. */
function buffer(column: Column): ArrayBuffer[] {
  return Array.isArray(column) ? [] : [column.buffer as ArrayBuffer];
}
