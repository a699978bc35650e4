// The thread side of the conveyor: counts one unit after another out of the shared slots. See conveyor.ts for the protocol.
import { parentPort, workerData } from 'node:worker_threads';
import type { CollectResult, Job, UnitsResult, WorkerSetup } from './conveyor.ts';
import { ColumnMemory, piecesOf } from './count/column-memory.ts';
import { UnitCounter } from './unit.ts';

const setup = workerData as WorkerSetup;
const memory = new ColumnMemory();
const counters: (UnitCounter | undefined)[] = [];

parentPort?.on('message', (job: Job) => {
  if (job.what === 'recycle') {
    for (const piece of job.pieces) memory.give(piece);
    return;
  }
  if (job.what === 'collect') {
    const blocks = counters.flatMap((counter) => counter?.collect() ?? []);
    const result: CollectResult = { what: 'collect', blocks };
    // Columns are handed over, not copied.
    parentPort?.postMessage(result, piecesOf(blocks.flatMap(({ columns }) => Object.values(columns))));
    return;
  }
  const accounts = job.units.map(({ config, slot, from, to, context }) => {
    counters[config] ??= new UnitCounter(setup.configs[config], memory);
    return (counters[config] as UnitCounter).add(new DataView(setup.slots[slot]), from, to, context);
  });
  parentPort?.postMessage({ what: 'units', accounts } satisfies UnitsResult);
});
