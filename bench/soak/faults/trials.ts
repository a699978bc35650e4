// Each thing that may happen to a sensor under load, and what may be lost by it. `npm run soak -- faults` runs them one after another.
import { readdirSync, readFileSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fakeClock, setFakeClock } from './clock.ts';
import { findThreads, freeze } from './freeze.ts';
import type { Losses, Setting, Stage } from './stage.ts';

export interface Trial {
  what: string;
  setting: Setting;
  happen(stage: Stage): Promise<void>;
  /** What must be named as lost, or must not be; everything else was checked. */
  expected(losses: Losses): boolean;
}

const nothing = ({ kernelDropped, spoolDropped }: Losses) => kernelDropped === 0 && spoolDropped === 0;
const wait = ({ load }: Stage, part = 1) => sleep(load.seconds * part * 1000);

/** A disk of its own for the spool, full up to this. */
const SPOOL_DISK = '400M';
const LEFT_BYTES = 100_000;
const DAMAGED_BATCHES = 3;
const CLOCK_STEPS = [3600, -7200, 0];
/** A spool for some seconds of the load. */
const SMALL_SPOOL = '30MB';

export const TRIALS: Readonly<Record<string, Trial>> = {
  'database-stopped': {
    what: 'the database is ended and started again',
    setting: { door: true },
    happen: async (stage) => {
      await stage.stopDatabase();
      await wait(stage);
      await stage.startDatabase();
    },
    expected: nothing,
  },
  'database-hangs': {
    what: 'the database takes connections and does not answer',
    setting: { door: true },
    happen: async (stage) => {
      await stage.say('hang');
      await wait(stage);
      await stage.say('open');
    },
    expected: nothing,
  },
  'database-read-only': {
    what: 'the database takes no rows',
    setting: { door: true },
    happen: async (stage) => {
      await stage.say('readonly');
      await wait(stage);
      await stage.say('open');
    },
    expected: nothing,
  },
  'engine-killed': {
    what: 'the embedded engine is killed three times',
    setting: {},
    happen: async (stage) => {
      for (let kill = 0; kill < 3; kill++) {
        await stage.killEngine();
        await wait(stage, 1 / 3);
      }
    },
    expected: nothing,
  },
  'spool-full': {
    what: 'the database is away for longer than the spool lasts',
    setting: { door: true, args: ['--spool-size', SMALL_SPOOL] },
    happen: async (stage) => {
      await stage.stopDatabase();
      await wait(stage);
      await stage.startDatabase();
    },
    expected: ({ kernelDropped, spoolDropped }) => kernelDropped === 0 && spoolDropped > 0,
  },
  'spool-damaged': {
    what: `a bit is changed in each of ${DAMAGED_BATCHES} batches that wait`,
    setting: { door: true },
    happen: async (stage) => {
      await stage.stopDatabase();
      await wait(stage);
      // The first may be under way.
      for (const batch of stage.batches().slice(1, 1 + DAMAGED_BATCHES)) changeBit(batch);
      await stage.startDatabase();
    },
    expected: ({ kernelDropped, spoolDropped }) => kernelDropped === 0 && spoolDropped > 0,
  },
  'disk-full': {
    what: 'the disk takes no batches',
    setting: { spoolDisk: SPOOL_DISK },
    happen: async (stage) => {
      const ballast = path.join(stage.spool, 'ballast');
      fill(ballast);
      await wait(stage);
      truncateSync(ballast);
    },
    expected: ({ spoolDropped }) => spoolDropped === 0,
  },
  'counting-frozen': {
    what: 'a thread that counts is stopped',
    setting: { args: ['--ring', '16'] },
    happen: async (stage) => {
      const thaw = freeze((await findThreads(stage.pid)).counting);
      await wait(stage);
      thaw();
    },
    expected: ({ kernelDropped, spoolDropped }) => kernelDropped > 0 && spoolDropped === 0,
  },
  'ring-frozen': {
    what: 'the thread that reads the ring is stopped',
    setting: { args: ['--ring', '16'] },
    happen: async (stage) => {
      const thaw = freeze((await findThreads(stage.pid)).ring);
      await wait(stage);
      thaw();
    },
    expected: ({ kernelDropped, spoolDropped }) => kernelDropped > 0 && spoolDropped === 0,
  },
  'clock-stepped': {
    what: 'the system clock jumps an hour ahead, two back, and to the right time (libfaketime)',
    setting: { wrapper: fakeClock, args: ['--flush', '1s'] },
    happen: async (stage) => {
      for (const seconds of CLOCK_STEPS) {
        setFakeClock(stage.directory, seconds);
        await wait(stage, 1 / CLOCK_STEPS.length);
      }
    },
    expected: ({ clockSteps, ...losses }) => nothing({ clockSteps, ...losses }) && clockSteps === CLOCK_STEPS.length,
  },
};

/** Takes the rest of a disk. */
function fill(ballast: string): void {
  const { bavail, bsize } = statfsSync(path.dirname(ballast));
  try {
    writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - LEFT_BYTES)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error; // the sensor was faster: it is full all the same
  }
}

/** In the middle of the largest file of a batch. */
export function changeBit(batch: string): void {
  const [name = ''] = readdirSync(batch).filter((file) => file.includes('-flows-'));
  const file = path.join(batch, name);
  const bytes = readFileSync(file);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] as number) ^ 1;
  writeFileSync(file, bytes);
}
