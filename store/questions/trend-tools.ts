// What each tool sent over time. Mirai by packets that bear its mark; masscan and ZMap by source-days whose every SYN bears it.
import type { Connection } from '../database.ts';
import { DAYS, SURVEY } from './conditions.ts';
import type { TrendRow, TrendScope } from './trend-scope.ts';

const BUCKETS = { day: 'toString(day)', month: 'toString(toStartOfMonth(day))' };
const VALUES = { packets: 'sum(used)', sources: 'uniqExact(toUInt128(srcAddr))' };

/** Scan packets only; those without a mark are the series `none`. */
export function toolRows(
  db: Connection,
  scope: TrendScope,
  scale: 'day' | 'month',
  measure: 'packets' | 'sources',
): Promise<TrendRow[]> {
  return db.query(
    `-- How much did each tool send in each day or month?
     SELECT ${BUCKETS[scale]} AS bucket, tupleElement(mark, 1) AS series, ${VALUES[measure]} AS value
     FROM (
       SELECT day, srcAddr, mark, tupleElement(mark, 2) AS used
       FROM sourceDaysCurrent
       ARRAY JOIN [('mirai', mirai), ('masscan', masscan), ('zmap', zmap),
         ('none', if(scanPackets > mirai + masscan + zmap, toUInt64(scanPackets - mirai - masscan - zmap), toUInt64(0)))] AS mark
       WHERE ${DAYS}
         AND ${SURVEY}
     )
     WHERE used > 0
     GROUP BY bucket, series ORDER BY bucket, series`,
    { ...scope },
  );
}
