// What a telescope's day takes on disk, table by table.

import type { Connection } from '../store/database.ts';
import { openStore } from '../store/store.ts';
import { TELESCOPE } from './captures/mixes.ts';
import type { BenchCase } from './case.ts';
import { telescopeDay } from './day.ts';
import { ingest } from './ingest.ts';
import { atMost } from './results.ts';

const MOST_BYTES = 3;
const MOST_BYTES_WITHOUT_FLOWS = 0.3;

interface TableSize {
  table: string;
  rows: number;
  bytes: number;
}

export const STORED: BenchCase = {
  name: 'stored',
  title: 'bytes on disk for a packet',
  packets: 20_000_000,
  run: async ({ cache, packets, seed }) => {
    const { darknet } = TELESCOPE;
    let sizes: TableSize[] = [];
    let merged: TableSize[] = [];
    await ingest({ capture: telescopeDay(cache, packets, seed), darknet, packets }, async (data) => {
      const db = await openStore({ directory: data });
      try {
        sizes = await tableSizes(db);
        for (const { table } of sizes) await db.command(`OPTIMIZE TABLE ${table} FINAL`);
        merged = await tableSizes(db);
      } finally {
        await db.close();
      }
    });
    const each = (all: readonly TableSize[]) => all.reduce((sum, { bytes }) => sum + bytes, 0) / packets;
    const withoutFlows = (all: readonly TableSize[]) => each(all.filter(({ table }) => table !== 'flows'));
    const bars = [
      atMost('bytes a packet, all tables', MOST_BYTES, each(sizes)),
      atMost('bytes a packet without flows', MOST_BYTES_WITHOUT_FLOWS, withoutFlows(sizes)),
    ];
    const lines = [
      `${packets.toLocaleString('en')} packets`,
      '',
      `${'table'.padEnd(12)} ${'rows'.padStart(12)} ${'bytes'.padStart(12)} ${'a packet'.padStart(9)}   merged into one part, a packet`,
      ...sizes.map((size) => sizeLine(size, packets, merged)),
      `${'all'.padEnd(38)} ${each(sizes).toFixed(3).padStart(9)} ${each(merged).toFixed(3).padStart(9)}`,
    ];
    return { text: lines.join('\n'), bars };
  },
};

function sizeLine({ table, rows, bytes }: TableSize, packets: number, merged: readonly TableSize[]): string {
  const each = (of: number) => (of / packets).toFixed(3).padStart(9);
  const after = merged.find((other) => other.table === table)?.bytes ?? 0;
  const [many, much] = [rows, bytes].map((value) => value.toLocaleString('en').padStart(12));
  return `${table.padEnd(12)} ${many} ${much} ${each(bytes)} ${each(after)}`;
}

/** Rows and bytes of tables that hold any, the largest first. */
function tableSizes(db: Connection): Promise<TableSize[]> {
  return db.query<TableSize>(
    `SELECT table, sum(rows) AS rows, sum(bytes_on_disk) AS bytes
     FROM system.parts WHERE active AND database = currentDatabase()
     GROUP BY table HAVING rows > 0 ORDER BY bytes DESC`,
  );
}
