// The tables as SQL: for one server really made, for a cluster at least understood; made again only where something is missing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../dist/store/store.js';
import type { Connection } from '../../store/database.ts';
import { createStatements, growStatements, shardKey } from '../../store/ddl.ts';
import { dropStatement } from '../../store/retention/drop.ts';
import { roleStatements } from '../../store/roles.ts';
import { planSchema } from '../../store/schema-plan.ts';
import { TABLES } from '../../store/tables.ts';
import { temporaryDirectory, umbrascope } from '../setup/command.ts';

describe('the tables as SQL', () => {
  const data = temporaryDirectory();
  const cluster = { database: 'tokyo', cluster: { name: 'c1', replicated: true } };
  let db: Connection;
  beforeAll(async () => {
    db = await openStore({ directory: data });
  });
  afterAll(() => db.close());

  it('are printed as they are made, and make a database that lacks nothing', async () => {
    const { stdout, code } = await umbrascope(['engine', 'schema', '--print', '--database', 'byHand']);
    expect(code).toBe(0);
    for (const statement of stdout.split(/;\n\n?/).filter(Boolean)) await db.command(statement);
    await db.useDatabase('byHand');
    expect(await planSchema(db, {})).toEqual({ statements: [], conflicts: [] });
    await db.useDatabase('umbrascope');
    expect(await planSchema(db, {})).toEqual({ statements: [], conflicts: [] });
  });

  it('for a cluster are understood by ClickHouse, and each table is replicated, distributed, and made everywhere', async () => {
    const made = createStatements(cluster);
    const drops = [true, false].map((others) => dropStatement('flows', 202001, others, cluster.cluster));
    for (const statement of [...made, ...growStatements(cluster), ...roleStatements(cluster), ...drops])
      await db.command(`EXPLAIN AST ${statement.replace(/^--.*\n/, '')}`, { names: ['a'] });
    for (const { name, engine } of TABLES) {
      const [local, asks] = [`${name}Local`, name].map((table) =>
        made.find((statement) => statement.startsWith(`CREATE TABLE IF NOT EXISTS tokyo.${table} ON CLUSTER 'c1' `)),
      );
      expect(local).toContain(
        `ENGINE = Replicated${engine.replace(/\(.*/, '')}('/clickhouse/tables/{shard}/{database}/{table}', '{replica}'`,
      );
      expect(asks).toContain(`Distributed('c1', 'tokyo', '${name}Local', cityHash64(`);
    }
    expect(made.join('\n')).toContain("'{replica}', version) ORDER BY (sensor, day)");
    expect(made.find((statement) => statement.includes('flowsLocal '))).toContain(
      'replicated_deduplication_window_seconds = 7776000',
    );
  });

  it('keep all rows of a key on one server, and those of a source on the same one', () => {
    for (const table of TABLES) {
      const [, column = ''] = /^cityHash64\((\w+)\)$/.exec(shardKey(table)) ?? [];
      expect(table.orderBy.split(', '), table.name).toContain(column);
      if (table.columns.some(({ name }) => name === 'srcAddr')) expect(column, table.name).toBe('srcAddr');
    }
  });

  it('gain what is missing and lose nothing; what has another type or key is refused with what to do', async () => {
    await db.command('ALTER TABLE ledger DROP COLUMN settings');
    await db.command('ALTER TABLE flows DROP INDEX srcAddrBounds');
    await db.command('ALTER TABLE ledger ADD COLUMN mine String');
    await db.command('DROP TABLE minutes');
    const apply = () => umbrascope(['engine', 'schema', '--apply', '--data', data]);
    expect(await apply()).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^CREATE TABLE .*minutes\nALTER TABLE umbrascope.flows ADD INDEX .*srcAddrBounds.*\nALTER TABLE umbrascope.ledger ADD COLUMN .*settings .*\nall tables are there now\n$/,
      ),
    });
    expect(await apply()).toMatchObject({ code: 0, stdout: 'all tables are there\n' });
    await expect(db.query('SELECT settings, mine FROM ledger')).resolves.toEqual([]);
    await db.command('ALTER TABLE flows MODIFY COLUMN packets SimpleAggregateFunction(sum, UInt32)').catch(() => {});
    await db.command('DROP TABLE days');
    await db.command('CREATE TABLE days (sensor String, day Date) ENGINE = MergeTree ORDER BY day');
    const refused = await apply();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      'nothing was changed:\n  table days: its engine is MergeTree and must be ReplacingMergeTree(version)',
    );
    expect(refused.stderr).toContain('table days: its key is (day) and must be (sensor, day)');
    expect(refused.stderr).toContain('column sensor is String and must be LowCardinality(String)');
    expect(refused.stderr).toContain('umbrascope engine schema --apply --database umbrascope_new');
    await expect(db.query('SELECT version FROM days')).rejects.toThrow();
  });

  it('go to no cluster that the server does not know', async () => {
    const unknown = await umbrascope(['engine', 'schema', '--apply', '--data', data, '--cluster', 'nowhere']);
    expect(unknown).toMatchObject({ code: 2 });
    expect(unknown.stderr).toMatch(/knows no cluster nowhere; it knows .*\n$/);
  });
});
