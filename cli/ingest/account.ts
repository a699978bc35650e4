// The account of a run: every frame read and what became of it, over all files.
import { PROTOCOL_NAMES } from '../../analyzer/count/protocols.ts';
import type { UnitAccount } from '../../analyzer/unit.ts';
import { bytesText } from '../../collector/progress.ts';
import type { FrameCounts } from '../../store/ledger.ts';
import type { LateDay } from '../../store/questions/dropped.ts';
import { lateText } from '../late.ts';

export interface DamagedFile {
  path: string;
  damage: string;
  /** It ends too early: a file that is still being written goes on there. */
  unfinished?: boolean;
}

export interface RunAccount extends FrameCounts {
  sensor: string;
  /** The same frames by the protocol of their outermost IP header, whatever their fate. */
  protocols: Record<string, number>;
  /** Frames of the fate unsupportedLink by the number of their link type (https://www.tcpdump.org/linktypes.html). */
  unsupportedLinks: Record<string, number>;
  /** Bytes of files read. */
  bytes: number;
  files: number;
  /** Files and frames that were in the database before. */
  alreadyFiles: number;
  alreadyFrames: number;
  damaged: DamagedFile[];
  /** Files that are not captures we read, or could not be opened. */
  refused: DamagedFile[];
  /** Files found in directories or by globs that are no captures at all. */
  skipped: DamagedFile[];
  /** The file at which `--strict` ended the run. */
  stoppedAt?: string;
  /** Sensor-days finalised. */
  days: number;
  /** Days that could not be made anew with what came, since their flows were dropped. */
  late: LateDay[];
  seconds: number;
  packetsPerSecond: number;
  balanced: boolean;
  /** Others that share the ingest and still insert: what is stored was not compared then. */
  atWork?: number;
  /** Files that others began before they were cut off: a part of them is in some tables. */
  unfinished?: string[];
}

export function emptyAccount(sensor: string): RunAccount {
  return {
    sensor,
    frames: 0,
    counted: 0,
    fates: {},
    protocols: Object.fromEntries(PROTOCOL_NAMES.map((name) => [name, 0])),
    unsupportedLinks: {},
    bytes: 0,
    files: 0,
    alreadyFiles: 0,
    alreadyFrames: 0,
    damaged: [],
    refused: [],
    skipped: [],
    days: 0,
    late: [],
    seconds: 0,
    packetsPerSecond: 0,
    balanced: true,
  };
}

export function noFrames(): FrameCounts {
  return { frames: 0, counted: 0, fates: {} };
}

export function addCounts(sum: FrameCounts, { frames, counted, fates }: FrameCounts): void {
  sum.frames += frames;
  sum.counted += counted;
  for (const fate in fates) sum.fates[fate] = (sum.fates[fate] ?? 0) + (fates[fate] ?? 0);
}

export function addUnit(account: RunAccount, unit: UnitAccount): void {
  addCounts(account, unit);
  for (const [name, frames] of Object.entries(unit.protocols)) {
    account.protocols[name] = (account.protocols[name] ?? 0) + frames;
  }
  for (const [link, frames] of Object.entries(unit.unsupportedLinks)) {
    account.unsupportedLinks[link] = (account.unsupportedLinks[link] ?? 0) + frames;
  }
}

export function fatesSum(fates: Record<string, number>): number {
  return Object.values(fates).reduce((sum, frames) => sum + frames, 0);
}

/** The account as people read it. `frames` are those that the run read and put into the database. */
export function accountText(account: RunAccount): string {
  const number = (value: number) => value.toLocaleString('en');
  const { frames, counted, fates, files, alreadyFiles, alreadyFrames } = account;
  const lines = [
    `sensor      ${account.sensor}`,
    `files       ${number(files)} read (${bytesText(account.bytes)}) in ${account.seconds.toFixed(1)} s, ${number(Math.round(account.packetsPerSecond))} packets/s`,
  ];
  if (alreadyFiles > 0 || alreadyFrames > 0) {
    lines.push(
      `already in  ${number(alreadyFiles)} files unchanged, ${number(alreadyFrames)} frames known: not counted again`,
    );
  }
  lines.push(`frames      ${number(frames)}`, `= counted   ${number(counted)}`);
  for (const [fate, count] of Object.entries(fates).sort()) lines.push(`+ ${fate.padEnd(16)} ${number(count)}`);
  for (const [link, count] of Object.entries(account.unsupportedLinks)) {
    lines.push(`  of link type ${link.padEnd(5)}${number(count)}`);
  }
  lines.push(`days        ${number(account.days)} finalised`);
  if (account.late.length > 0) lines.push(lateText(account.late));
  for (const { path, damage } of account.damaged)
    lines.push(`DAMAGED     ${path}: ${damage}; what precedes is counted`);
  if (account.stoppedAt)
    lines.push(`STOPPED     at ${account.stoppedAt}, as --strict asks; what was read before is in`);
  if (account.skipped.length > 0) lines.push(`skipped     ${skippedText(account.skipped)}`);
  for (const { path, damage } of account.refused) lines.push(`NOT READ    ${path}: ${damage}`);
  for (const path of account.unfinished ?? [])
    lines.push(`UNFINISHED  ${path}: who read it was cut off; ingest it with --share`);
  if (account.atWork)
    lines.push(`at work     ${number(account.atWork)} others: what is stored is compared by whoever ends last`);
  lines.push(account.balanced ? 'the account balances' : 'THE ACCOUNT DOES NOT BALANCE');
  return `${lines.join('\n')}\n`;
}

const SKIPPED_NAMED = 3;

function skippedText(skipped: readonly DamagedFile[]): string {
  const named = skipped.slice(0, SKIPPED_NAMED).map(({ path }) => path);
  const more = skipped.length > SKIPPED_NAMED ? `, and ${skipped.length - SKIPPED_NAMED} more` : '';
  return `${skipped.length} files that are no captures: ${named.join(', ')}${more}`;
}
