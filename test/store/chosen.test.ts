// One day by itself is made by other statements than several: they must find the same.
import { expect, it } from 'vitest';
import { openStore } from '../../dist/store/store.js';
import { IPV4_NUMBER } from '../../store/addresses.ts';
import { chosenDays, HAS_IPV6 } from '../../store/finalise/chosen.ts';
import { PORT_DAYS } from '../../store/finalise/days.ts';
import { makePortHits } from '../../store/finalise/hits.ts';
import { placesBy } from '../../store/finalise/places.ts';
import { makePortSketches } from '../../store/finalise/sketches.ts';
import { makeSourceDays, partsOfSources } from '../../store/finalise/sources.ts';
import { temporaryDirectory } from '../setup/command.ts';

const DAY = '2020-03-05';
/** In the order in which they are made. */
const MADE = {
  sourceDays: makeSourceDays,
  portHits: makePortHits,
  portDays: () => PORT_DAYS,
  portSketches: makePortSketches,
};
/** Those that stay. */
const KEPT = ['sourceDays', 'portDays', 'portSketches'];
/** Survey scanners of both IP versions and others, over two days; IPv6 addresses end as IPv4 ones do. */
const FLOWS = `INSERT INTO flows
  SELECT 'default', toDateTime('2020-03-04 10:00:00', 'UTC') + 3600 * (number % 30), ['scan', 'backscatter', 'other'][1 + number % 3],
    [6, 17, 1][1 + number % 3], if(number % 7 < 3, 23, number % 700), number % 5,
    toIPv6(['::ffff:198.51.100.1', '2001:db8::198.51.100.4', '::ffff:198.51.100.2', '2001:db8::198.51.100.1', '2001:db8::198.51.100.2',
      '::ffff:198.51.100.3', '::ffff:198.51.100.4'][1 + number % 7]),
    number % 8, 1 + number % 9, 60 + number, [0]
  FROM numbers(40000)`;
/** 1,000 sources of which two in three are survey scanners; of each, some packets come again in the next hour. */
const SCANS = `INSERT INTO flows
  SELECT 'default', toDateTime('2020-03-05 10:00:00', 'UTC') + 3600 * (number % 2), 'scan', 6, if(source % 3 = 0, 23, cityHash64(number) % 100), 0,
    toIPv6(toIPv4(source)), 0, 1, 60, [0]
  FROM (SELECT number, number % 1000 AS source FROM numbers(100000))`;

/** Which no flow makes yet. */
const KNOWN = `INSERT INTO sourceDays
  SELECT * REPLACE ('surveyKnown' AS scanClass) FROM sourceDays WHERE srcAddr IN (toIPv6('::ffff:198.51.100.3'), toIPv6('2001:db8::198.51.100.2'))`;

const PARAMETERS = {
  sensor: 'default',
  timeZone: 'Asia/Tokyo',
  rulesVersion: '',
  minPorts: 30,
  minPacketsPerAddress: 1,
  first: DAY,
  last: DAY,
  days: [DAY],
};
const COVERAGE = `INSERT INTO coverage (sensor, hour, heardMinutes, monitoredAddresses)
  SELECT 'default', toDateTime('2020-03-05 10:00:00', 'UTC'), 1, 8`;

it('one day and several are made alike, by both IP versions', async () => {
  const db = await openStore({ directory: temporaryDirectory() });
  await db.command(FLOWS);
  await db.command(COVERAGE);
  for (const make of Object.values(MADE)) {
    await db.command(make(chosenDays(1)), { ...PARAMETERS, version: 1 });
    await db.command(make(chosenDays(2)), { ...PARAMETERS, version: 2 });
    if (make === makeSourceDays) await db.command(KNOWN);
  }
  for (const table of KEPT) {
    const values = table === 'portSketches' ? '* REPLACE (finalizeAggregation(sourceSketch) AS sourceSketch)' : '*';
    const rows = await db.query<{ version: number; rows: number; classes: number; digest: string }>(
      `SELECT version, count() AS rows, uniqExact(scanClass) AS classes, toString(groupBitXor(sipHash64(* EXCEPT (version)))) AS digest
       FROM (SELECT ${values} FROM ${table}) GROUP BY version ORDER BY version`,
    );
    const [one, several] = rows;
    expect(one, table).toEqual({ ...several, version: 1 });
    expect(one?.classes, table).toBe(3);
  }
  await db.close();
});

