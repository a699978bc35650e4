// The state of each sensor as its packets tell it.
import type { Connection } from '../database.ts';

export interface SensorPulse {
  sensor: string;
  /** The last minute with a packet, seconds since 1970; 0 before any. */
  lastMinute: number;
  /** In that minute and the 59 before it. */
  packets: number;
  /** IPv4 addresses, as last known; 0 = not known. */
  monitoredAddresses: number;
}

export function sensorPulses(db: Connection, sensors: readonly string[]): Promise<SensorPulse[]> {
  return db.query(
    `-- When did each sensor last have packets, and how many?
     SELECT known.sensor AS sensor, last.lastMinute AS lastMinute, sum(hour.packets) AS packets, any(heard.addresses) AS monitoredAddresses
     FROM (SELECT sensor FROM sensors WHERE sensor IN {sensors:Array(String)} GROUP BY sensor) AS known
     LEFT JOIN (SELECT sensor, toUnixTimestamp(max(minute)) AS lastMinute FROM minutes GROUP BY sensor) AS last ON last.sensor = known.sensor
     LEFT JOIN (
       SELECT sensor, toUnixTimestamp(minute) AS at, packets FROM minutes
       WHERE (sensor, toStartOfHour(minute)) IN (
         SELECT sensor, arrayJoin([toStartOfHour(max(minute)), toStartOfHour(max(minute)) - 3600]) FROM minutes GROUP BY sensor)
     ) AS hour ON hour.sensor = known.sensor
     LEFT JOIN (
       SELECT sensor, argMax(monitoredAddresses, hour) AS addresses FROM coverage GROUP BY sensor
     ) AS heard ON heard.sensor = known.sensor
     WHERE hour.at > last.lastMinute - 3600 OR last.lastMinute = 0
     GROUP BY sensor, lastMinute ORDER BY sensor`,
    { sensors },
  );
}
