// The address maps. A dark address becomes its place among the monitored ones, so that no answer names it.
import ipaddr from 'ipaddr.js';
import type { Connection } from '../../store/database.ts';
import { darkCells, type MapRow, type MapScope, sourceCells, sourceCellsByHour } from '../../store/questions/map.ts';
import type { Sensor } from '../../store/sensors.ts';
import { UsageError } from '../../store/usage-error.ts';
import { daysBetween } from './days.ts';
import { checkedRange, checkedSensors, type RangeQuery, rangeFacts } from './scope.ts';
import type { Kind, MapReport, Measure } from './shape-range.ts';

export interface MapQuery extends RangeQuery {
  of: 'sources' | 'dark';
  measure: Measure;
  kind: Kind;
  /** Of the sources' addresses. */
  bits: number;
  frames: boolean;
}

const DEFAULT_DAYS = 30;
const MOST_FRAMES = 100;
/** Above so many monitored addresses the table holds their /24. */
const SINGLY = 65_536;

export async function mapReport(db: Connection, query: MapQuery): Promise<MapReport> {
  const range = await checkedRange(db, query, DEFAULT_DAYS);
  const { of, measure, kind, bits } = query;
  if (of === 'dark' && measure === 'sources')
    throw new UsageError('of=dark: packets are counted by dark address, sources are not');
  const days = daysBetween(range.from, range.to);
  if (query.frames && days > MOST_FRAMES) throw new UsageError(`frames=true: at most ${MOST_FRAMES} days, not ${days}`);
  const scope = { ...range, kind };
  const byHour = of === 'sources' && days <= 2;
  // Packets of days add up to those of the span; a source comes on several of them, and hours are counted from flows.
  const addsUp = query.frames && measure === 'packets' && !byHour;
  const [facts, { known }, asked, framed] = await Promise.all([
    rangeFacts(db, range),
    checkedSensors(db, range.sensors),
    addsUp ? undefined : cellsOfSpan(db, scope, query),
    query.frames ? framesOf(db, scope, query, byHour) : [],
  ]);
  const whole = asked ?? summed(framed);
  const places = of === 'dark' ? darkPlaces(known) : undefined;
  const order = places ? orderFor(places.count) : bits / 2;
  const cellsOf = (rows: readonly MapRow[]) =>
    rows.flatMap(({ cell, value }): [number, number][] => {
      const place = places ? places.of(cell) : cell;
      return place === undefined ? [] : [[place, value]];
    });
  return {
    ...facts,
    of,
    measure,
    kind,
    order,
    bits: places ? places.bits : bits,
    monitored: places ? places.count : null,
    cells: cellsOf(whole),
    frames: byFrame(framed).map(([at, rows]) => ({ at, cells: cellsOf(rows) })),
  };
}

function cellsOfSpan(db: Connection, scope: MapScope, { of, bits, measure }: MapQuery): Promise<MapRow[]> {
  return of === 'dark' ? darkCells(db, scope, false) : sourceCells(db, scope, bits, measure, false);
}

function summed(framed: readonly MapRow[]): MapRow[] {
  const values = new Map<number, number>();
  for (const { cell, value } of framed) values.set(cell, (values.get(cell) ?? 0) + value);
  return [...values].map(([cell, value]) => ({ frame: '', cell, value })).sort((a, b) => a.cell - b.cell);
}

/** Rows come in the order of their frames. */
function byFrame(rows: readonly MapRow[]): [string, MapRow[]][] {
  const frames: [string, MapRow[]][] = [];
  for (const row of rows) {
    const last = frames.at(-1);
    if (last?.[0] === row.frame) last[1].push(row);
    else frames.push([row.frame, [row]]);
  }
  return frames;
}

function framesOf(db: Connection, scope: MapScope, query: MapQuery, byHour: boolean): Promise<MapRow[]> {
  if (query.of === 'dark') return darkCells(db, scope, true);
  return byHour
    ? sourceCellsByHour(db, scope, query.bits, query.measure)
    : sourceCells(db, scope, query.bits, query.measure, true);
}

interface Places {
  count: number;
  bits: number;
  of: (address: number) => number | undefined;
}

/** The monitored IPv4 addresses (or their /24) of all sensors, one prefix after the other. */
function darkPlaces(sensors: readonly Sensor[]): Places {
  const ranges = sensors
    .flatMap(({ darknet }) => darknet)
    .map((prefix) => ipaddr.parseCIDR(prefix))
    .filter(([address]) => address.kind() === 'ipv4')
    .map(([address, bits]) => {
      const size = 2 ** (32 - bits);
      const first = address.toByteArray().reduce((sum, byte) => sum * 256 + byte, 0);
      return { first: first - (first % size), size };
    })
    .sort((a, b) => a.first - b.first);
  const addresses = ranges.reduce((sum, { size }) => sum + size, 0);
  const unit = addresses > SINGLY ? 256 : 1;
  let count = 0;
  const placed = ranges.map(({ first, size }) => {
    const from = count;
    count += Math.max(1, size / unit);
    return { first, size, from };
  });
  const of = (address: number) => {
    const range = placed.find(({ first, size }) => address >= first && address < first + size);
    return range && range.from + Math.floor((address - range.first) / unit);
  };
  return { count, bits: unit === 1 ? 32 : 24, of };
}

/** The smallest square that holds them all. */
function orderFor(count: number): number {
  return Math.max(1, Math.ceil(Math.log2(Math.max(1, count)) / 2));
}
