// `engine copy`: the rows of sensors from one database into another, piece by piece. A piece is there or not, so a copy that was cut off
// goes on where it was; and at the end both sides are compared.
import { createHash } from 'node:crypto';
import type { Connection } from '../database.ts';
import { deleteRows } from '../delete-rows.ts';
import { alike, type Piece, piecesOf, type Slot, slotsOf, within } from './slots.ts';
import { COPIED_TABLES, type CopiedTable, copiedTable, LAST_TABLES } from './tables.ts';

export interface Sides {
  source: Connection;
  target: Connection;
  /** UUID of the source's database. */
  id: string;
  sensors: readonly string[];
  /** Told of each piece. */
  progress: (table: string, sensor: string) => void;
}

/** Of one table, all sensors. */
export interface CopiedSums {
  table: string;
  pieces: number;
  /** Pieces that an earlier run had brought. */
  already: number;
  source: number;
  target: number;
  equal: boolean;
}

/**
 * Copies what is not there yet and compares every table. Tables that say what is in a database come last, and only when all others are
 * the same on both sides. The source's ledger must not have changed since before that comparison: then all of its units were in it.
 */
export async function copySensors(sides: Sides): Promise<CopiedSums[]> {
  const sums = new Map<string, CopiedSums>();
  const first = COPIED_TABLES.filter((name) => !LAST_TABLES.includes(name));
  for (const name of first) await copyTable(sides, name, sums, false);
  const ledger = await ledgerOf(sides);
  for (const name of first) await compareTable(sides, name, sums);
  for (const name of unequal(sums)) {
    // The target has forgotten rows that it knows to have taken, such as those that retention dropped.
    await copyTable(sides, name, sums, true);
    await compareTable(sides, name, sums);
  }
  const whole = unequal(sums).length === 0;
  for (const name of LAST_TABLES) {
    if (whole) await copyTable(sides, name, sums, true);
    await compareTable(sides, name, sums);
  }
  const noted = sums.get('ledger') as CopiedSums;
  if ((await ledgerOf(sides)) !== ledger) noted.equal = false;
  return COPIED_TABLES.map((name) => sums.get(name) as CopiedSums);
}

function unequal(sums: Map<string, CopiedSums>): string[] {
  return [...sums.values()].filter(({ equal }) => !equal).map(({ table }) => table);
}

async function ledgerOf({ source, sensors }: Sides): Promise<string> {
  const slots = [];
  for (const sensor of sensors) slots.push(await slotsOf(source, copiedTable('ledger'), 'source', sensor));
  return JSON.stringify(slots.map((one) => one.map(({ slot, digest }) => [slot, digest])));
}

function sumsOf(table: string, sums: Map<string, CopiedSums>): CopiedSums {
  const row = sums.get(table) ?? { table, pieces: 0, already: 0, source: 0, target: 0, equal: true };
  sums.set(table, row);
  return row;
}

/** @param fresh also what the target once took is taken again where it is not there */
async function copyTable(sides: Sides, name: string, sums: Map<string, CopiedSums>, fresh: boolean): Promise<void> {
  const row = sumsOf(name, sums);
  row.pieces = 0;
  for (const sensor of sides.sensors) {
    const copied = await copySensor(sides, copiedTable(name), sensor, fresh);
    row.pieces += copied.pieces;
    if (!fresh || LAST_TABLES.includes(name)) row.already += copied.already;
  }
}

async function copySensor(
  sides: Sides,
  table: CopiedTable,
  sensor: string,
  fresh: boolean,
): Promise<{ pieces: number; already: number }> {
  const [ours, theirs] = await bothSlots(sides, table, sensor);
  const pieces = piecesOf(ours, table);
  const known = new Set(ours.map(({ slot }) => slot));
  const stray = theirs.filter(({ slot }) => !known.has(slot));
  for (const { slot } of stray) await takeAway(sides, table, sensor, { first: slot, last: slot });
  let already = 0;
  let sent: Promise<void> = Promise.resolve();
  for (const piece of pieces) {
    sides.progress(table.name, sensor);
    const there = within(piece, theirs).filter(({ slot }) => known.has(slot));
    if (alike(piece.slots, there)) {
      already++;
      continue;
    }
    if (there.length > 0) await takeAway(sides, table, sensor, piece);
    const token = tokenOf(sides.id, table.name, sensor, piece, fresh || there.length > 0);
    for (let part = 0; part < piece.parts; part++) {
      const bytes = await readPiece(sides.source, table, sensor, piece, part);
      // one is read while the one before is written
      await sent;
      if (bytes.length > 0) sent = sides.target.insertNative(table.name, table.columns, bytes, `${token} ${part}`);
      sent.catch(() => {}); // awaited before the next, or at the end
    }
  }
  await sent;
  return { pieces: pieces.length, already };
}

/** A piece that comes again, since what was there was not whole, must not be taken for the one that the target knows. */
function tokenOf(id: string, table: string, sensor: string, piece: Piece, again: boolean): string {
  const digests = piece.slots.map(({ digest }) => digest).join();
  const content = createHash('sha256').update(digests).digest('hex');
  const name = `copy ${id} ${table} ${sensor} ${piece.first}-${piece.last} ${content}`;
  return again ? `${name} ${Date.now()}` : name;
}

function readPiece(db: Connection, table: CopiedTable, sensor: string, piece: Piece, part: number): Promise<Buffer> {
  const { first, last, parts } = piece;
  const some = parts > 1 ? ` AND ${table.part}` : '';
  return db.readNative(
    `SELECT ${table.columns.join(', ')} FROM ${table.source} WHERE sensor = {sensor:String} AND ${table.slots}${some} ORDER BY ${table.orderBy}`,
    { sensor, first, last, parts, part },
  );
}

function takeAway(
  { target }: Sides,
  table: CopiedTable,
  sensor: string,
  { first, last }: { first: number; last: number },
): Promise<void> {
  return deleteRows(target, table.name, `sensor = {sensor:String} AND ${table.slots}`, { sensor, first, last });
}

function bothSlots({ source, target }: Sides, table: CopiedTable, sensor: string): Promise<[Slot[], Slot[]]> {
  return Promise.all([slotsOf(source, table, 'source', sensor), slotsOf(target, table, 'target', sensor)]);
}

/** Reads both sides whole. */
async function compareTable(sides: Sides, name: string, sums: Map<string, CopiedSums>): Promise<void> {
  const row = sumsOf(name, sums);
  Object.assign(row, { source: 0, target: 0, equal: true });
  for (const sensor of sides.sensors) {
    sides.progress(`${name}, comparing`, sensor);
    const [ours, theirs] = await bothSlots(sides, copiedTable(name), sensor);
    row.source += ours.reduce((sum, { amount }) => sum + amount, 0);
    row.target += theirs.reduce((sum, { amount }) => sum + amount, 0);
    if (!alike(ours, theirs)) row.equal = false;
  }
}
