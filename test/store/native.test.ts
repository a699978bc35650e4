// Blocks as the analyzer hands them out arrive in the tables value for value, once for each token.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStore } from '../../dist/store/store.js';
import type { Connection } from '../../store/database.ts';
import { type Block, encodeNative } from '../../store/native.ts';
import { temporaryDirectory } from '../setup/command.ts';

const data = temporaryDirectory();
let db: Connection;
beforeAll(async () => {
  db = await openStore({ directory: data });
});
afterAll(() => db.close());

const mapped = (...last: number[]) => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...last];
const flows: Block = {
  table: 'flows',
  rows: 2,
  columns: {
    hour: Uint32Array.of(1_577_836_800, 4_102_441_200),
    kind: Uint8Array.of(1, 2),
    proto: Uint8Array.of(6, 17),
    dstPort: Uint16Array.of(23, 65_535),
    srcPort: Uint16Array.of(0, 53),
    srcAddr: Uint8Array.from([...mapped(198, 51, 100, 7), 0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), 1]),
    toolMarks: Uint8Array.of(5, 0),
    packets: Uint32Array.of(1, 4_294_967_295),
    bytes: Uint32Array.of(60, 0, 0, 2), // 60, and 2 · 2^32
    times: { ends: Uint32Array.of(2, 0, 3, 0), values: Uint16Array.of(1, 3599, 3599) },
  },
};

function written(block: Block, name: string): string {
  const file = path.join(data, name);
  writeFileSync(file, Buffer.concat(encodeNative(block, 'sensor ö')));
  return file;
}

it('keeps every value', async () => {
  await db.insertFile('flows', written(flows, 'flows.native'), 'first');
  expect(
    await db.query(
      'SELECT * REPLACE (toString(srcAddr) AS srcAddr, toString(hour) AS hour), toUnixTimestamp(first) AS first, toUnixTimestamp(last) AS last FROM flows ORDER BY proto',
    ),
  ).toEqual([
    {
      sensor: 'sensor ö',
      hour: '2020-01-01 00:00:00',
      kind: 'scan',
      proto: 6,
      dstPort: 23,
      srcPort: 0,
      srcAddr: '::ffff:198.51.100.7',
      toolMarks: 5,
      packets: 1,
      bytes: 60,
      times: [1, 3599],
      first: 1_577_836_801,
      last: 1_577_840_399,
    },
    {
      sensor: 'sensor ö',
      hour: '2099-12-31 23:00:00',
      kind: 'backscatter',
      proto: 17,
      dstPort: 65_535,
      srcPort: 53,
      srcAddr: '2001:db8::1',
      toolMarks: 0,
      packets: 4_294_967_295,
      bytes: 8_589_934_592,
      times: [3599],
      first: 4_102_444_799,
      last: 4_102_444_799,
    },
  ]);
});

it('takes the same token only once, into every table that blocks go to', async () => {
  const again = written(flows, 'again.native');
  await db.insertFile('flows', again, 'first');
  await db.insertFile('flows', again, 'second');
  await db.insertFile('flows', again, 'second');
  expect(await db.query('SELECT sum(packets) AS packets FROM flows WHERE proto = 6')).toEqual([{ packets: 2 }]);
  const coverage: Block = {
    table: 'coverage',
    rows: 1,
    columns: { hour: Uint32Array.of(3600), heardMinutes: Uint32Array.of(5, 1), monitoredAddresses: Uint32Array.of(64) },
  };
  for (let time = 0; time < 2; time++) await db.insertFile('coverage', written(coverage, 'coverage.native'), 'same');
  expect(await db.query('SELECT count() AS rows, any(heardMinutes) AS heardMinutes FROM coverage')).toEqual([
    { rows: 1, heardMinutes: 4_294_967_301 },
  ]);
});

it('refuses a block that is not the table’s', () => {
  expect(() => encodeNative({ ...flows, columns: { ...flows.columns, extra: Uint8Array.of(1, 2) } }, 's')).toThrow(
    'table flows takes no column extra',
  );
  const { hour: _, ...lacking } = flows.columns;
  expect(() => encodeNative({ ...flows, columns: lacking }, 's')).toThrow('lacks the column hour');
  expect(() => encodeNative({ ...flows, rows: 3 }, 's')).toThrow('flows.hour: not 3 values');
});
