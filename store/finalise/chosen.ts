// The days that one set of statements makes, as SQL: their flows, a flow's day, and the scanClass of its source.
import { IPV4_NUMBER, IS_IPV4, IS_IPV6 } from '../addresses.ts';
import { OF_VERSION_DAYS } from './of-version.ts';
import { type Places, placesBy } from './places.ts';

export interface Chosen extends Places {
  /** What stands behind FROM; further conditions may follow. */
  flows: string;
  /** Those of each IP version; undefined where no packet of IPv6 came: then nothing is planned for it. */
  flows4: string;
  flows6: string | undefined;
  /** A flow's day, in the sensor's time zone. */
  day: string;
  /** The scanClass of an IPv6 flow's source on its `day` as a number, as sourceDays has it. */
  class6: string;
}

/** Of a table that has hours: the sensor's, from the first day to the last. */
export const IN_SPAN = `sensor = {sensor:String}
    AND hour >= toDateTime({first:Date}, {timeZone:String}) AND hour < toDateTime({last:Date} + 1, {timeZone:String})`;
const SPAN = `
  flows WHERE ${IN_SPAN}`;
const DAY_OF_HOUR = 'toDate(hour, {timeZone:String})';

/** A source on a day, as one number where it is IPv4. */
const IPV4_DAY = `toUInt64(toUInt16(day)) * 4294967296 + ${IPV4_NUMBER}`;

type OfDays = Omit<Chosen, 'flows4' | 'flows6'>;

/** Of days in a row no hour is looked up. */
const MANY_DAYS: OfDays = {
  flows: `${SPAN}
    AND (length({days:Array(Date)}) = {last:Date} - {first:Date} + 1 OR ${DAY_OF_HOUR} IN {days:Array(Date)})`,
  day: DAY_OF_HOUR,
  class6: classBy('(srcAddr, day)'),
  ...placesBy(IPV4_DAY),
};

/** No hour is asked for its day, and no source for its day's class. */
const ONE_DAY: OfDays = {
  flows: SPAN,
  day: '{first:Date}',
  class6: classBy('srcAddr'),
  ...placesBy(IPV4_NUMBER),
};

/** @param hasIpv6 as long as none came, flows of IPv6 that come meanwhile are in no table: the day is then found stale */
export function chosenDays(days: number, hasIpv6 = true): Chosen {
  const chosen = days === 1 ? ONE_DAY : MANY_DAYS;
  return {
    ...chosen,
    flows4: `${chosen.flows} AND ${IS_IPV4}`,
    flows6: hasIpv6 ? `${chosen.flows} AND ${IS_IPV6}` : undefined,
  };
}

/** Whether packets of IPv6 came: of days on which none did, the index leaves nothing to read. */
export const HAS_IPV6 = `-- Did packets of IPv6 come in these days?
SELECT 1 FROM ${SPAN} AND ${IS_IPV6} LIMIT 1`;

/** 1 and 1 more for each set that holds the source: survey scanners, and those of them that are known. Sets, since a join takes three times as long. */
function classBy(source: string): string {
  const survey = `SELECT ${source} FROM sourceDays WHERE ${OF_VERSION_DAYS} AND scanClass != 'other' AND ${IS_IPV6}`;
  return `1 + (${source} IN (${survey})) + (${source} IN (${survey} AND scanClass = 'surveyKnown'))`;
}
