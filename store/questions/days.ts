import type { Connection } from '../database.ts';

export interface SensorDays {
  sensor: string;
  days: number;
  first: string;
  last: string;
  observedHours: number;
  /** Hours from the first to the last heard. */
  spanHours: number;
  monitoredAddresses: number;
}

export function coverageBySensor(db: Connection): Promise<SensorDays[]> {
  return db.query(
    `-- When did each sensor hear something?
     SELECT sensor, any(made.days) AS days, toString(toDate(min(hour))) AS first, toString(toDate(max(hour))) AS last,
       uniqExact(hour) AS observedHours, dateDiff('hour', min(hour), max(hour)) + 1 AS spanHours,
       max(monitoredAddresses) AS monitoredAddresses
     FROM coverage
     LEFT JOIN (SELECT sensor, uniqExact(day) AS days FROM days GROUP BY sensor) AS made USING (sensor)
     WHERE heardMinutes > 0 OR observedSeconds > 0
     GROUP BY sensor ORDER BY sensor`,
  );
}
