// One client, one SQL, two homes (embedded engine or server): queries with bound parameters, commands, and blocks from the spool.
import { Agent } from 'node:https';
import { Readable } from 'node:stream';
import {
  type ClickHouseClient,
  ClickHouseError,
  ClickHouseLogLevel,
  type ClickHouseSettings,
  createClient,
} from '@clickhouse/client';
import { diskFullText } from './engine/trouble.ts';
import { insertBlock } from './insert.ts';
import { LONG_QUESTION, QUESTION_LIMITS, tooMuchText } from './limits.ts';
import { INSERT_SETTINGS, ONE_BLOCK, SETTINGS } from './settings.ts';

/** Name of our database, where none is given. */
export const DATABASE = 'umbrascope';

export interface Connection {
  /** Rows as objects; numbers are numbers (our sums stay far below 2^53). The database lets it change nothing, and bounds its time and memory. */
  query<Row>(sql: string, parameters?: Record<string, unknown>, settings?: ClickHouseSettings): Promise<Row[]>;
  /** The same for answers too long to hold: rows as arrays, read as they are asked for. */
  rows<Row extends unknown[]>(sql: string, parameters?: Record<string, unknown>): AsyncIterable<Row>;
  command(sql: string, parameters?: Record<string, unknown>): Promise<void>;
  /** Inserts a spooled Native file; the same token again does nothing, and a fence may forbid it. */
  insertFile(table: string, file: string, token: string, fence?: string): Promise<void>;
  /** The answer as one Native stream, whole in memory: who asks bounds it. */
  readNative(sql: string, parameters?: Record<string, unknown>): Promise<Buffer>;
  /** Inserts such an answer as one block: all of its rows or none. The same token again does nothing. */
  insertNative(table: string, columns: readonly string[], bytes: Buffer, token: string): Promise<void>;
  /** @throws DatabaseError when nothing answers in time */
  ping(): Promise<void>;
  /** From here on names without a database mean this one. */
  useDatabase(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface ConnectionConfig {
  url: string;
  user: string;
  password: string;
  /** What a user calls it: its directory, where it is ours. */
  place?: string;
  /** It runs on this machine as this user: it is told of a spooled file, which is then not sent (a sixth of an insert's work). */
  readsFiles?: boolean;
  /** The database itself then refuses everything that would change it. */
  readOnly?: boolean | undefined;
  /** Certificates of the authority that signed the server's own, as PEM; else those that Node trusts. */
  ca?: string;
}

/** A failure of the database, in one line that a user can act on. */
export class DatabaseError extends Error {
  override name = 'DatabaseError';
}

/** It could not be reached: it may be gone, or on its way back. */
export class DatabaseAway extends DatabaseError {
  override name = 'DatabaseAway';
}

/** The user may not do what was asked. */
export class NotAllowed extends DatabaseError {
  override name = 'NotAllowed';
}

const HOUR_MS = 3_600_000;
/** A server that takes connections and says nothing would be waited for as for a long insert. */
const PING_MS = 10_000;
/** The client's own default. */
const MOST_SOCKETS = 10;

function clientOf(config: ConnectionConfig, database: string): ClickHouseClient {
  return createClient({
    url: config.url,
    username: config.user,
    password: config.password,
    database,
    request_timeout: HOUR_MS,
    keep_alive: { enabled: true, idle_socket_ttl: 10_000 },
    // An agent and not the client's own `tls`, which sends passwords in a header that holds Latin letters only.
    ...(config.ca ? { http_agent: new Agent({ ca: config.ca, keepAlive: true, maxSockets: MOST_SOCKETS }) } : {}),
    clickhouse_settings: {
      ...SETTINGS,
      // 2 and not 1: the settings above are still ours to give.
      ...(config.readOnly ? { readonly: '2' } : {}),
    },
    log: { level: ClickHouseLogLevel.OFF },
  });
}

export function connect(config: ConnectionConfig): Connection {
  let client = clientOf(config, 'default');
  return {
    query: (sql, parameters = {}, settings = {}) =>
      explained(config, async () => {
        const result = await client.query({
          query: sql,
          query_params: parameters,
          format: 'JSONEachRow',
          clickhouse_settings: { readonly: '2', ...QUESTION_LIMITS, ...settings },
        });
        return await result.json();
      }),
    rows: async function* <Row extends unknown[]>(sql: string, parameters: Record<string, unknown> = {}) {
      const result = await explained(config, () =>
        client.query({
          query: sql,
          query_params: parameters,
          format: 'JSONCompactEachRow',
          clickhouse_settings: { wait_end_of_query: 0, readonly: '2', ...QUESTION_LIMITS, ...LONG_QUESTION },
        }),
      );
      const stream = result.stream()[Symbol.asyncIterator]();
      try {
        for (;;) {
          const portion = await explained(config, () => stream.next());
          if (portion.done) return;
          for (const row of portion.value) yield row.json() as Row;
        }
      } finally {
        result.close();
      }
    },
    command: (sql, parameters = {}) =>
      explained(config, async () => {
        await client.command({ query: sql, query_params: parameters });
      }),
    insertFile: (table, file, token, fence) =>
      explained(config, () => insertBlock(client, { table, file, token, fence }, config.readsFiles === true)),
    readNative: (sql, parameters = {}) =>
      explained(config, async () => {
        const { stream } = await client.exec({
          query: `${sql} FORMAT Native`,
          query_params: parameters,
          clickhouse_settings: { readonly: '2' },
        });
        const pieces: Buffer[] = [];
        for await (const piece of stream) pieces.push(piece as Buffer);
        return Buffer.concat(pieces);
      }),
    insertNative: (table, columns, bytes, token) =>
      explained(config, async () => {
        const { stream } = await client.exec({
          query: `INSERT INTO ${table} (${columns.join(', ')}) FORMAT Native`,
          values: Readable.from([bytes]),
          clickhouse_settings: { ...INSERT_SETTINGS, ...ONE_BLOCK, insert_deduplication_token: token },
        });
        for await (const _ of stream);
      }),
    ping: () =>
      explained(config, async () => {
        const signal = AbortSignal.timeout(PING_MS);
        try {
          const { stream } = await client.exec({ query: 'SELECT 1', abort_signal: signal });
          for await (const _ of stream);
        } catch (error) {
          if (!signal.aborted) throw error;
          throw Object.assign(new Error('no answer'), { code: `nothing within ${PING_MS / 1000} s` });
        }
      }),
    useDatabase: async (name) => {
      await client.close();
      client = clientOf(config, name);
    },
    close: async () => {
      await client.close();
    },
  };
}

async function explained<T>({ url, place, user }: ConnectionConfig, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = error as NodeJS.ErrnoException;
    const where = place ?? `the database at ${new URL(url).host}`;
    if (error instanceof ClickHouseError && isDiskFull(error))
      throw new DatabaseError(diskFullText(where), { cause: error });
    if (error instanceof ClickHouseError && error.code === AUTHENTICATION_FAILED)
      throw new DatabaseError(
        `${where} does not let ${user} in: wrong user or password: with the right ones, give the same command again`,
        { cause: error },
      );
    if (error instanceof ClickHouseError && error.code === ACCESS_DENIED)
      throw new NotAllowed(`${where} does not let ${user} do this: ${withoutUser(error, user)}`, { cause: error });
    if (error instanceof ClickHouseError && AWAY.includes(error.code)) {
      const advice = 'when it is back, give the same command again';
      throw new DatabaseError(`${where}: a server of its cluster is away (${firstLine(error.message)}): ${advice}`, {
        cause: error,
      });
    }
    const tooMuch = error instanceof ClickHouseError && tooMuchText(error.code, where);
    if (tooMuch) throw new DatabaseError(tooMuch, { cause: error });
    if (error instanceof ClickHouseError)
      throw new DatabaseError(`the database refused: ${firstLine(error.message)}`, { cause: error });
    const tls = reason.code && tlsTrouble(reason.code);
    if (tls) throw new DatabaseError(`${where} ${tls}`, { cause: error });
    if (reason.code) {
      const advice = 'when it runs, give the same command again';
      throw new DatabaseAway(`${where} does not answer (${reason.code}): ${advice}`, { cause: error });
    }
    throw error;
  }
}

const NOT_ENOUGH_SPACE = '243';
const AUTHENTICATION_FAILED = '516';
const ACCESS_DENIED = '497';
/** What a server says when another does not answer it: ATTEMPT_TO_READ_AFTER_EOF, SOCKET_TIMEOUT, NETWORK_ERROR, ALL_CONNECTION_TRIES_FAILED. */
const AWAY = ['32', '209', '210', '279'];

/** What is wrong where encryption fails: nothing that waiting would mend. */
function tlsTrouble(code: string): string | undefined {
  if (code === 'CERT_HAS_EXPIRED') return 'has a certificate that has expired';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'has a certificate for another name: call it as the certificate does';
  if (/^(SELF_SIGNED|DEPTH_ZERO_SELF_SIGNED|UNABLE_TO_|CERT_)/.test(code))
    return `has a certificate that is not trusted (${code}): give its authority's with --ca FILE`;
  if (/^(EPROTO|ERR_SSL_)/.test(code)) return 'does not speak https on that port: http there, or another port';
  if (/^HPE_/.test(code)) return 'does not speak http on that port: https there, or another port';
  return undefined;
}

/** The server's line says which grant is missing. */
function withoutUser(error: ClickHouseError, user: string): string {
  return firstLine(error.message)
    .replace(`${user}: `, '')
    .replace(/ ?\(ACCESS_DENIED\).*$/, '');
}

function isDiskFull({ code, message }: ClickHouseError): boolean {
  return code === NOT_ENOUGH_SPACE || /No space left on device|errno: 28\b/.test(message);
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? message).trim();
}
