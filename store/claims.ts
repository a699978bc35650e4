// Who ingests what of an archive that several processes share: leases as rows. The database has no compare-and-set, so a claim holds
// only when its maker sees no other live one beside it:
//
//   insert a claim ──► read all live ones ──► mine alone: held ──► renewed again and again ──► finished
//                                        └──► others too: the latest withdraw, the first looks again
//
// Of two who claim at once, whoever inserts second sees both, so two never hold the same. Times are the server's, and every step that
// depends on one is decided by the server within the statement: neither the machines' clocks nor a process that was stopped for a while
// matter. A lease is good for inserts until a quarter of its time before it ends, so that one under way has ended before others come.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from './database.ts';
import { type Claimant, type ClaimedFile, Lease } from './lease.ts';
import { UsageError } from './usage-error.ts';

/** A claim that is neither finished nor given up. */
export interface OpenClaim {
  work: string;
  claim: string;
  holder: string;
  path: string;
  settings: string;
  /** 0: its time is over, and what its holder began may be in some of the tables. */
  alive: 0 | 1;
}

/** Finalising days is claimed under this name, and a sensor by one who does not share (alone.ts) under that. */
const DAYS_WORK = 'days';
export const ALONE_WORK = 'alone';
/** How often the first of several claims looks whether the others have withdrawn. */
const LOOKS = 10;
const LOOK_MS = 30;

/**
 * Claims a work.
 * @returns undefined when another has it
 * @throws UsageError where others count with other settings
 */
export async function claimWork(
  db: Connection,
  who: Claimant,
  work: string,
  file: ClaimedFile,
): Promise<Lease | undefined> {
  const lease = await Lease.begin(db, who, work, file);
  for (let look = 0; look < LOOKS; look++) {
    const open = await openClaims(db, who.sensor, work);
    const other = open.find((claim) => isAgainst(claim, who, work));
    const live = open.filter((claim) => claim.work === work && claim.alive);
    const mine = live.some(({ claim }) => claim === lease.claim);
    if (mine && live.length === 1 && other === undefined) return lease;
    if (other !== undefined || live[0]?.claim !== lease.claim) {
      await lease.withdraw();
      if (other !== undefined) throw otherSettings(other);
      return undefined;
    }
    await sleep(LOOK_MS * (0.5 + Math.random()));
  }
  await lease.withdraw();
  return undefined;
}

/** One who counts otherwise, or does not share; days are not counted. */
function isAgainst({ settings, alive, work: its }: OpenClaim, who: Claimant, work: string): boolean {
  if (its === ALONE_WORK) return true;
  return settings !== who.settings && (alive === 1 || (its === work && work !== DAYS_WORK));
}

/** Claims the finalising of days, and waits while another has it. */
export async function claimDays(db: Connection, who: Claimant): Promise<Lease> {
  for (;;) {
    const lease = await claimWork(db, who, DAYS_WORK, { path: '', size: 0 });
    if (lease) return lease;
    await sleep(Math.min(1000, who.leaseMs / 4));
  }
}

/** Files that are claimed and not finished, the first made first. Of those whose holder is gone a part may be in the tables. */
export async function openFiles(db: Connection, sensor: string): Promise<OpenClaim[]> {
  return (await openClaims(db, sensor)).filter(isFile);
}

/** Those whose holders are at work. */
export async function liveFiles(db: Connection, sensor: string): Promise<OpenClaim[]> {
  return (await openClaims(db, sensor, DAYS_WORK)).filter((claim) => isFile(claim) && claim.alive);
}

/** All but finalising, alive or not: of their packets some may be in a part of the tables only. */
export async function openWork(db: Connection, sensor: string): Promise<OpenClaim[]> {
  return (await openClaims(db, sensor)).filter(({ work }) => work !== DAYS_WORK);
}

function isFile({ work }: OpenClaim): boolean {
  return work !== DAYS_WORK && work !== ALONE_WORK;
}

/**
 * Looks for others at work before anything is changed.
 * @param settings of one who shares; undefined for one who does not
 * @throws UsageError where one cannot be beside them
 */
export async function refuseBesideOthers(db: Connection, sensor: string, settings: string | undefined): Promise<void> {
  const other = (await liveFiles(db, sensor)).find((claim) => claim.settings !== settings);
  if (other === undefined) return;
  if (settings !== undefined) throw otherSettings(other);
  const what = `${other.holder} ingests for this sensor with --share`;
  throw new UsageError(`${what}: give --share too, or wait for its end`);
}

function otherSettings({ holder, path, alive, work }: OpenClaim): UsageError {
  if (work === ALONE_WORK) return new UsageError(`--share: ${holder} ingests for this sensor without it`);
  const what = alive
    ? `${holder} ingests for this sensor with other settings just now`
    : `${holder} began ${path} with other settings`;
  return new UsageError(
    `--share: ${what}: all who share need the same --darknet, --time-zone, --rules, --earliest and --latest`,
  );
}

/** All claims that are open, the first made first; or those that are alive, of one work, and of those who do not share. */
export function openClaims(db: Connection, sensor: string, work?: string): Promise<OpenClaim[]> {
  const some = work === undefined ? '' : 'AND (work IN ({work:String}, {alone:String}) OR expires > now64(3))';
  return db.query<OpenClaim>(
    `-- Who has claimed what, and has not finished it?
     SELECT work, claim, any(holder) AS holder, any(path) AS path, any(settings) AS settings, max(expires) > now64(3) AS alive
     FROM claims WHERE sensor = {sensor:String} ${some}
     GROUP BY work, claim HAVING max(finished) = 0 ORDER BY min(made), claim`,
    { sensor, ...(work === undefined ? {} : { work, alone: ALONE_WORK }) },
  );
}
