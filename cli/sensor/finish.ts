// The end of a run: the last days made, and the account of each sensor, compared with the tables where they can be asked.
import type { Connection } from '../../store/database.ts';
import { storedCounts } from '../../store/questions/stored.ts';
import { isBalanced, type SensorAccount } from './account.ts';
import { whileAnswering } from './answering.ts';
import type { Days } from './days.ts';
import type { Log } from './log.ts';
import type { LiveRun, LiveSensor } from './run.ts';
import type { Sender } from './sender.ts';

export async function finish(live: LiveRun, sender: Sender, days: Days, log: Log): Promise<SensorAccount[]> {
  const seconds = (performance.now() - live.started) / 1000;
  const db = sender.state.batches === 0 ? sender.db : undefined;
  const agree = new Map<LiveSensor, boolean>();
  try {
    if (db) await whileAnswering(db, days.finalise(db));
    for (const sensor of live.sensors)
      if (db) agree.set(sensor, await whileAnswering(db, tablesAgree(db, nameOf(sensor))));
  } catch (error) {
    log.error('database away', { reason: (error as Error).message, batches: 0 }, 'database-away');
  }
  return live.sensors.map((sensor) => {
    const { plan, counts, tally, batches, received, keeper } = sensor;
    const { kernelDropped, cardDropped, spoolDropped } = tally.total;
    const silent = plan.sources.filter((source) => source.kind === 'stream' && source.dropsUnknown);
    const account = {
      sensor: nameOf(sensor),
      sources: plan.sources.map(({ name }) => name),
      ...counts,
      kernelDropped,
      cardDropped,
      ...(silent.length > 0 ? { dropsUnknown: silent.map(({ name }) => name) } : {}),
      spoolDropped: spoolDropped + batches.unwrittenFrames,
      spooled: sender.framesOf(nameOf(sensor)),
      received,
      seconds,
      observedSeconds: tally.observedMs / 1000,
      ...(keeper ? { notKept: keeper.leftOut } : {}),
      days: days.made(plan.settled),
      stored: agree.get(sensor),
    };
    return { ...account, balanced: isBalanced(account) };
  });
}

/** True when every table holds just what the ledger says was counted, in all runs of the sensor. */
async function tablesAgree(db: Connection, sensor: string): Promise<boolean> {
  const held = await storedCounts(db, sensor);
  const sums = [held.countedOfUnits, held.flows, held.portHours, held.minutes, held.dark];
  return held.framesOfUnits === held.frames && sums.every((packets) => packets === held.counted);
}

function nameOf({ plan }: LiveSensor): string {
  return plan.settled.sensor.sensor;
}
