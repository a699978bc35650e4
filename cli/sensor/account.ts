// The account of a live sensor: every frame that was received and what became of it, and every frame that is known to be lost.
import type { FrameCounts } from '../../store/ledger.ts';
import { fatesSum } from '../ingest/account.ts';

export interface SensorAccount extends FrameCounts {
  sensor: string;
  sources: string[];
  /** Frames lost before the sensor had them: no room in the ring; missed by the card. */
  kernelDropped: number;
  cardDropped: number;
  /** Sources whose writer does not say what it lost. */
  dropsUnknown?: string[];
  /** Frames counted, but lost with batches that did not fit the spool, were damaged, or could not be written. */
  spoolDropped: number;
  /** Frames counted and safe on disk, not in the database yet. */
  spooled: number;
  /** As the kernel says, whatever the sensor read: equals frames when the rings were read to their end. */
  received: number;
  seconds: number;
  observedSeconds: number;
  /** With --keep: frames that are in no kept capture. */
  notKept?: number;
  /** Sensor-days finalised. */
  days: number;
  /** What the tables hold equals the account of all runs; undefined when the database was away or not all is sent. */
  stored: boolean | undefined;
  balanced: boolean;
}

/** Frames = counted + fates, and what the kernel handed over is what was read; the tables must agree where they could be asked. */
export function isBalanced(account: Omit<SensorAccount, 'balanced'>): boolean {
  const { frames, counted, fates, received, stored } = account;
  return frames === counted + fatesSum(fates) && frames === received && stored !== false;
}

export function sensorAccountText(account: SensorAccount): string {
  const number = (value: number) => value.toLocaleString('en');
  const rate = account.seconds > 0 ? Math.round(account.frames / account.seconds) : 0;
  const seconds = `${number(Math.round(account.seconds))} s, ${number(rate)} packets/s`;
  // How long a stream's writer listened, only it knows.
  const observed = number(Math.round(account.observedSeconds));
  const lines = [
    `sensor      ${account.sensor} on ${account.sources.join(', ')}`,
    account.observedSeconds > 0 ? `listened    ${observed} of ${seconds}` : `ran         ${seconds}`,
    `frames      ${number(account.frames)}`,
    `= counted   ${number(account.counted)}`,
  ];
  for (const [fate, count] of Object.entries(account.fates).sort()) lines.push(`+ ${fate.padEnd(16)} ${number(count)}`);
  lines.push(`lost        ${number(account.kernelDropped)} by the kernel, ${number(account.cardDropped)} by the card`);
  if (account.dropsUnknown) lines.push(`drops       unknown on ${account.dropsUnknown.join(', ')}`);
  if (account.spoolDropped > 0) lines.push(`LOST        ${number(account.spoolDropped)} counted frames with the spool`);
  if (account.notKept) lines.push(`not kept    ${number(account.notKept)} frames, which are counted all the same`);
  if (account.spooled > 0) lines.push(`spooled     ${number(account.spooled)} frames wait for the database`);
  lines.push(account.balanced ? 'the account balances' : 'THE ACCOUNT DOES NOT BALANCE');
  return `${lines.join('\n')}\n`;
}
