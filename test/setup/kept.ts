// An engine that stays up while a test file's tests run: the commands on its data directory join it, as they join that of a sensor or a page,
// and each begins half a second earlier. Where the engine's own start and end are tested, a plain temporary directory is the thing.
import { afterAll } from 'vitest';
import { openStore } from '../../dist/store/store.js';
import type { Connection } from '../../store/database.ts';
import { temporaryDirectory } from './command.ts';

const kept: Connection[] = [];
afterAll(async () => {
  for (const db of kept) await db.close();
});

/** Keeps the engine of a data directory up until the test file's tests are over. */
export async function keepEngine(data: string): Promise<Connection> {
  const db = await openStore({ directory: data });
  kept.push(db);
  return db;
}

/** Keeps it up as long as the work takes. */
export async function withEngine<T>(data: string, work: () => Promise<T>): Promise<T> {
  const db = await openStore({ directory: data });
  try {
    return await work();
  } finally {
    await db.close();
  }
}

let shared: Promise<string> | undefined;

/** The one data directory of a test file whose tests each count for a sensor of their own, and its engine. */
export function sharedData(): Promise<string> {
  shared ??= (async () => {
    const data = temporaryDirectory();
    await keepEngine(data);
    return data;
  })();
  return shared;
}

let sensors = 0;

/** Options of a sensor that nobody else has, in the shared data directory. */
export async function ownSensor(): Promise<string[]> {
  sensors++;
  return ['--data', await sharedData(), '--sensor', `sensor${sensors}`];
}
