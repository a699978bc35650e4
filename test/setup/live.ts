// What a live sensor's tables hold, in a form that does not depend on when it was heard.
import { readFileSync, writeFileSync } from 'node:fs';
import { openStore } from '../../dist/store/store.js';
import type { Connection } from '../../store/database.ts';

const TIMELESS: Record<string, string> = {
  flows: `SELECT toString(kind) AS kind, proto, dstPort, srcPort, toString(srcAddr) AS srcAddr, toolMarks,
    sum(packets) AS packets, sum(bytes) AS bytes FROM flows GROUP BY ALL ORDER BY ALL`,
  minutes:
    'SELECT toString(kind) AS kind, category, sum(packets) AS packets, sum(bytes) AS bytes FROM minutes GROUP BY ALL ORDER BY ALL',
  darkDays:
    'SELECT toString(kind) AS kind, toString(dstAddr) AS dstAddr, sum(packets) AS packets, sum(bytes) AS bytes FROM darkDays GROUP BY ALL ORDER BY ALL',
  fateHours: 'SELECT fate, sum(frames) AS frames, sum(bytes) AS bytes FROM fateHours GROUP BY ALL ORDER BY ALL',
  portDays:
    'SELECT toString(scanClass) AS scanClass, toString(kind) AS kind, proto, dstPort, category, sum(packets) AS packets FROM portDaysCurrent GROUP BY ALL ORDER BY ALL',
  sourceDays:
    'SELECT toString(srcAddr) AS srcAddr, toString(scanClass) AS scanClass, sum(packets) AS packets, sum(mirai) AS mirai FROM sourceDaysCurrent GROUP BY ALL ORDER BY ALL',
};

export async function withData<T>(data: string, work: (db: Connection) => Promise<T>): Promise<T> {
  const db = await openStore({ directory: data });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

/** Every table's rows but for their times. */
export function timelessContents(data: string): Promise<Record<string, unknown[]>> {
  return withData(data, async (db) => {
    const contents: Record<string, unknown[]> = {};
    for (const [table, sql] of Object.entries(TIMELESS)) contents[table] = await db.query(sql);
    return contents;
  });
}

/** What coverage and captureMinutes say, and what flows hold. */
export function lossesOf(data: string) {
  return withData(data, async (db) => {
    const [row] = await db.query<Record<string, number>>(
      `SELECT (SELECT sum(received) FROM captureMinutes) AS received, (SELECT sum(kernelDropped) FROM captureMinutes) AS kernelDropped,
         (SELECT sum(spoolDropped) FROM captureMinutes) AS spoolDropped, (SELECT sum(observedSeconds) FROM captureMinutes) AS observedSeconds,
         (SELECT sum(lostPackets) FROM coverage) AS lostPackets, (SELECT sum(packets) FROM flows) AS stored`,
    );
    return row as Record<
      'received' | 'kernelDropped' | 'spoolDropped' | 'observedSeconds' | 'lostPackets' | 'stored',
      number
    >;
  });
}

/** Writes a copy of a classic pcap file (little-endian) in which every record bears this time: tools' marks have dates of validity. */
export function writeAtTime(capture: string, seconds: number, copy: string): void {
  const bytes = readFileSync(capture);
  for (let at = 24; at < bytes.length; at += 16 + bytes.readUInt32LE(at + 8)) bytes.writeUInt32LE(seconds, at);
  writeFileSync(copy, bytes);
}
