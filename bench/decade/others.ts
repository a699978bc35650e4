// The other tables of the decade: made of portDays, so that every account balances, and for as long as a telescope keeps them.
import { ADDRESSES, FIRST_YEAR, SENSOR, TIME_ZONE } from './model.ts';
import { OF_MONTH } from './ports.ts';

const LOCAL_HOUR = (day: string) =>
  `toDateTime(toUnixTimestamp(toDateTime(${day}, '${TIME_ZONE}')) + 3600 * ahead, 'UTC')`;
const ADDRESSES_OF = `[${ADDRESSES.join(', ')}][toYear(day) - ${FIRST_YEAR} + 1]`;

/** Days of which the tables of sources, addresses and hours hold rows. */
export const SPANS = { sources: 31, addresses: 731, minutes: 31, hours: 2 };
const recent = (days: number) => `day > {last:Date} - ${days}`;

/** Of a month. */
export const CATEGORY_DAYS = `
INSERT INTO categoryDays
SELECT sensor, day, version, scanClass, kind, category, sum(packets), sum(bytes) FROM portDays
WHERE ${OF_MONTH}
GROUP BY sensor, day, version, scanClass, kind, category`;

export const DAYS = `
INSERT INTO days
SELECT sensor, day, version, sum(packets), ${ADDRESSES_OF}, {rulesVersion:String}, {minPorts:UInt32}, {minPacketsPerAddress:Float64}
FROM categoryDays WHERE toStartOfMonth(day) = {month:Date} GROUP BY sensor, day, version`;

/** Rows of (day, hour, counted): a day's packets in equal parts, what is left in its first hour. */
const HOURS = `
  SELECT day, ${LOCAL_HOUR('day')} AS hour, intDiv(packets, 24) + if(ahead = 0, packets % 24, 0) AS counted
  FROM (SELECT day, packets FROM days FINAL WHERE sensor = '${SENSOR}') ARRAY JOIN range(24) AS ahead`;

