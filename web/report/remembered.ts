// Answers of the database that a server keeps while the data stay as they are: most of what a page asks, others have asked before. Small
// questions about sensors, spans and rules are part of nearly every answer, and cost more together than what is special to one.
import type { Connection } from '../../store/database.ts';

/** Answers kept, and rows of all of them and of the largest: some 10 MB. */
const MOST = 200;
const MOST_ROWS = 40_000;
const LARGEST = 15_000;
const remembering = new WeakSet<Connection>();

export function isRemembering(db: Connection): boolean {
  return remembering.has(db);
}

/**
 * The connection, which answers the same question about the same state of the data once.
 * @param version the state that the data were last seen in; empty while nobody has looked, and then nothing is kept
 */
export function remembered(db: Connection, version: () => string): Connection {
  let known = new Map<string, Promise<unknown[]>>();
  let rowsKept = 0;
  let state = '';
  const begin = () => {
    known = new Map();
    rowsKept = 0;
    state = version();
  };
  const query: Connection['query'] = (sql, parameters, settings) => {
    if (version() === '') return db.query(sql, parameters, settings);
    if (version() !== state || known.size >= MOST || rowsKept > MOST_ROWS) begin();
    const key = `${sql}\n${JSON.stringify(parameters)}`;
    const found = known.get(key);
    if (found) return found as Promise<never[]>;
    const kept = known;
    const rows = db.query<never>(sql, parameters, settings);
    kept.set(key, rows);
    rows.then(
      (all) => {
        Object.freeze(all);
        if (all.length > LARGEST) kept.delete(key);
        else if (kept === known) rowsKept += all.length;
      },
      () => kept.delete(key),
    );
    return rows;
  };
  const connection = { ...db, query };
  remembering.add(connection);
  return connection;
}
