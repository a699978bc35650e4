// The tables of a database: a newer program's are left alone, an older one's grow.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../dist/store/store.js';
import { createStatements } from '../../store/ddl.ts';
import { SCHEMA_VERSION } from '../../store/schema.ts';
import { temporaryDirectory } from '../setup/command.ts';

describe('the schema', () => {
  it('has a new version when the tables have changed', () => {
    const statements = createStatements()
      .join('\n')
      .replaceAll(/ COMMENT '(\\'|[^'])*'/g, '');
    const hash = createHash('sha256').update(statements).digest('hex').slice(0, 16);
    expect({ version: SCHEMA_VERSION, hash }).toMatchInlineSnapshot(`
      {
        "hash": "18fdd681c28cee35",
        "version": 3,
      }
    `);
  });

  it('of a newer program is left alone, and said to be', async () => {
    const data = temporaryDirectory();
    const db = await openStore({ directory: data });
    await db.command(`INSERT INTO schema (version) SELECT ${SCHEMA_VERSION + 1}`);
    await db.close();
    await expect(openStore({ directory: data })).rejects.toThrow(
      `${data} was written by a newer umbrascope (tables of version ${SCHEMA_VERSION + 1}, this one knows ${SCHEMA_VERSION})`,
    );
  });

  it('of an older program gets the columns it lacks', async () => {
    const data = temporaryDirectory();
    const db = await openStore({ directory: data });
    await db.command('ALTER TABLE ledger DROP COLUMN settings');
    await db.command('ALTER TABLE portYears DROP COLUMN sourcesOnly');
    await db.command('CREATE OR REPLACE VIEW portYearsCurrent AS SELECT * FROM portYears');
    await db.command('TRUNCATE TABLE schema');
    await db.close();
    const again = await openStore({ directory: data });
    try {
      await expect(again.query('SELECT settings FROM ledger')).resolves.toEqual([]);
      await expect(again.query('SELECT sourcesOnly FROM portYearsCurrent')).resolves.toEqual([]);
    } finally {
      await again.close();
    }
  });
});
