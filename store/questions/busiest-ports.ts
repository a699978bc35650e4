// Which ports had most packets in a span of days. Of a span that begins or ends within a month every port has bounds, without reading a day:
// at least what its whole months have, at most what all its months have. Days are then read of those few ports that can be among the first.
import type { Connection } from '../database.ts';
import { type Coarse, MONTHS, PORT_NAME, PORTS_ASKED, type TrendScope } from './trend-scope.ts';
import {
  DAYS_OF_NO_WHOLE_MONTH,
  IS_WHOLE_MONTH,
  OF_NO_WHOLE_YEAR,
  portsOfDays,
  WHOLE_YEARS,
  wholeParts,
} from './whole-parts.ts';
import { portParameters, THESE_PORTS } from './year-ports.ts';

export interface Port {
  proto: number;
  dstPort: number;
  /** As it is written everywhere. */
  port: string;
}

interface Bounded extends Port {
  least: number;
  most: number;
}

/** Ports of which the bounds are looked at. */
const LOOKED_AT = 300;
/** Ports whose days are read for each that is wanted, where no month is whole. */
const FOR_EACH = 4;

/** The first of them by their packets, then by name; as many as there are series. */
export async function busiestPorts(db: Connection, scope: TrendScope, scale: Coarse): Promise<Port[]> {
  // Months are whole, whatever day the span begins with.
  const [from, to] = scale === 'day' ? [scope.from, scope.to] : [firstOfMonth(scope.from), lastOfMonth(scope.to)];
  const span = { ...scope, from, to, ...wholeParts(from, to) };
  const isWhole = from === firstOfMonth(from) && to === lastOfMonth(to);
  return (isWhole ? undefined : await boundedPorts(db, span)) ?? countedPorts(db, span);
}

const firstOfMonth = (day: string) => `${day.slice(0, 7)}-01`;
const lastOfMonth = (day: string) =>
  new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0)).toISOString().slice(0, 10);

function countedPorts(db: Connection, span: TrendScope): Promise<Port[]> {
  return db.query(
    `-- Which ports had most packets in this span?
     SELECT proto, dstPort, ${PORT_NAME} AS port FROM ${portsOfDays(PORTS_ASKED)}
     GROUP BY proto, dstPort ORDER BY sum(packets) DESC, port LIMIT {series:UInt32}`,
    { ...span },
  );
}

/** Undefined where a port that was not looked at could be among them. */
async function boundedPorts(db: Connection, span: TrendScope): Promise<Port[] | undefined> {
  const bounded = await portBounds(db, span);
  const wanted = span.series;
  const enough = bounded.map(({ least }) => least).sort((a, b) => b - a)[wanted - 1] ?? 0;
  const able = enough > 0 ? bounded.filter(({ most }) => most >= enough).length : FOR_EACH * wanted;
  const isAll = (chosen: number) => chosen >= bounded.length && bounded.length < LOOKED_AT;
  for (const chosen of new Set([Math.min(able, LOOKED_AT), LOOKED_AT])) {
    const counted = await withDays(db, span, bounded.slice(0, chosen));
    const last = counted[wanted - 1]?.packets ?? 0;
    const next = bounded[Math.min(chosen, bounded.length - 1)]?.most ?? 0;
    if (isAll(chosen) || next < last) return counted.slice(0, wanted).filter(({ packets }) => packets > 0);
  }
  return undefined;
}

/** Those that may have most packets first. */
function portBounds(db: Connection, span: TrendScope): Promise<Bounded[]> {
  return db.query<Bounded>(
    `-- Between which bounds are the packets of a port in this span?
     SELECT proto, dstPort, ${PORT_NAME} AS port, sumIf(hit.packets, isWhole) AS least, sum(hit.packets) AS most
     FROM (
       SELECT proto, dstPort, packets, true AS isWhole FROM portYearsCurrent
       WHERE ${WHOLE_YEARS} AND ${PORTS_ASKED}
       UNION ALL
       SELECT proto, dstPort, packets, ${IS_WHOLE_MONTH} AS isWhole FROM portMonthsCurrent
       WHERE ${MONTHS} AND ${OF_NO_WHOLE_YEAR} AND ${PORTS_ASKED}
     ) AS hit
     GROUP BY proto, dstPort ORDER BY most DESC LIMIT ${LOOKED_AT}`,
    { ...span },
  );
}

async function withDays(
  db: Connection,
  span: TrendScope,
  ports: readonly Bounded[],
): Promise<(Port & { packets: number })[]> {
  const ends = await db.query<{ proto: number; dstPort: number; sent: number }>(
    `-- How many packets came to these ports on the days of this span that are of no whole month?
     SELECT proto, dstPort, sum(packets) AS sent FROM portDaysCurrent
     WHERE ${DAYS_OF_NO_WHOLE_MONTH} AND ${PORTS_ASKED} AND ${THESE_PORTS}
     GROUP BY proto, dstPort`,
    { ...span, ...portParameters(ports) },
  );
  const sentTo = new Map(ends.map(({ proto, dstPort, sent }) => [`${proto}/${dstPort}`, sent]));
  return ports
    .map(({ least, most: _, ...port }) => ({
      ...port,
      packets: least + (sentTo.get(`${port.proto}/${port.dstPort}`) ?? 0),
    }))
    .sort((a, b) => b.packets - a.packets || (a.port < b.port ? -1 : 1));
}