it('days to which no packet of IPv6 came are made alike without asking for any', async () => {
  const db = await openStore({ directory: temporaryDirectory() });
  expect(await db.query(HAS_IPV6, PARAMETERS)).toEqual([]);
  await db.command(SCANS);
  await db.command(COVERAGE);
  expect(await db.query(HAS_IPV6, PARAMETERS)).toEqual([]);
  for (const days of [1, 2]) {
    for (const [version, hasIpv6] of [true, false].entries()) {
      for (const make of Object.values(MADE))
        await db.command(make(chosenDays(days, hasIpv6)), { ...PARAMETERS, version: 10 * days + version });
    }
  }
  for (const table of ['sourceDays', 'portDays']) {
    const [first, ...others] = await db.query<{ rows: number; packets: number; digest: string }>(
      `SELECT count() AS rows, sum(packets) AS packets, toString(groupBitXor(sipHash64(* EXCEPT (version)))) AS digest
       FROM ${table} GROUP BY version ORDER BY version`,
    );
    expect(first?.packets, table).toBe(100_000);
    expect(others, table).toEqual([first, first, first]);
  }
  await db.command(FLOWS);
  expect(await db.query(HAS_IPV6, PARAMETERS)).toHaveLength(1);
  await db.close();
});

it('many sources are made a part at a time: together they are all sources, as made at once', async () => {
  const db = await openStore({ directory: temporaryDirectory() });
  await db.command(FLOWS);
  await db.command(SCANS);
  await db.command(COVERAGE);
  for (const [version, chosen] of [chosenDays(1), chosenDays(2)].entries()) {
    await db.command(makeSourceDays(chosen), { ...PARAMETERS, version });
    for (const part of [0, 1, 2])
      await db.command(makeSourceDays(chosen, { parts: 3, part }), { ...PARAMETERS, version: version + 2 });
  }
  const [first, ...others] = await db.query<{ version: number; rows: number; classes: number; digest: string }>(
    `SELECT version, count() AS rows, uniqExact(scanClass) AS classes, toString(groupBitXor(sipHash64(* EXCEPT (version)))) AS digest
     FROM sourceDays GROUP BY version ORDER BY version`,
  );
  expect(first).toMatchObject({ rows: 1007, classes: 2 });
  expect(others).toEqual([1, 2, 3].map((version) => ({ ...first, version })));
  await db.close();
});

it('sources are many by how many there are, not by how many flows they have', async () => {
  const db = await openStore({ directory: temporaryDirectory() });
  const days = { ...PARAMETERS, days: ['2020-03-04', DAY], first: '2020-03-04' };
  const several = () => partsOfSources(db, chosenDays(2), days, 1e9);
  expect(await several()).toEqual([{ parts: 1, part: 0 }]);
  await db.command(FLOWS);
  await db.command(
    `INSERT INTO fateHours (sensor, hour, fate, frames) SELECT DISTINCT sensor, hour, 'counted', 1 FROM flows`,
  );
  expect(await several()).toHaveLength(1);
  await db.command(`INSERT INTO flows SELECT 'default', toDateTime('2020-03-04 15:00:00', 'UTC') + 3600 * (cityHash64(number) % 24), 'scan', 6, 23, 0,
    toIPv6(toIPv4(number)), 0, 1, 60, [0] FROM numbers(3000000)`);
  expect(await several()).toHaveLength(3);
  expect(await partsOfSources(db, chosenDays(1), PARAMETERS, 1e9)).toHaveLength(3);
  expect(await partsOfSources(db, chosenDays(1), PARAMETERS, 1e6)).toHaveLength(1);
  await db.close();
});

it('counts each source of a port once, however many survey scanners there are, and whether they have numbers or not', async () => {
  const db = await openStore({ directory: temporaryDirectory() });
  await db.command(SCANS);
  await db.command(COVERAGE);
  const numbered = (leastPorts: number, most: number) => ({
    ...chosenDays(1),
    ...placesBy(IPV4_NUMBER, { leastPorts, most }),
  });
  const all = [chosenDays(1), chosenDays(2), numbered(0, 1e6), numbered(0, 100), numbered(65, 1e6)];
  for (const [version, chosen] of all.entries()) {
    for (const make of Object.values(MADE)) await db.command(make(chosen), { ...PARAMETERS, version });
  }
  const wanted = await db.query(
    `SELECT scanClass, dstPort, sum(packets) AS packets, uniqExact(srcAddr) AS sources
     FROM flows JOIN (SELECT srcAddr, scanClass FROM sourceDays WHERE version = 0) AS source USING srcAddr
     GROUP BY scanClass, dstPort ORDER BY scanClass, dstPort`,
  );
  expect(wanted).toHaveLength(101);
  for (const version of all.keys())
    expect(
      await db.query(
        `SELECT scanClass, dstPort, packets, sources FROM portDays WHERE version = ${version} ORDER BY scanClass, dstPort`,
      ),
    ).toEqual(wanted);
  const sketched = await db.query(
    `SELECT scanClass, dstPort, uniqCombined(14)(cityHash64(srcAddr)) AS sources
     FROM flows JOIN (SELECT srcAddr, scanClass FROM sourceDays WHERE version = 0) AS source USING srcAddr
     GROUP BY scanClass, dstPort ORDER BY scanClass, dstPort`,
  );
  for (const version of all.keys())
    expect(
      await db.query(
        `SELECT scanClass, dstPort, finalizeAggregation(sourceSketch) AS sources FROM portSketches
         WHERE version = ${version} AND NOT rest ORDER BY scanClass, dstPort`,
      ),
    ).toEqual(sketched);
  await db.close();
});
