// The ports that rose most from one month to the next.
import type { Connection } from '../../store/database.ts';
import { portRisers } from '../../store/questions/risers.ts';
import { UsageError } from '../../store/usage-error.ts';
import { addDays } from './days.ts';
import { checkedRange, MOST_DAYS, rangeFacts } from './scope.ts';
import type { SurveyChoice } from './shape.ts';
import type { RiserReport } from './shape-range.ts';

export interface RisersQuery {
  /** YYYY-MM; without it the last month that is over. */
  month?: string;
  sensors: string[];
  survey: SurveyChoice;
  limit: number;
}

const PROTO_NAMES: Record<number, string> = { 6: 'tcp', 17: 'udp' };

/** @throws UsageError for a month without a day of data */
export async function riserReport(db: Connection, query: RisersQuery): Promise<RiserReport> {
  const { survey, limit } = query;
  const all = await checkedRange(db, { sensors: query.sensors }, MOST_DAYS);
  const month = query.month ? `${query.month}-01` : lastWhole(all);
  const to = addDays(`${addDays(month, 31).slice(0, 7)}-01`, -1);
  if (month > all.to || to < all.from) throw new UsageError(`month=${month.slice(0, 7)}: there are no data of it`);
  const range = { ...all, from: month, to };
  const [facts, rows] = await Promise.all([
    rangeFacts(db, range),
    portRisers(db, { sensors: range.sensors, month, survey, limit }),
  ]);
  const ports = rows.map(({ proto, dstPort, rankBefore, packetsBefore, ...row }) => ({
    ...{ port: `${PROTO_NAMES[proto]}/${dstPort}`, ...row, packetsBefore },
    rankBefore: rankBefore || null,
    growth: packetsBefore > 0 ? row.packets / packetsBefore : null,
  }));
  return { ...facts, survey, ports };
}

/** The last month whose last day has come; where there is none the first. */
function lastWhole({ from, to }: { from: string; to: string }): string {
  const next = addDays(to, 1).slice(0, 7);
  return [addDays(`${next}-01`, -1), from].sort()[1]?.replace(/..$/, '01') ?? to;
}
