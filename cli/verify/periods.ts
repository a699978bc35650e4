// Which hours and days the captures at hand hold alone, by the ledger, and which other captures share with them.
import type { UnitHours } from '../../store/questions/units.ts';
import { common, type Span, union, without } from './spans.ts';

export interface Periods {
  exact: Span[];
  shared: Span[];
}

/** The hour of frames without a usable time. */
const NO_HOUR = 0;

/**
 * @param named units that were counted again
 * @param periodOf the hour or day of an hour
 */
export function periodsOf(
  units: Iterable<UnitHours>,
  named: ReadonlySet<string>,
  periodOf: (hour: number) => number,
): Periods {
  const ours: Span[] = [];
  const others: Span[] = [];
  for (const unit of units) (named.has(unit.unit) ? ours : others).push(...spansOf(unit, periodOf));
  const all = union(ours);
  const rest = union(others);
  return { exact: without(all, rest), shared: common(all, rest) };
}

function spansOf({ firstHour, lastHour, uncounted }: UnitHours, periodOf: (hour: number) => number): Span[] {
  const spans = [{ from: periodOf(firstHour), to: periodOf(lastHour) + 1 }];
  if (uncounted && firstHour !== NO_HOUR) spans.push({ from: periodOf(NO_HOUR), to: periodOf(NO_HOUR) + 1 });
  return spans;
}
