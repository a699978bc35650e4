// The state of each sensor: its last packets, and what a live one reports of itself every minute, packets or not.
import type { Connection } from '../database.ts';

export interface SensorPulse {
  sensor: string;
  /** The last minute with a frame, seconds since 1970; 0 before any. */
  lastMinute: number;
  /** In that minute and the 59 before it. */
  packets: number;
  /** IPv4 addresses, as last known; 0 = not known. */
  monitoredAddresses: number;
}

/** The last minute in which a frame came, of the hour that knows: its highest bit. Logarithms are of 30 bits: those of 60 would be rounded. */
const LAST_HEARD =
  'toUnixTimestamp(lastHour) + 60 * toUInt32(if(heard < 1073741824, log2(heard), 30 + log2(bitShiftRight(heard, 30))))';

export function sensorPulses(db: Connection, sensors: readonly string[]): Promise<SensorPulse[]> {
  return db.query(
    `-- When did each sensor last hear something, and how much? Coverage is small and tells where in minutes to look.
     WITH heardHours AS (
       SELECT sensor, argMax(minutesHeard, hour) AS heard, max(hour) AS lastHour
       FROM (
         SELECT sensor, hour, groupBitOr(heardMinutes) AS minutesHeard FROM coverage
         WHERE sensor IN {sensors:Array(String)} GROUP BY sensor, hour HAVING minutesHeard > 0
       )
       GROUP BY sensor
     ),
     lastMinutes AS (SELECT sensor, ${LAST_HEARD} AS lastMinute FROM heardHours)
     SELECT known.sensor AS sensor, last.lastMinute AS lastMinute, ofHour.packets AS packets, monitored.addresses AS monitoredAddresses
     FROM (SELECT sensor FROM sensors WHERE sensor IN {sensors:Array(String)} GROUP BY sensor) AS known
     LEFT JOIN lastMinutes AS last ON last.sensor = known.sensor
     LEFT JOIN (
       SELECT sensor, sum(packets) AS packets FROM minutes
       WHERE (sensor, minute) IN (
         SELECT sensor, arrayJoin(arrayMap(back -> toDateTime(lastMinute - 60 * back, 'UTC'), range(60))) FROM lastMinutes)
       GROUP BY sensor
     ) AS ofHour ON ofHour.sensor = known.sensor
     LEFT JOIN (
       SELECT sensor, argMax(monitoredAddresses, hour) AS addresses FROM coverage
       WHERE sensor IN {sensors:Array(String)} AND monitoredAddresses > 0 GROUP BY sensor
     ) AS monitored ON monitored.sensor = known.sensor
     ORDER BY sensor`,
    { sensors },
  );
}

/** What a live sensor reported in its last hour. */
export interface Heartbeat {
  sensor: string;
  /** Its last report, seconds since 1970: the minute that it is about. */
  lastMinute: number;
  /** Interfaces, or - for standard input. */
  interfaces: string[];
  received: number;
  kernelDropped: number;
  cardDropped: number;
  spoolDropped: number;
  clockSteps: number;
  /** The same of the last five minutes of that hour. */
  lostLately: number;
  receivedLately: number;
  observedLately: number;
}

/** Sensors that only read captures have no row. */
export function heartbeats(db: Connection, sensors: readonly string[]): Promise<Heartbeat[]> {
  return db.query(
    `-- What did each live sensor report in its last hour?
     WITH reports AS (
       SELECT sensor, toUnixTimestamp(minute) AS at, source, observedSeconds, received, kernelDropped, cardDropped, spoolDropped, clockSteps
       FROM captureMinutes
       WHERE (sensor, minute) IN (
         SELECT sensor, arrayJoin(arrayMap(back -> toDateTime(toUnixTimestamp(lastHour) + 3540 - 60 * back, 'UTC'), range(120)))
         FROM (SELECT sensor, max(hour) AS lastHour FROM coverage WHERE sensor IN {sensors:Array(String)} GROUP BY sensor))
     ),
     ends AS (SELECT sensor, max(at) AS lastMinute FROM reports GROUP BY sensor)
     SELECT sensor, ends.lastMinute AS lastMinute, arraySort(groupUniqArrayIf(reports.source, reports.source != 'spool')) AS interfaces,
       sum(reports.received) AS received, sum(reports.kernelDropped) AS kernelDropped, sum(reports.cardDropped) AS cardDropped,
       sum(reports.spoolDropped) AS spoolDropped, sum(reports.clockSteps) AS clockSteps,
       sumIf(reports.kernelDropped + reports.cardDropped + reports.spoolDropped, at > ends.lastMinute - 300) AS lostLately,
       sumIf(reports.received, at > ends.lastMinute - 300) AS receivedLately,
       sumIf(reports.observedSeconds, at > ends.lastMinute - 300) AS observedLately
     FROM reports JOIN ends ON ends.sensor = reports.sensor
     WHERE at > ends.lastMinute - 3600
     GROUP BY sensor, lastMinute ORDER BY sensor`,
    { sensors },
  );
}
