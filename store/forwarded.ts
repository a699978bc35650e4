// A connection that stands for another one, which is not there yet or may be replaced.
import type { Connection } from './database.ts';

/** Has the work done by the connection there is. @param again true for a question: asking twice does no harm */
export type Use = <T>(work: (db: Connection) => Promise<T>, again: boolean) => Promise<T>;

export function forwarded(use: Use, close: () => Promise<void>): Connection {
  return {
    query: (sql, parameters, settings) => use((db) => db.query(sql, parameters, settings), true),
    rows: async function* <Row extends unknown[]>(sql: string, parameters?: Record<string, unknown>) {
      yield* await use(async (db) => db.rows<Row>(sql, parameters), false);
    },
    command: (sql, parameters) => use((db) => db.command(sql, parameters), false),
    insertFile: (table, file, token, fence) => use((db) => db.insertFile(table, file, token, fence), false),
    readNative: (sql, parameters) => use((db) => db.readNative(sql, parameters), true),
    insertNative: (table, columns, bytes, token) => use((db) => db.insertNative(table, columns, bytes, token), false),
    ping: () => use((db) => db.ping(), true),
    useDatabase: (name) => use((db) => db.useDatabase(name), false),
    close,
  };
}
