// What a database holds, in a form that two databases can be compared in: every table's rows merged and sorted.
import type { Connection } from '../../store/database.ts';
import { openStore } from '../../store/store.ts';

const SORTED = 'ORDER BY ALL';
const SKETCHED = 'SELECT * EXCEPT (version, sourceSketch), finalizeAggregation(sourceSketch) AS sketch';

const CONTENT: Record<string, string> = {
  flows: `SELECT sensor, hour, toString(kind) AS kind, proto, dstPort, srcPort, toString(srcAddr) AS srcAddr, toolMarks,
    sum(packets) AS packets, sum(bytes) AS bytes, min(first) AS firstSecond, max(last) AS lastSecond
    FROM flows GROUP BY ALL ${SORTED}`,
  minutes: `SELECT sensor, minute, toString(kind) AS kind, category, sum(packets) AS packets, sum(bytes) AS bytes FROM minutes GROUP BY ALL ${SORTED}`,
  darkDays: `SELECT sensor, day, toString(kind) AS kind, toString(dstAddr) AS dstAddr, sum(packets) AS packets, sum(bytes) AS bytes FROM darkDays GROUP BY ALL ${SORTED}`,
  fateHours: `SELECT sensor, hour, fate, sum(frames) AS frames, sum(bytes) AS bytes FROM fateHours GROUP BY ALL ${SORTED}`,
  coverage: `SELECT sensor, hour, groupBitOr(heardMinutes) AS heardMinutes, max(monitoredAddresses) AS monitoredAddresses FROM coverage GROUP BY ALL ${SORTED}`,
  portHours: `SELECT sensor, hour, kind, proto, dstPort, day, sum(packets) AS packets, sum(bytes) AS bytes FROM portHours GROUP BY ALL ${SORTED}`,
  portDays: `SELECT * EXCEPT version FROM portDaysCurrent ${SORTED}`,
  portSketches: `${SKETCHED} FROM portSketchesCurrent ${SORTED}`,
  categoryDays: `SELECT * EXCEPT version FROM categoryDaysCurrent ${SORTED}`,
  categorySketches: `${SKETCHED} FROM categorySketchesCurrent ${SORTED}`,
  sourceDays: `SELECT * EXCEPT version FROM sourceDaysCurrent ${SORTED}`,
  portMonths: `${SKETCHED} FROM portMonthsCurrent ${SORTED}`,
  categoryMonths: `${SKETCHED} FROM categoryMonthsCurrent ${SORTED}`,
  portYears: `${SKETCHED} FROM portYearsCurrent ${SORTED}`,
};

/** Each table's content as one hash, and its number of rows for the message when two differ. */
export async function tableContents(db: Connection): Promise<Record<string, string>> {
  const contents: Record<string, string> = {};
  for (const [table, sql] of Object.entries(CONTENT)) {
    const [row] = await db.query<{ rows: number; hash: string }>(
      `SELECT count() AS rows, hex(groupBitXor(sipHash64(line, number))) AS hash
       FROM (SELECT toString(tuple(*)) AS line, rowNumberInAllBlocks() AS number FROM (${sql}))
       SETTINGS max_threads = 1`,
    );
    contents[table] = `${row?.rows} rows, ${row?.hash}`;
  }
  return contents;
}

/** The same of a data directory. */
export async function directoryContents(directory: string): Promise<Record<string, string>> {
  const db = await openStore({ directory });
  try {
    return await tableContents(db);
  } finally {
    await db.close();
  }
}
