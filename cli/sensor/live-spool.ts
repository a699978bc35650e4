// The spool of live sensors on disk: a directory for each sensor, in it batches named run-sequence-frames, with +losses where it tells of
// some, so that the order and what would be lost with each can be read off the names. A batch that was thrown away leaves its empty directory
// until its loss, and that of which it told, is written down.
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Aside, leftoverBatches, setAside } from '../../collector/spool.ts';

/** A batch that waits to be sent. */
export interface Waiting {
  sensor: string;
  directory: string;
  frames: number;
  bytes: number;
  /** When it was written, milliseconds since 1970. */
  written: number;
}

const PREFIX = 'sensor=';
const DROPPED = '.dropped';
const SEQUENCE_DIGITS = 8;
const BATCH_NAME = /-\d{8}-(\d+)(?:\+(\d+))?$/;

/** Begins all names of a process's batches; sorts by time. */
export function newRun(): string {
  const time = new Date().toISOString().replaceAll(/[-:.Z]/g, '');
  return `${time}.${process.pid}`;
}

/** @param losses frames of whose loss it tells */
export function batchName(run: string, sequence: number, frames: number, losses: number): string {
  return `${run}-${String(sequence).padStart(SEQUENCE_DIGITS, '0')}-${frames}${losses > 0 ? `+${losses}` : ''}`;
}

/** Makes the sensor's directory. */
export async function openLiveSpool(spool: string, sensor: string): Promise<string> {
  const directory = path.join(spool, `${PREFIX}${encodeURIComponent(sensor)}`);
  if (!existsSync(directory)) await mkdir(directory, { mode: 0o700 });
  return directory;
}

/** What an earlier process left, of all sensors, the oldest first; half-written batches are thrown away. */
export async function leftoverWaiting(spool: string): Promise<Waiting[]> {
  const waiting: Waiting[] = [];
  for (const [sensor, directory] of await sensorDirectories(spool)) {
    for (const batch of await leftoverBatches(directory)) {
      if (!batch.endsWith(DROPPED)) waiting.push(await describe(sensor, batch));
    }
  }
  return waiting.sort((a, b) => (path.basename(a.directory) < path.basename(b.directory) ? -1 : 1));
}

/** Number of batches that wait, without touching any. 0 where there is no spool. */
export async function waitingLive(spool: string): Promise<number> {
  const directories = await sensorDirectories(spool).catch(() => []);
  const counts = await Promise.all(directories.map(async ([, directory]) => await readdir(directory)));
  return counts.flat().filter((name) => BATCH_NAME.test(name)).length;
}

export async function describe(sensor: string, directory: string): Promise<Waiting> {
  const files = await readdir(directory);
  const sizes = await Promise.all(files.map(async (file) => (await stat(path.join(directory, file))).size));
  const { mtimeMs } = await stat(directory);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return { sensor, directory, frames: figuresOf(directory).frames, bytes, written: mtimeMs };
}

/** Throws a batch away, leaving a mark that says how many frames went with it. */
export async function dropBatch({ directory }: Waiting): Promise<void> {
  const mark = `${directory}${DROPPED}`;
  await rename(directory, mark);
  for (const file of await readdir(mark)) await rm(path.join(mark, file));
}

/** Puts a batch out of the way, leaving such a mark; returns its new place. */
export async function setAsideAs(why: Aside, { directory }: Waiting): Promise<string> {
  const place = await setAside(directory, why);
  await mkdir(`${directory}${DROPPED}`, { mode: 0o700 });
  return place;
}

/** Marks of lost batches whose loss is not in the tables yet. */
export async function lossMarks(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(DROPPED));
  return names.map((name) => path.join(directory, name));
}

/** Frames that were lost with the batch, and those of whose loss it told. */
export function figuresOfMark(mark: string): { frames: number; losses: number } {
  return figuresOf(mark.slice(0, -DROPPED.length));
}

/** Takes marks away, once a batch that tells of their loss is on disk. A crash before this counts the loss twice, never not at all. */
export async function forgetMarks(marks: readonly string[]): Promise<void> {
  for (const mark of marks) await rm(mark, { recursive: true, force: true });
}

async function sensorDirectories(spool: string): Promise<[string, string][]> {
  const names = (await readdir(spool)).filter((name) => name.startsWith(PREFIX));
  return names.map((name) => [decodeURIComponent(name.slice(PREFIX.length)), path.join(spool, name)]);
}

function figuresOf(batch: string): { frames: number; losses: number } {
  const [, frames = 0, losses = 0] = BATCH_NAME.exec(batch) ?? [];
  return { frames: Number(frames), losses: Number(losses) };
}
