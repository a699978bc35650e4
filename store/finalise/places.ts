// Survey scanners of IPv4 have places: a flow is asked once who sent it, and gets its class and a small number, which can be a bit of a mask.
import { IS_IPV4, ipv4Of } from '../addresses.ts';
import { OF_VERSION_DAYS } from './of-version.ts';

export interface Places {
  /** What `place` looks up: stands behind WITH. */
  places: string;
  /** Of an IPv4 flow's source on its day: 0 of one that is no survey scanner. */
  place: string;
  /** `numberedAddresses`: the address of each number. Stands behind WITH. */
  addresses: string;
}

export interface Numbered {
  /** Scanners of so many ports have numbers: a bit of a mask that few others share takes more memory than an address in a set. */
  leastPorts: number;
  /** Numbers there are, from 1: as many as there is room for in a port's key. */
  most: number;
}

const NUMBERED: Numbered = { leastPorts: 4096, most: 2 ** 22 - 1 };

/** @param source a source on a day, as one number: of flows, and of sourceDays */
export function placesBy(source: string, { leastPorts, most }: Numbered = NUMBERED): Places {
  const scanners = `(
    SELECT (groupArray(source), groupArray(known), groupArray(mostPorts)) FROM (
      SELECT ${source} AS source, max(scanClass = 'surveyKnown') AS known, max(ports) AS mostPorts FROM sourceDays
      WHERE ${OF_VERSION_DAYS} AND scanClass != 'other' AND ${IS_IPV4}
      GROUP BY source ORDER BY mostPorts DESC, source
    )) AS surveyors`;
  // the first once more, which is 0 and 0 where there is none: nothing is looked up in empty lists
  return {
    places: `${scanners}, arrayPushBack(surveyors.1, surveyors.1[1]) AS placed,
  arrayMap((known, ports, number) -> toUInt32(if(ports >= ${leastPorts} AND number <= ${most}, 4 * number, 0) + 1 + known),
    surveyors.2, surveyors.3, arrayEnumerate(surveyors.2)) AS numbered,
  arrayPushBack(numbered, numbered[1]) AS places`,
    place: `transform(${source}, placed, places, toUInt32(0))`,
    addresses: `${scanners}, arrayMap(source -> ${ipv4Of('toUInt32(source)')}, surveyors.1) AS numberedAddresses`,
  };
}

/** What a place says: the scanClass as a number, and the scanner's own number, 0 of sources that have none. */
export function ofPlace(place: string): { class: string; number: string } {
  return { class: `(1 + bitAnd(${place}, 3))`, number: `bitShiftRight(${place}, 2)` };
}
