// An `ingest` without --share into a server, where the lock of a data directory does not keep others out: a row of `claims` says from which
// directory one ingests, and that its spool may hold blocks which are not, or not wholly, in the tables. It is there until a run from that
// directory has come to its end, however long that takes; no other directory's run, shared or not, goes beside it.
import { randomUUID } from 'node:crypto';
import { ALONE_WORK, type OpenClaim, openClaims } from './claims.ts';
import type { Connection } from './database.ts';
import { UsageError } from './usage-error.ts';

export interface Directory {
  sensor: string;
  /** Machine and directory, for messages. */
  holder: string;
  /** Of the data directory, wherever that is moved. */
  id: string;
}

/**
 * Claims the sensor for runs from this directory.
 * @throws UsageError where another directory has it, or others share
 */
export async function beginAlone(db: Connection, directory: Directory): Promise<void> {
  const { sensor, holder, id } = directory;
  await refuseOtherDirectories(db, directory);
  await db.command(
    `INSERT INTO claims (sensor, work, claim, beat, holder, path, size, settings, made, expires, finished)
     SELECT {sensor:String}, {work:String}, {claim:String}, 0, {holder:String}, {id:String}, 0, '', now64(3), now64(3), 0`,
    { sensor, holder, id, work: ALONE_WORK, claim: randomUUID() },
  );
  // Of two who begin at once, whoever inserted second sees both.
  const [other] = (await openClaims(db, sensor, ALONE_WORK)).filter(({ path, alive }) => alive || path !== id);
  if (other === undefined) return;
  await endAlone(db, directory);
  throw beside(other);
}

/** All that came from this directory is in the tables. */
export async function endAlone(db: Connection, { sensor, id }: Pick<Directory, 'sensor' | 'id'>): Promise<void> {
  await db.command(
    `INSERT INTO claims (sensor, work, claim, beat, holder, path, size, settings, made, expires, finished)
     SELECT sensor, work, claim, 1, any(holder), any(path), 0, '', min(made), min(expires), 1
     FROM claims WHERE sensor = {sensor:String} AND work = {work:String} AND path = {id:String}
     GROUP BY sensor, work, claim HAVING max(finished) = 0`,
    { sensor, id, work: ALONE_WORK },
  );
}

/** @throws UsageError */
export async function refuseOtherDirectories(db: Connection, { sensor, id }: Directory): Promise<void> {
  const open = await openClaims(db, sensor, ALONE_WORK);
  const other = open.find(({ work, path }) => work === ALONE_WORK && path !== id);
  if (other) throw beside(other);
}

function beside({ holder, work }: OpenClaim): UsageError {
  if (work !== ALONE_WORK)
    return new UsageError(`${holder} ingests for this sensor with --share: give --share too, or wait for its end`);
  return new UsageError(
    `${holder} ingests for this sensor, or was cut off while it did: wait for its end, or give it the same command again; several go with --share`,
  );
}
