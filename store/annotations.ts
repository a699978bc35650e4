// Notes of the users' own, each at a day: drawn in charts over time. A removed note stays as a row without text.
import { randomUUID } from 'node:crypto';
import type { Connection } from './database.ts';

export interface Annotation {
  id: string;
  /** YYYY-MM-DD. */
  day: string;
  text: string;
}

/** Notes that are read at once. */
export const MOST_NOTES = 1_000;

export function readAnnotations(db: Connection, from: string, to: string): Promise<Annotation[]> {
  return db.query(
    `-- Which notes were made for these days?
     SELECT id, toString(day) AS day, text FROM annotations FINAL
     WHERE text != '' AND annotations.day BETWEEN {from:Date} AND {to:Date} ORDER BY day, id LIMIT ${MOST_NOTES}`,
    { from, to },
  );
}

export async function writeAnnotation(db: Connection, { day, text }: Omit<Annotation, 'id'>): Promise<Annotation> {
  const note = { id: randomUUID(), day, text };
  await insert(db, note);
  return note;
}

/** Says whether there was such a note. */
export async function removeAnnotation(db: Connection, id: string): Promise<boolean> {
  const [found] = await db.query<{ day: string }>(
    `-- Is there such a note?
     SELECT toString(day) AS day FROM annotations FINAL WHERE id = {id:String} AND text != ''`,
    { id },
  );
  if (found === undefined) return false;
  await insert(db, { id, day: found.day, text: '' });
  return true;
}

function insert(db: Connection, note: Annotation): Promise<void> {
  return db.command(
    `INSERT INTO annotations (id, day, text, changed) SELECT {id:String}, {day:Date}, {text:String}, {changed:UInt64}`,
    { ...note, changed: Date.now() },
  );
}
