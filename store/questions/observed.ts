// When the sensors could hear. An hour counts whole when something was heard in it and in the hours beside it; at the edge of a gap it
// counts from (up to) the minute in which something was heard. A live sensor has counted the seconds itself, frames or not. What one
// sensor missed and another heard is observed.
import type { Connection } from '../database.ts';
import { HOURS_ABOUT } from './conditions.ts';
import type { RangeScope } from './range.ts';

/** The highest bit of 60. Logarithms are of 30 bits each: one of all 60 would be rounded up where all are set. */
const LAST_MINUTE = 'if(heard < 1073741824, toInt32(log2(heard)), 30 + toInt32(log2(bitShiftRight(heard, 30))))';

/** Rows of (hour, seconds a live sensor listened, minutes heard as bits, the first and the last minute that count) by sensor and hour. */
const heardHours = (hours: string) => `
  SELECT hour, observed, heard,
    if(lagInFrame(hour) OVER beside = hour - 3600, 0, bitCount(bitAnd(bitNot(heard), heard - 1))) AS firstMinute,
    if(leadInFrame(hour) OVER beside = hour + 3600, 59, if(heard = 0, 0, ${LAST_MINUTE})) AS lastMinute
  FROM (
    SELECT sensor, hour, groupBitOr(heardMinutes) AS heard, sum(observedSeconds) AS observed
    FROM coverage WHERE sensor IN {sensors:Array(String)} AND ${hours} GROUP BY sensor, hour
    HAVING heard > 0 OR observed > 0
  )
  WINDOW beside AS (PARTITION BY sensor ORDER BY hour ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING)`;

/** Rows of (hour, seconds observed of it) over all coverage of the sensors. @param hours which to look at: with those beside what is asked */
export function observedHours(hours: string): string {
  return `
  SELECT hour, max(if(observed > 0, toInt64(least(observed, 3600)), toInt64(60 * (lastMinute - firstMinute + 1)))) AS seconds
  FROM (${heardHours(hours)})
  GROUP BY hour`;
}

export interface ObservedBucket {
  bucket: string;
  observedSeconds: number;
}

/** Hours are named by their instant in UTC, days and months by their (first) day. */
const BUCKETS = {
  hour: `formatDateTime(hour, '%Y-%m-%dT%H:00:00Z', 'UTC')`,
  day: 'toString(toDate(hour, {timeZone:String}))',
  month: 'toString(toStartOfMonth(hour, {timeZone:String}))',
};

/** Buckets in which nothing was heard have no row. */
export function observedBuckets(
  db: Connection,
  scope: RangeScope,
  scale: keyof typeof BUCKETS,
): Promise<ObservedBucket[]> {
  return db.query(
    `-- How much of each hour, day or month was observed?
     SELECT ${BUCKETS[scale]} AS bucket, sum(seconds) AS observedSeconds
     FROM (${observedHours(HOURS_ABOUT)})
     WHERE toDate(hour, {timeZone:String}) BETWEEN {from:Date} AND {to:Date}
     GROUP BY bucket ORDER BY bucket`,
    { ...scope },
  );
}

/** Minutes are named by their instant in UTC. A live sensor says of each minute how long it listened. */
export function observedMinutes(db: Connection, scope: RangeScope): Promise<ObservedBucket[]> {
  return db.query(
    `-- How much of each minute was observed?
     SELECT formatDateTime(toDateTime(at, 'UTC'), '%Y-%m-%dT%H:%i:00Z', 'UTC') AS bucket, max(seconds) AS observedSeconds
     FROM (
       SELECT toUnixTimestamp(hour) + 60 * arrayJoin(arrayFilter(
           m -> if(observed > 0, bitTest(heard, m), m BETWEEN firstMinute AND lastMinute), range(60))) AS at, 60 AS seconds
       FROM (${heardHours(HOURS_ABOUT)})
       WHERE toDate(hour, {timeZone:String}) BETWEEN {from:Date} AND {to:Date}
       UNION ALL
       SELECT toUnixTimestamp(minute) AS at, least(sum(observedSeconds), 60) AS seconds
       FROM captureMinutes
       WHERE sensor IN {sensors:Array(String)} AND toDate(minute, {timeZone:String}) BETWEEN {from:Date} AND {to:Date}
       GROUP BY sensor, minute, source HAVING seconds > 0
     )
     GROUP BY at ORDER BY at`,
    { ...scope },
  );
}
