// What the questions about packets over time share: their scope, and its conditions.
import { DAYS, KIND, SENSORS, SURVEY } from './conditions.ts';
import type { RangeScope } from './range.ts';

export type TrendScale = 'minute' | 'hour' | 'day' | 'month';
export type TrendBy = 'category' | 'port' | 'kind' | 'scanClass';

export interface TrendScope extends RangeScope {
  by: TrendBy;
  kind: 'scan' | 'backscatter' | 'other' | 'all';
  survey: 'exclude' | 'include' | 'only';
  /** As `portName` writes it, or empty for all. */
  port: string;
  category: string;
  /** The series with most packets; all others are one series without a name. */
  series: number;
}

export interface TrendRow {
  bucket: string;
  series: string;
  /** Null where sources are not known. */
  value: number | null;
}

/** How a port is written everywhere: `tcp/23`, `icmp/3.1` (type and code), `ip/47` for protocols without ports. */
export const PORT_NAME = `multiIf(proto = 6, concat('tcp/', toString(dstPort)), proto = 17, concat('udp/', toString(dstPort)),
  proto IN (1, 58), concat(if(proto = 1, 'icmp/', 'icmpv6/'), toString(intDiv(dstPort, 256)), '.', toString(dstPort % 256)),
  concat('ip/', toString(proto)))`;

export const CATEGORY = `({category:String} = '' OR category = {category:String})`;
export const PORTS_ASKED = `${KIND} AND ${SURVEY} AND ${CATEGORY}`;
export const MONTHS = `${SENSORS} AND month BETWEEN toStartOfMonth({from:Date}) AND {to:Date}`;

export type Coarse = 'day' | 'month';
export const TABLES = { day: 'portDaysCurrent', month: 'portMonthsCurrent' };
export const SPANS = { day: DAYS, month: MONTHS };
/** Without ports: a few rows a day. */
export const CATEGORY_TABLES = { day: 'categoryDaysCurrent', month: 'categoryMonthsCurrent' };
