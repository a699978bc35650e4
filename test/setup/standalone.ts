// ClickHouse servers of their own for tests: with users and passwords, spoken to over HTTP, and joined to a cluster over TCP.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, connect } from '../../store/database.ts';
import { temporaryDirectory } from './command.ts';

export const ADMIN = { user: 'admin', password: 'p@ss/wörd %1' };
/** What the servers call their cluster. */
export const CLUSTER = 'pair';

export interface Standalone {
  port: number;
  /** With the administrator's name and password. */
  url: string;
  /** As the administrator, in the database `default`. */
  connect(): Connection;
  /** Ends it, and waits for its end. */
  stop(): Promise<void>;
  /** On the same port with the same data. */
  start(): Promise<void>;
  /** Its users are these from its next start on. */
  setUsers(users: readonly User[]): void;
}

/** A user beside the administrator: what it may do, as GRANT statements without the name behind TO. */
export interface User {
  user: string;
  password: string;
  grants: readonly string[];
}

/**
 * So many servers, each of which knows all of them as the shards of CLUSTER.
 * @param prepare is given the directory of a server's data before it starts
 */
export async function startStandalone(
  servers: number,
  users: readonly User[] = [],
  prepare: (data: string) => void = () => {},
): Promise<Standalone[]> {
  const ports = await freePorts(2 * servers);
  const shards = ports.slice(servers).map(shardXml).join('');
  const made = Array.from({ length: servers }, (_, number) => {
    const directory = temporaryDirectory();
    const config = path.join(directory, 'config.xml');
    mkdirSync(path.join(directory, 'data'));
    prepare(path.join(directory, 'data'));
    writeFileSync(path.join(directory, 'users.xml'), usersXml(users));
    writeFileSync(config, configXml(path.join(directory, 'users.xml'), shards));
    return server(config, path.join(directory, 'data'), ports[number] as number, ports[servers + number] as number);
  });
  await Promise.all(made.map((one) => one.start()));
  return made;
}

function server(config: string, data: string, port: number, tcpPort: number): Standalone {
  let child: ChildProcess | undefined;
  const url = `http://${ADMIN.user}:${encodeURIComponent(ADMIN.password)}@127.0.0.1:${port}`;
  const connection = () => connect({ ...ADMIN, url: `http://127.0.0.1:${port}` });
  return {
    port,
    url,
    connect: connection,
    start: async () => {
      const program = path.join(import.meta.dirname, 'clickhouse.mjs');
      const started = spawn(process.execPath, [program, config, data, String(port), String(tcpPort)], {
        stdio: ['pipe', 'ignore', 'pipe'],
        cwd: data,
      });
      child = started;
      let said = '';
      started.stderr.on('data', (text) => {
        said += text;
      });
      const db = connection();
      for (let tries = 0; tries < 400; tries++) {
        if (started.exitCode !== null) throw new Error(`the server did not start: ${said}`);
        const up = await db.ping().then(
          () => true,
          () => false,
        );
        if (up) break;
        await sleep(50);
      }
      await db.close();
    },
    setUsers: (users) => writeFileSync(path.join(path.dirname(config), 'users.xml'), usersXml(users)),
    stop: async () => {
      const running = child;
      if (running === undefined || running.exitCode !== null) return;
      const ended = new Promise((resolve) => running.once('exit', resolve));
      running.kill('SIGTERM');
      const late = setTimeout(() => running.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(late);
    },
  };
}

async function freePorts(count: number): Promise<number[]> {
  const taken = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    taken.map((one) => {
      return new Promise<number>((resolve) => {
        one.listen(0, '127.0.0.1', () => resolve((one.address() as AddressInfo).port));
      });
    }),
  );
  await Promise.all(taken.map((one) => new Promise((resolve) => one.close(resolve))));
  return ports;
}

function shardXml(port: number): string {
  const { user, password } = ADMIN;
  return `<shard><internal_replication>true</internal_replication>
    <replica><host>127.0.0.1</host><port>${port}</port><user>${user}</user><password>${password}</password></replica></shard>`;
}

function configXml(users: string, shards: string): string {
  return `<clickhouse>
  <users_config>${users}</users_config>
  <max_server_memory_usage>1000000000</max_server_memory_usage>
  <mark_cache_size>67108864</mark_cache_size>
  <background_pool_size>1</background_pool_size>
  <merge_tree>
    <number_of_free_entries_in_pool_to_lower_max_size_of_merge>0</number_of_free_entries_in_pool_to_lower_max_size_of_merge>
    <number_of_free_entries_in_pool_to_execute_mutation>0</number_of_free_entries_in_pool_to_execute_mutation>
    <number_of_free_entries_in_pool_to_execute_optimize_entire_partition>0</number_of_free_entries_in_pool_to_execute_optimize_entire_partition>
  </merge_tree>
  <remote_servers><${CLUSTER}>${shards}</${CLUSTER}></remote_servers>
</clickhouse>
`;
}

function usersXml(users: readonly User[]): string {
  const userXml = ({ user, password, grants }: User) => `<${user}><password>${password}</password>
    <networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>
    ${grants.length > 0 ? `<grants>${grants.map((grant) => `<query>${grant}</query>`).join('')}</grants>` : ''}</${user}>`;
  // `default` is the server's own session; it cannot come in twice.
  return `<clickhouse>
  <profiles><default><max_threads>2</max_threads></default><session><max_sessions_for_user>1</max_sessions_for_user></session></profiles>
  <quotas><default></default></quotas>
  <users>
    ${[{ ...ADMIN, grants: [] }, ...users].map(userXml).join('\n')}
    <default><password></password><networks><ip>127.0.0.1</ip></networks><profile>session</profile><quota>default</quota></default>
  </users>
</clickhouse>
`;
}
