// Answers of the database that a server keeps while the data stay as they are: most of what a page asks, others have asked before. Small
// questions about sensors, spans and rules are part of nearly every answer, and cost more together than what is special to one.
import type { Connection } from '../../store/database.ts';

/** Answers kept, and the memory that they and the largest of them take, about. */
const MOST = 200;
const MOST_BYTES = 10_000_000;
const LARGEST = 4_000_000;
/** What has more is not weighed. */
const LARGEST_ROWS = 15_000;
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
  let bytesKept = 0;
  let state = '';
  const begin = () => {
    known = new Map();
    bytesKept = 0;
    state = version();
  };
  const query: Connection['query'] = (sql, parameters, settings) => {
    if (version() === '') return db.query(sql, parameters, settings);
    if (version() !== state || known.size >= MOST || bytesKept > MOST_BYTES) begin();
    const key = `${sql}\n${JSON.stringify(parameters)}`;
    const found = known.get(key);
    if (found) return found as Promise<never[]>;
    const kept = known;
    const rows = db.query<never>(sql, parameters, settings);
    kept.set(key, rows);
    rows.then(
      (all) => {
        Object.freeze(all);
        const bytes = weightOf(all);
        if (bytes > LARGEST) kept.delete(key);
        else if (kept === known) bytesKept += bytes;
      },
      () => kept.delete(key),
    );
    return rows;
  };
  const connection = { ...db, query };
  remembering.add(connection);
  return connection;
}

/** Objects and strings take about twice what they take as JSON. */
function weightOf(rows: readonly unknown[]): number {
  return rows.length > LARGEST_ROWS ? Number.POSITIVE_INFINITY : 2 * JSON.stringify(rows).length;
}