export const WHOLE: Record<string, string> = {
  fateHours: `
    INSERT INTO fateHours SELECT '${SENSOR}', hour, fate, frames, frames * 60 FROM (${HOURS})
    ARRAY JOIN ['counted', 'laterFragment', 'badHeader'] AS fate, [counted, intDiv(counted, 4000), intDiv(counted, 90000)] AS frames`,
  coverage: `
    INSERT INTO coverage (sensor, hour, heardMinutes, monitoredAddresses)
    SELECT '${SENSOR}', hour, toUInt64(1152921504606846975), ${ADDRESSES_OF} FROM (${HOURS})`,
  ledger: `
    INSERT INTO ledger (sensor, unit, opening, path, start, end, frames, counted, fates, firstHour, lastHour, rulesVersion, settings)
    SELECT '${SENSOR}', hex(sipHash128(hour)), hex(sipHash128(day)), concat('/archive/', toString(day), '.pcap.gz'), ahead, ahead + 1,
      counted + intDiv(counted, 4000) + intDiv(counted, 90000), counted,
      map('laterFragment', intDiv(counted, 4000), 'badHeader', intDiv(counted, 90000)), hour, hour, {rulesVersion:String}, ''
    FROM (SELECT *, toHour(hour) AS ahead FROM (${HOURS}))`,
  files: `
    INSERT INTO files (sensor, path, size, modified, frames, counted, fates, damage, ingested)
    SELECT '${SENSOR}', path, any(frames) * 70, toUnixTimestamp(min(firstHour)) * 1000, sum(frames), sum(counted), sumMap(fates),
      '', toUnixTimestamp(max(lastHour)) * 1000
    FROM ledger GROUP BY path`,
  minutes: `
    INSERT INTO minutes
    SELECT sensor, toDateTime(toUnixTimestamp(toDateTime(day, '${TIME_ZONE}')) + 60 * ahead, 'UTC'), kind, category,
      intDiv(sum(packets), 1440) + if(ahead = 0, sum(packets) % 1440, 0), intDiv(sum(bytes), 1440) + if(ahead = 0, sum(bytes) % 1440, 0)
    FROM categoryDays ARRAY JOIN range(1440) AS ahead WHERE ${recent(SPANS.minutes)} GROUP BY sensor, day, ahead, kind, category`,
  darkDays: `
    INSERT INTO darkDays
    SELECT sensor, day, kind, toIPv6(IPv4NumToString(toUInt32(167772160 + 256 * block))),
      intDiv(total, blocks) + if(block = 0, total % blocks, 0), 0
    FROM (
      SELECT sensor, day, kind, sum(packets) AS total, toUInt64(intDiv(any(${ADDRESSES_OF}), 256)) AS blocks
      FROM categoryDays WHERE ${recent(SPANS.addresses)} GROUP BY sensor, day, kind
    ) ARRAY JOIN range(blocks) AS block`,
  portHours: `
    INSERT INTO portHours
    SELECT sensor, ${LOCAL_HOUR('day')}, kind, proto, dstPort, day,
      intDiv(sum(packets), 24) + if(ahead = 0, sum(packets) % 24, 0) AS sent, intDiv(sum(bytes), 24) + if(ahead = 0, sum(bytes) % 24, 0)
    FROM portDays ARRAY JOIN range(24) AS ahead WHERE ${recent(SPANS.hours)}
    GROUP BY sensor, day, ahead, kind, proto, dstPort HAVING sent > 0`,
  sourceDays: `
    INSERT INTO sourceDays
    SELECT sensor, day, version, toIPv6(IPv4NumToString(toUInt32(16777216 + who % 3700000000))), sent, sent * 46,
      if(victim, 0, sent), if(victim, sent, 0), if(survey, 200 + who % 20000, 1 + who % 4),
      if(NOT survey AND NOT victim AND who % 5 = 0, sent, 0), if(survey AND who % 3 = 1, sent, 0), if(survey AND who % 3 = 0, sent, 0),
      if(survey, 'surveySuspected', 'other'), ''
    FROM (
      SELECT *, intDiv(total * weight, toUInt64(sum(weight) OVER (PARTITION BY day))) AS sent FROM (
        -- two of three sources were there the day before
        SELECT sensor, day, version, packets AS total, cityHash64({seed:UInt64}, if(number % 3 = 0, number * 4096 + toUInt64(day), number)) AS who,
          who % 50 = 0 AS survey, who % 50 = 1 AS victim, toUInt64(1 + pow(1 + who % 1000, 0.9) * if(survey, 40, 1)) AS weight
        FROM (SELECT sensor, day, version, packets FROM days FINAL WHERE ${recent(SPANS.sources)}) AS made
        CROSS JOIN (SELECT number FROM numbers({sources:UInt64})) AS source
      )
    )`,
  flows: `
    INSERT INTO flows (sensor, hour, kind, proto, dstPort, srcPort, srcAddr, toolMarks, packets, bytes, times)
    SELECT sensor, ${LOCAL_HOUR('day')} AS at, if(backscatterPackets > 0, 'backscatter', 'scan'), 6,
      [23, 22, 80, 445, 8080, 3389, 5555, 443, 2323, 6379][1 + cityHash64(srcAddr) % 10], if(backscatterPackets > 0, 80, 0), srcAddr,
      multiIf(mirai > 0, 1, masscan > 0, 2, zmap > 0, 4, 0), packets, bytes, [0, 3599]
    FROM sourceDays ARRAY JOIN [toUInt32(cityHash64(day, srcAddr) % 24)] AS ahead WHERE ${recent(SPANS.hours)}`,
  // What was in flows and is there no more, as `engine retain` notes it.
  dropped: `
    INSERT INTO dropped
    SELECT '${SENSOR}', 'flows', day, toYYYYMM(day), 1, came.packets - held.packets AS missing, 1
    FROM (SELECT day, packets FROM days FINAL WHERE sensor = '${SENSOR}') AS came
    LEFT JOIN (SELECT toDate(hour, '${TIME_ZONE}') AS day, sum(packets) AS packets FROM flows GROUP BY day) AS held ON held.day = came.day
    WHERE missing > 0`,
};
