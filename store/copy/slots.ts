// A table's rows of one sensor as slots, on either side, and the slots that the source has cut into pieces.
import type { Connection } from '../database.ts';
import type { CopiedTable } from './tables.ts';

export interface Slot {
  slot: number;
  rows: number;
  amount: number;
  digest: string;
}

/** Slots from first to last, in one insert or, where one slot alone is too large, in several. */
export interface Piece {
  first: number;
  last: number;
  slots: Slot[];
  parts: number;
}

export type Side = 'source' | 'target';

/** An hour of a sensor is some hundred bytes here: decades of them have room. */
export function slotsOf(db: Connection, table: CopiedTable, side: Side, sensor: string): Promise<Slot[]> {
  return db.query(
    `-- How much is there in each slot, and is it the same as elsewhere?
     SELECT ${table.slot} AS slot, count() AS rows, ${table.amount} AS amount, toString(cityHash64(${table.digest})) AS digest
     FROM ${table[side]} WHERE sensor = {sensor:String} GROUP BY slot ORDER BY slot`,
    { sensor },
  );
}

/** The same slots are always cut in the same way: what was sent before a kill is known by its token when it is sent again. */
export function piecesOf(slots: readonly Slot[], { mostRows, monthOf }: CopiedTable): Piece[] {
  const pieces: Piece[] = [];
  let rows = 0;
  for (const slot of slots) {
    const piece = pieces.at(-1);
    if (piece && rows + slot.rows <= mostRows && monthOf(piece.first) === monthOf(slot.slot)) {
      piece.last = slot.slot;
      piece.slots.push(slot);
      rows += slot.rows;
    } else {
      pieces.push({ first: slot.slot, last: slot.slot, slots: [slot], parts: Math.ceil(slot.rows / mostRows) || 1 });
      rows = slot.rows;
    }
  }
  return pieces;
}

export function alike(ours: readonly Slot[], theirs: readonly Slot[]): boolean {
  return (
    ours.length === theirs.length &&
    ours.every(({ slot, digest }, i) => theirs[i]?.slot === slot && theirs[i]?.digest === digest)
  );
}

export function within({ first, last }: Piece, slots: readonly Slot[]): Slot[] {
  return slots.filter(({ slot }) => slot >= first && slot <= last);
}
