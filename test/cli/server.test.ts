// `--clickhouse` with a server that is away, refuses, says nothing, or whose line is cut: one clear line, and the next run completes.
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunAccount } from '../../cli/ingest/account.ts';
import { temporaryDirectory, umbrascope, umbrascopeJson } from '../setup/command.ts';
import { syns } from '../setup/scans.ts';
import { cutLine, type Server, startServer } from '../setup/server.ts';

describe('a ClickHouse server', () => {
  let server: Server;
  let file: string;
  const silent = createServer(() => {});
  /** It waits for 10 s, while the other tests run. */
  let givenUp: ReturnType<typeof umbrascope>;
  const data = temporaryDirectory();
  const url = (port: number, password = server.password) => `http://${server.user}:${password}@127.0.0.1:${port}`;

  beforeAll(async () => {
    server = await startServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    givenUp = umbrascope(['status', '--clickhouse', url((silent.address() as AddressInfo).port)]);
    file = path.join(temporaryDirectory(), 'a.pcap');
    writeFileSync(file, syns(1000));
  });
  afterAll(async () => {
    silent.close();
    await server.db.close();
  });

  it('that is away, or knows another password, or is no address: one line', async () => {
    const closed = await umbrascope(['status', '--clickhouse', url(1)]);
    expect(closed).toMatchObject({ code: 1, stdout: '' });
    expect(closed.stderr).toBe(
      'umbrascope: the database at 127.0.0.1:1 does not answer (ECONNREFUSED): when it runs, give the same command again\n',
    );
    const wrong = await umbrascope(['status', '--clickhouse', url(server.port, 'guess')]);
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toMatch(/^umbrascope: the database at \S+ does not let umbrascope in: .*password.*\n$/);
    expect(wrong.stderr).not.toContain('guess');
    const bad = await umbrascope(['status', '--clickhouse', 'host:8123:x']);
    expect(bad).toMatchObject({ code: 2, stdout: '' });
  });

  it('whose line is cut while it is sent to, or before it has answered, counts everything once', async () => {
    let counted = 0;
    for (const [i, [cut, table]] of (
      [
        ['sending', 'flows'],
        ['answering', 'flows'],
        ['answering', 'ledger'],
      ] as const
    ).entries()) {
      writeFileSync(file, syns(20_000, 1_600_000_000 + i * 100_000));
      counted += 20_000;
      const line = await cutLine(server.port, table, cut, 1);
      const args = ['ingest', '--data', data, file, '--clickhouse'];
      const broken = await umbrascope([...args, url(line.port)]);
      expect(line.cuts(), `${cut} ${table}`).toBe(1);
      expect(broken.stderr).toMatch(
        /^umbrascope: the database at \S+ does not answer \([^\n]+\): when it runs, [^\n]+\n$/,
      );
      expect(broken.code).toBe(1);
      const account = await umbrascopeJson<RunAccount>([...args, url(line.port)]);
      line.close();
      expect(account.balanced).toBe(true);
      const [row] = await server.db.query<{ packets: number }>('SELECT sum(packets) AS packets FROM flows');
      expect(row?.packets).toBe(counted);
    }
    const found = await umbrascopeJson<{ equal: boolean }>([
      'verify',
      '--data',
      data,
      file,
      '--clickhouse',
      url(server.port),
    ]);
    expect(found.equal).toBe(true);
  });

  it('that takes the connection and says nothing is given up', async () => {
    const { port } = silent.address() as AddressInfo;
    const { code, stderr } = await givenUp;
    expect(code).toBe(1);
    expect(stderr).toBe(
      `umbrascope: the database at 127.0.0.1:${port} does not answer (nothing within 10 s): when it runs, give the same command again\n`,
    );
  });
});
