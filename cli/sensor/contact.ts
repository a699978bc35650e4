// The first contact of sensors with their database, which may come late: meanwhile they listen and count as options and memory say. When it
// answers it must know them so, too; what was counted for sensors that it does not take is put aside, and named as lost.
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../store/database.ts';
import type { DataFiles } from '../../store/engine/files.ts';
import { UsageError } from '../../store/usage-error.ts';
import { whileOpening } from './answering.ts';
import { setAsideAs, type Waiting } from './live-spool.ts';
import type { Log } from './log.ts';
import type { SensorOptions } from './options.ts';
import type { LiveRun } from './run.ts';
import type { Sender } from './sender.ts';
import { asRemembered, openSettled, RefusedSensors, reopen, type Settled } from './settle.ts';

export interface Contact {
  /** Undefined while the database has not answered. */
  db: Connection | undefined;
  settled: Settled[];
  /** Opens the database, again, with all that the sensors' batches need in it. */
  open(): Promise<Connection>;
  /** Settles when the database, answering at last, does not take the sensors: nothing is sent to it then. */
  refused: Promise<Error>;
  /** Why it does not, once it has said so. */
  refusal: Error | undefined;
}

type Found = Awaited<ReturnType<typeof openSettled>>;

/** Until then nothing is counted, and the ring, which hears already, bridges it: 256 MiB hold 1.9 s of a million frames a second. */
const PATIENCE_MS = 1000;

/**
 * Waits a moment for the database.
 * @throws UsageError for what it refuses at once
 */
export async function makeContact(options: SensorOptions, files: DataFiles, log: Log): Promise<Contact> {
  const first = openSettled(options, files);
  const early = await soon(first, log);
  const settled = early?.settled ?? (await remembered(options, files, first));
  let asked: Promise<Found> | undefined = first;
  let met = early !== undefined;
  let refuse: (error: Error) => void = () => {};
  const refused = new Promise<Error>((resolve) => {
    refuse = resolve;
  });
  const contact: Contact = { db: early?.db, settled, refused, refusal: undefined, open };
  async function open(): Promise<Connection> {
    if (contact.refusal) throw contact.refusal;
    if (met) return await whileOpening(reopen(options, settled, files), (db) => db.close());
    const asking = asked ?? openSettled(options, files);
    asked = undefined;
    try {
      const found = await whileOpening(asking, ({ db }) => db.close());
      met = true;
      return await agreed(settled, found);
    } catch (error) {
      if (met || error instanceof UsageError) {
        contact.refusal = error as Error;
        refuse(contact.refusal);
      }
      throw error;
    }
  }
  return contact;
}

/** What comes in time; undefined for what is late or away. */
async function soon(first: Promise<Found>, log: Log): Promise<Found | undefined> {
  const say = (reason: string) => log.warn('database away', { reason, batches: 0 }, 'database-away');
  try {
    const found = await Promise.race([first, sleep(PATIENCE_MS, undefined)]);
    if (!found) say('it has not answered yet');
    return found;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    say((error as Error).message);
    return undefined;
  }
}

/** What memory does not hold is waited for. */
async function remembered(options: SensorOptions, files: DataFiles, first: Promise<Found>): Promise<Settled[]> {
  try {
    return await asRemembered(options.sensors, files);
  } catch (missing) {
    const found = await whileOpening(first, ({ db }) => db.close()).catch(() => undefined);
    if (!found) throw missing;
    return found.settled;
  }
}

/**
 * What was counted until now was counted with what the database knows.
 * @throws OtherSettings where it was not
 */
async function agreed(settled: readonly Settled[], found: Found): Promise<Connection> {
  const others = settled.filter((one, i) => meaning(one) !== meaning(found.settled[i] as Settled));
  if (others.length > 0) {
    await found.db.close().catch(() => {});
    throw new OtherSettings(others, found.settled);
  }
  for (const [i, one] of settled.entries()) one.sensor = (found.settled[i] as Settled).sensor;
  return found.db;
}

function meaning({ settings, sensor }: Settled): string {
  return `${settings} ${sensor.rulesVersion}`;
}

/** Of sensors that options and memory did not describe as the database does. */
class OtherSettings extends Error {
  readonly sensors: string[];
  constructor(counted: readonly Settled[], found: readonly Settled[]) {
    const told = ({ sensor: { darknet, timeZone, rulesVersion } }: Settled) =>
      `darknet ${darknet.join(' ') || 'not known'}, time zone ${timeZone}, rules ${rulesVersion}`;
    const one = counted[0] as Settled;
    const { sensor } = one.sensor;
    const known = found.find((other) => other.sensor.sensor === sensor) as Settled;
    super(
      `sensor ${sensor} has ${told(known)} in the database, which was away, and counted with ${told(one)}: start it again, it knows them now`,
    );
    this.sensors = counted.map((other) => other.sensor.sensor);
  }
}

/** Puts aside what this run counted for the sensors that the database does not take; all else stays in the spool. */
export async function putRefusedAside(
  live: LiveRun,
  sender: Sender,
  { refusal }: Contact,
  run: string,
  log: Log,
): Promise<void> {
  const names = refusal instanceof OtherSettings || refusal instanceof RefusedSensors ? refusal.sensors : [];
  const isOurs = ({ sensor, directory }: Waiting) =>
    names.includes(sensor) && path.basename(directory).startsWith(`${run}-`);
  for (const batch of sender.take(isOurs)) {
    const { sensor, frames } = batch;
    const place = await setAsideAs('.refused', batch);
    log.error('sensor refused', { sensor, frames, place }, 'sensor-refused');
    const loser = live.sensors.find(({ plan }) => plan.settled.sensor.sensor === sensor);
    loser?.tally.add('spool', Date.now(), { spoolDropped: frames });
  }
}
