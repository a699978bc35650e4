// A file may be a shorter copy of one that is in the database: its last unit ends earlier than the ledger's, so that it has another identity.
// Whether it is the beginning of that unit is seen in the longer file, where that still lies; if not, the frames are counted.
import { type AnalyzerConfig, type UnitAccount, UnitCounter } from '../../analyzer/unit.ts';
import { keptContext } from '../../collector/formats/capture.ts';
import { type ByteSource, openSource } from '../../collector/source.ts';
import type { Ledger, LedgerUnit } from '../../store/ledger.ts';
import type { Cut } from './reading.ts';

/**
 * The unit of the ledger that begins with this one's bytes and goes on behind them.
 * @param path of the file at hand, which cannot bear witness to what it was before
 */
export async function unitGoingOn(ledger: Ledger, path: string, cut: Cut): Promise<LedgerUnit | undefined> {
  const bytes = new Uint8Array(cut.slot.buffer, cut.from, cut.to - cut.from);
  for (const unit of ledger.units.get(cut.opening) ?? []) {
    if (unit.path === path || unit.start !== cut.start || unit.end <= cut.end) continue;
    if (await holds(unit.path, cut.start, bytes)) return unit;
  }
  return undefined;
}

/** What a unit's frames are, without adding them to any table. */
export function accountOf(cut: Cut, config: AnalyzerConfig): UnitAccount {
  const counter = new UnitCounter(config);
  return counter.add(new DataView(cut.slot.buffer), cut.from, cut.to, keptContext(cut.context));
}

/** True when the file has these bytes at this place of its decompressed stream; false also where it cannot be read any more. */
async function holds(path: string, start: number, bytes: Uint8Array): Promise<boolean> {
  let source: ByteSource | undefined;
  try {
    source = await openSource(path);
    const piece = new Uint8Array(1 << 16);
    for (let at = 0; at < start + bytes.length; ) {
      const count = await source.read(
        piece,
        0,
        Math.min(piece.length, (at < start ? start : start + bytes.length) - at),
      );
      if (count === 0) return false;
      if (at >= start && Buffer.compare(piece.subarray(0, count), bytes.subarray(at - start, at - start + count)) !== 0)
        return false;
      at += count;
    }
    return true;
  } catch {
    return false;
  } finally {
    await source?.close();
  }
}
