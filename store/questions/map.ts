// Where packets come from and go to, by address: the cells of the address maps. IPv4 only.
import { IPV4_NUMBER, IS_IPV4, ipv4Number } from '../addresses.ts';
import type { Connection } from '../database.ts';
import { DAYS, HOURS, KIND, PACKETS_OF_KIND } from './conditions.ts';
import type { RangeScope } from './range.ts';

export interface MapScope extends RangeScope {
  kind: 'scan' | 'backscatter' | 'other' | 'all';
}

export interface MapRow {
  /** Day or hour, or empty for the whole span. */
  frame: string;
  /** The first bits of the source address, or the dark address, as a number. */
  cell: number;
  value: number;
}

const IPV4 = `BETWEEN toIPv6('::ffff:0.0.0.0') AND toIPv6('::ffff:255.255.255.255')`;
const VALUES = { packets: 'sum(sent)', sources: 'uniqExact(srcAddr)' };

/** @param bits of the source address that make a cell */
export function sourceCells(
  db: Connection,
  scope: MapScope,
  bits: number,
  measure: 'packets' | 'sources',
  byDay: boolean,
): Promise<MapRow[]> {
  return db.query(
    `-- From which parts of the Internet did packets come in these days?
     SELECT ${byDay ? 'toString(day)' : `''`} AS frame, cell, ${measure === 'packets' ? 'sum(sent)' : 'uniqExact(source)'} AS value
     FROM (
       SELECT day, ${IPV4_NUMBER} AS source, bitShiftRight(source, {shift:UInt8}) AS cell, ${PACKETS_OF_KIND[scope.kind]} AS sent
       FROM sourceDaysCurrent
       WHERE ${DAYS} AND ${IS_IPV4}
     )
     WHERE sent > 0 GROUP BY ${byDay ? 'day, ' : ''}cell ORDER BY frame, cell`,
    { ...scope, shift: 32 - bits },
  );
}

/** Hours stand in flows only: for short spans. */
export function sourceCellsByHour(
  db: Connection,
  scope: MapScope,
  bits: number,
  measure: 'packets' | 'sources',
): Promise<MapRow[]> {
  return db.query(
    `-- From which parts of the Internet did packets come in each hour?
     SELECT formatDateTime(hour, '%Y-%m-%dT%H:00:00Z', 'UTC') AS frame, bitShiftRight(${IPV4_NUMBER}, {shift:UInt8}) AS cell,
       ${VALUES[measure]} AS value
     FROM (
       SELECT hour, srcAddr, packets AS sent FROM flows
       WHERE ${HOURS} AND srcAddr ${IPV4} AND ${KIND}
     )
     GROUP BY frame, cell ORDER BY frame, cell`,
    { ...scope, shift: 32 - bits },
  );
}

/** Dark addresses as they are: only for making places of them. */
export function darkCells(db: Connection, scope: MapScope, byDay: boolean): Promise<MapRow[]> {
  return db.query(
    `-- How many packets came to each dark address in these days?
     SELECT ${byDay ? 'toString(day)' : `''`} AS frame, ${ipv4Number('dstAddr')} AS cell, sum(packets) AS value
     FROM darkDays
     WHERE ${DAYS} AND dstAddr ${IPV4} AND ${KIND}
     GROUP BY frame, cell ORDER BY frame, cell`,
    { ...scope },
  );
}
