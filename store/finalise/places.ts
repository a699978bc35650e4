// Survey scanners of IPv4 have places: a flow is asked once who sent it, and gets its class and a small number, which can be a bit of a mask.
import { IS_IPV4 } from '../addresses.ts';

export interface Places {
  /** What `place` looks up: stands behind WITH. */
  places: string;
  /** Of an IPv4 flow's source on its day: 0 of one that is no survey scanner. */
  place: string;
}

/** Scanners are numbered from 1, as far as there is room for numbers in a port's key; those behind are told apart by their addresses. */
const MOST_NUMBERED = 2 ** 22 - 1;

/**
 * @param source a source on a day, as one number: of flows, and of sourceDays
 * @param most scanners that have a number
 */
export function placesBy(source: string, most = MOST_NUMBERED): Places {
  const scanners = `(
    SELECT (groupArray(source), groupArray(known)) FROM (
      SELECT ${source} AS source, max(scanClass = 'surveyKnown') AS known FROM sourceDays
      WHERE sensor = {sensor:String} AND version = {version:UInt64} AND day IN {days:Array(Date)} AND scanClass != 'other' AND ${IS_IPV4}
      GROUP BY source
    ))`;
  // the first once more, which is 0 and 0 where there is none: nothing is looked up in empty lists
  return {
    places: `${scanners} AS scanners, arrayPushBack(scanners.1, scanners.1[1]) AS placed,
  arrayMap((known, number) -> toUInt32(if(number <= ${most}, 4 * number, 0) + 1 + known), scanners.2, arrayEnumerate(scanners.2)) AS numbered,
  arrayPushBack(numbered, numbered[1]) AS places`,
    place: `transform(${source}, placed, places, toUInt32(0))`,
  };
}

/** What a place says: the scanClass as a number, and the scanner's own number, 0 of sources that have none. */
export function ofPlace(place: string): { class: string; number: string } {
  return { class: `(1 + bitAnd(${place}, 3))`, number: `bitShiftRight(${place}, 2)` };
}
