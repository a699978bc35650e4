// Answers of the database that a server keeps while the data stay as they are: most of what a page asks, others have asked before. Small
// questions about sensors, spans and rules are part of nearly every answer, and cost more together than what is special to one.
import type { Connection } from '../../store/database.ts';
import { Latest } from '../latest.ts';

/** Bytes of memory that the answers take together, about. */
const MOST_BYTES = 32_000_000;
/** What has more is not weighed. */
const LARGEST_ROWS = 15_000;
/** What the question itself takes. */
const BESIDES = 2_000;
const remembering = new WeakSet<Connection>();

export function isRemembering(db: Connection): boolean {
  return remembering.has(db);
}

/**
 * The connection, which answers the same question about the same state of the data once.
 * @param version the state that the data were last seen in; empty while nobody has looked, and then nothing is kept
 */
export function remembered(db: Connection, version: () => string): Connection {
  const known = new Latest<unknown[]>(MOST_BYTES);
  let coming = new Map<string, Promise<unknown[]>>();
  let state = '';
  const query: Connection['query'] = (sql, parameters, settings) => {
    if (version() === '') return db.query(sql, parameters, settings);
    if (version() !== state) {
      known.clear();
      coming = new Map();
      state = version();
    }
    const key = `${sql}\n${JSON.stringify(parameters)}`;
    const found = known.get(key) ?? coming.get(key);
    if (found) return Promise.resolve(found as never[]);
    const of = coming;
    const rows = db.query<never>(sql, parameters, settings);
    of.set(key, rows);
    rows.then(
      (all) => {
        Object.freeze(all);
        of.delete(key);
        if (of === coming) known.set(key, all, weightOf(all) + BESIDES);
      },
      () => of.delete(key),
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
