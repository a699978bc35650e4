// What a live sensor's tables hold, in a form that does not depend on when it was heard, and what lies in its spool.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../store/database.ts';

/** Columns, and what is summed, of each table. */
const TIMELESS: Record<string, [columns: string, sums: string]> = {
  flows: ['toString(kind) AS k, proto, dstPort, srcPort, toString(srcAddr) AS a, toolMarks', 'packets, bytes'],
  minutes: ['toString(kind) AS k, category', 'packets, bytes'],
  darkDays: ['toString(kind) AS k, toString(dstAddr) AS a', 'packets, bytes'],
  fateHours: ['fate', 'frames, bytes'],
  portDaysCurrent: ['toString(scanClass) AS c, toString(kind) AS k, proto, dstPort, category', 'packets'],
  sourceDaysCurrent: ['toString(srcAddr) AS a, toString(scanClass) AS c', 'packets, mirai'],
};

/** Every table's rows of a sensor but for their times. */
export async function timelessContents(db: Connection, sensor: string): Promise<Record<string, unknown[]>> {
  const contents: Record<string, unknown[]> = {};
  for (const [table, [columns, sums]] of Object.entries(TIMELESS)) {
    const summed = sums.split(', ').map((name) => `sum(${name}) AS ${name}Sum`);
    const sql = `SELECT ${columns}, ${summed} FROM ${table} WHERE sensor = {sensor:String} GROUP BY ALL ORDER BY ALL`;
    contents[table] = await db.query(sql, { sensor });
  }
  return contents;
}

const LOSSES = {
  captureMinutes: ['received', 'kernelDropped', 'spoolDropped', 'observedSeconds'],
  coverage: ['lostPackets'],
};

/** What coverage and captureMinutes say of a sensor, and what flows hold. */
export async function lossesOf(db: Connection, sensor: string) {
  const sums = Object.entries(LOSSES).flatMap(([table, columns]) =>
    columns.map((name) => `(SELECT sum(${name}) FROM ${table} WHERE sensor = {sensor:String}) AS ${name}`),
  );
  const stored = '(SELECT sum(packets) FROM flows WHERE sensor = {sensor:String}) AS stored';
  const [row] = await db.query<Record<string, number>>(`SELECT ${[...sums, stored]}`, { sensor });
  return row as Record<
    'received' | 'kernelDropped' | 'spoolDropped' | 'observedSeconds' | 'lostPackets' | 'stored',
    number
  >;
}

/** Batches of a sensor that hold frames; or those put aside, by the ending. */
export function spooled(data: string, sensor: string, suffix = ''): string[] {
  const directory = path.join(data, 'sensor-spool', `sensor=${sensor}`);
  const names = existsSync(directory) ? readdirSync(directory) : [];
  const found = names.filter((name) => /-\d{8}-[1-9]\d*/.test(name) && name.endsWith(suffix));
  return found.map((name) => path.join(directory, name));
}

/** Waits until batches with so many frames lie there. */
export async function untilSpooled(data: string, sensor: string, frames: number): Promise<void> {
  const framesOf = (name: string) => Number(/-\d{8}-(\d+)(\+\d+)?$/.exec(name)?.[1] ?? 0);
  const inSpool = () => spooled(data, sensor).reduce((sum, name) => sum + framesOf(name), 0);
  for (const end = Date.now() + 20_000; inSpool() < frames; await sleep(20)) {
    if (Date.now() > end) throw new Error(`only ${inSpool()} frames came into the spool`);
  }
}

/** Writes a copy of a classic pcap file (little-endian) in which every record bears this time: tools' marks have dates of validity. */
export function writeAtTime(capture: string, seconds: number, copy: string): void {
  const bytes = readFileSync(capture);
  for (let at = 24; at < bytes.length; at += 16 + bytes.readUInt32LE(at + 8)) bytes.writeUInt32LE(seconds, at);
  writeFileSync(copy, bytes);
}
