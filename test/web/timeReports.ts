// Reports over time for tests of what is drawn: a fortnight with a gap, a part of a day, a note, and the year before.
import type { AccountDays, TrendReport } from '../../web/report/shape-range.ts';

const DAYS = Array.from({ length: 14 }, (_, index) => `2020-03-${String(index + 1).padStart(2, '0')}`);
export const FACTS = {
  from: '2020-03-01',
  to: '2020-03-14',
  timeZone: 'Asia/Tokyo',
  sensors: ['tokyo-1', 'osaka-2'],
  rulesVersions: ['2020-1'],
  coverage: 91.07,
};

export function fortnight(over: Partial<TrendReport> = {}): TrendReport {
  const observed = DAYS.map((_, index) => (index === 4 ? 0 : index === 5 ? 0.5 : 1));
  const series = ['iot/telnet', 'windows/smb', 'other'].map((name, at) => {
    const values = DAYS.map((_, index) => (index === 4 ? null : (at + 1) * 1_000 + 37 * index));
    return { series: name, values, total: values.reduce((sum: number, value) => sum + (value ?? 0), 0) };
  });
  return {
    ...FACTS,
    scale: 'day',
    by: 'category',
    measure: 'packets',
    kind: 'scan',
    survey: 'exclude',
    port: null,
    category: null,
    buckets: DAYS,
    observed,
    series,
    all: DAYS.map((_, index) =>
      index === 4 ? null : series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
    ),
    yearBefore: DAYS.map((_, index) => (index === 9 ? null : 4_000 + 20 * index)),
    notes: [{ id: '1', day: '2020-03-11', text: 'a flood' }],
    ...over,
  };
}

export function accountFortnight(): AccountDays {
  const sensorDays = FACTS.sensors.flatMap((sensor, at) =>
    DAYS.filter((_, index) => at === 0 || index > 2).map((day, index) => ({
      sensor,
      day,
      frames: 1_000 + index,
      counted: 1_000,
      fates: { notIp: index },
      coverage: index === 4 ? 42 : 100,
      monitoredAddresses: 4_096,
      rulesVersion: '2020-1',
    })),
  );
  return { ...FACTS, sensorDays, damagedFiles: [] };
}
