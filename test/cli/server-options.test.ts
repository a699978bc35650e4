// How a ClickHouse server is named: database, certificate, user; what its users may do; and servers that are too old.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunAccount } from '../../cli/ingest/account.ts';
import { connect } from '../../store/database.ts';
import { grantsOf } from '../../store/roles.ts';
import { OLDEST_SERVER, serverConfig } from '../../store/server.ts';
import { INSERT_SETTINGS, SETTINGS } from '../../store/settings.ts';
import { temporaryDirectory, umbrascope, umbrascopeJson } from '../setup/command.ts';
import { syns } from '../setup/scans.ts';
import { type Standalone, startStandalone } from '../setup/standalone.ts';
import { haveOpenssl, tlsTo } from '../setup/tls.ts';

const data = temporaryDirectory();
const january = path.resolve(import.meta.dirname, '../../sample-pcaps/2019-01.pcap.gz');
const PASSWORD = 'geheim';

describe('a server', () => {
  let server: Standalone;
  const as = (user: string, database: string) => [
    '--data',
    data,
    '--clickhouse',
    `http://${user}:${PASSWORD}@127.0.0.1:${server.port}/${database}`,
  ];

  beforeAll(async () => {
    const users = (['sensor', 'analyst', 'admin'] as const).map((role) => {
      return { user: `a_${role}`, password: PASSWORD, grants: grantsOf(role, 'tokyo') };
    });
    [server] = (await startStandalone(1, users)) as [Standalone];
    await umbrascopeJson(['ingest', '--data', data, '--clickhouse', `${server.url}/osaka`, january]);
  });
  afterAll(() => server.stop());

  it('has a database for each name, in the address or by --database, but not by both', async () => {
    const osaka = await umbrascope(['status', '--data', data, '--clickhouse', server.url, '--database', 'osaka']);
    expect(osaka.stdout).toContain('the account balances');
    expect(osaka.stdout).toContain('files       1');
    const both = await umbrascope(['status', '--clickhouse', `${server.url}/osaka`, '--database', 'kyoto']);
    expect(both).toMatchObject({ code: 2, stdout: '' });
    expect(both.stderr).toContain('names the database osaka, --database kyoto');
    const wrong = await umbrascope(['status', '--clickhouse', server.url, '--database', 'a b']);
    expect(wrong).toMatchObject({
      code: 2,
      stderr: 'umbrascope: database a b: a name has letters, digits and _ only\n',
    });
    const none = await umbrascope(['verify', '--data', data, '--clickhouse', `${server.url}/nowhere`, january]);
    expect(none.stderr).toMatch(/nothing was ever ingested into the database at/);
    const local = await umbrascope(['status', '--data', data, '--database', 'osaka']);
    expect(local).toMatchObject({ code: 2, stderr: 'umbrascope: --database is of a server: give --clickhouse too\n' });
  });

  it.each([
    ['http://u:secret@host:1/a/b', 'database a/b'],
    ['http://u:secret@host:1/a?x=1', 'nothing may follow the name of the database'],
    ['http://u:secr%et@host:1', 'a % in user, password or database is written %25'],
    ['u:secret@host:8123', 'not an address such as'],
  ])('named as %s is refused without showing the password', (url, says) => {
    expect(() => serverConfig({ url })).toThrow(says);
    expect(() => serverConfig({ url })).not.toThrow('secret');
  });

  it.skipIf(!haveOpenssl)('behind TLS is trusted by its authority only', async () => {
    const tls = await tlsTo(server.port);
    const url = server.url.replace('http:', 'https:').replace(String(server.port), String(tls.port));
    const args = ['status', '--data', data, '--database', 'osaka', '--clickhouse'];
    const trusted = await umbrascope([...args, url, '--ca', tls.ca]);
    expect(trusted).toMatchObject({ code: 0, stderr: '' });
    const unknown = await umbrascope([...args, url]);
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toMatch(
      /^umbrascope: the database at \S+ has a certificate that is not trusted .*--ca FILE\n$/,
    );
    const elsewhere = await umbrascope([...args, url.replace('127.0.0.1', 'localhost'), '--ca', tls.ca]);
    expect(elsewhere.stderr).toMatch(/has a certificate for another name/);
    const plain = await umbrascope([...args, server.url.replace('http:', 'https:'), '--ca', tls.ca]);
    expect(plain.stderr).toMatch(/^umbrascope: the database at \S+ does not speak https on that port.*\n$/);
    const file = path.join(data, 'no.pem');
    writeFileSync(file, 'no certificate');
    expect((await umbrascope([...args, url, '--ca', file])).stderr).toContain('no certificate in PEM form');
    expect((await umbrascope([...args, server.url, '--ca', tls.ca])).code).toBe(2);
    tls.close();
  });

  it('lets an administrator make the tables, a sensor ingest, an analyst read, and nobody do more', async () => {
    const early = await umbrascope(['ingest', ...as('a_sensor', 'tokyo'), january]);
    expect(early.code).toBe(1);
    expect(early.stderr).toMatch(
      /^umbrascope: the database at \S+ does not let a_sensor do this: .*CREATE DATABASE.*\n$/,
    );
    const made = await umbrascope(['engine', 'schema', '--apply', ...as('a_admin', 'tokyo')]);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const file = path.join(temporaryDirectory(), 'a.pcap');
    writeFileSync(file, syns(100));
    expect(await umbrascopeJson<RunAccount>(['ingest', ...as('a_sensor', 'tokyo'), file])).toMatchObject({ days: 1 });
    writeFileSync(file, syns(200));
    const grown = await umbrascopeJson<RunAccount>(['ingest', '--share', ...as('a_sensor', 'tokyo'), file]);
    expect(grown).toMatchObject({ balanced: true, counted: 100, days: 1 });
    const shell = await umbrascope(['engine', 'shell', '--write', ...as('a_sensor', 'tokyo')], 'DROP TABLE flows');
    expect(shell.code).toBe(1);
    expect(shell.stderr).toContain('does not let a_sensor do this');
    for (const [user, sql] of [
      ['a_sensor', 'ALTER TABLE flows DELETE WHERE 1'],
      ['a_analyst', 'INSERT INTO schema SELECT 9'],
    ] as const) {
      const theirs = connect({ url: `http://127.0.0.1:${server.port}`, user, password: PASSWORD });
      await theirs.useDatabase('tokyo');
      await expect(theirs.command(sql)).rejects.toThrow(`does not let ${user} do this`);
      await theirs.close();
    }
    const top = await umbrascopeJson<{ packets: number }[]>(['top', 'ports', ...as('a_analyst', 'tokyo')]);
    expect(top[0]?.packets).toBe(200);
    const verified = await umbrascopeJson<{ equal: boolean }>(['verify', ...as('a_analyst', 'tokyo'), file]);
    expect(verified.equal).toBe(true);
    const db = server.connect();
    await db.command(
      `INSERT INTO tokyo.sensors SELECT * REPLACE (31 AS minPorts, changed + 1 AS changed) FROM tokyo.sensors`,
    );
    await db.close();
    expect((await umbrascope(['report', '--years', '2020', ...as('a_analyst', 'tokyo')])).code).toBe(0);
  });

  it('that is too old is refused before anything is asked of it', async () => {
    // the real server behind a line that changes its version
    const proxy = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      const answer = await fetch(`http://127.0.0.1:${server.port}${request.url}`, {
        method: request.method ?? 'GET',
        headers: { Authorization: request.headers.authorization ?? '' },
        body: Buffer.concat(parts),
      });
      response.end((await answer.text()).replace(/"version":"[\d.]+"/, '"version":"24.3.18.7"'));
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    const old = await umbrascope(['status', '--clickhouse', server.url.replace(String(server.port), String(port))]);
    expect(old).toMatchObject({ code: 1, stdout: '' });
    expect(old.stderr).toMatch(
      /^umbrascope: the database at \S+ is ClickHouse 24.3.18.7: umbrascope needs 24.8 or later\n$/,
    );
    proxy.close();
  });

  it('of the oldest version knows every setting that is sent', async () => {
    const db = server.connect();
    // wait_end_of_query is the HTTP interface's own
    const { wait_end_of_query: _, ...settings } = { ...SETTINGS, ...INSERT_SETTINGS };
    const rows = await db.query<{ name: string; since: string }>(
      `SELECT change.1 AS name, version AS since FROM (SELECT version, arrayJoin(changes) AS change FROM system.settings_changes WHERE type = 'Session')
       WHERE name IN {names:Array(String)} AND match(change.4, '(?i)^new|^added') AND toUInt32(splitByChar('.', version)[1]) * 100 + toUInt32(splitByChar('.', version)[2]) > {oldest:UInt32}`,
      {
        names: [...Object.keys(settings), 'insert_deduplication_token', 'readonly'],
        oldest: OLDEST_SERVER[0] * 100 + OLDEST_SERVER[1],
      },
    );
    const known = await db.query<{ n: number }>(
      'SELECT count() AS n FROM system.settings WHERE name IN {names:Array(String)}',
      {
        names: Object.keys(settings),
      },
    );
    await db.close();
    expect(rows).toEqual([]);
    expect(known[0]?.n).toBe(Object.keys(settings).length);
  });
});
