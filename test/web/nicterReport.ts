// The ministry's chart as a report: NICTER's published shares and totals of 2019 and 2020, and reports of other sizes
// made from them. Only for tests of what is drawn and answered; real reports come from the store.
import { type Note, noteText } from '../../web/charts/notes.ts';
import type { Lang, ReportGroup, ReportPort, ReportYear, YearlyReport } from '../../web/report/shape.ts';

type Shares = Record<string, number>;
const S2019: Shares = { iot: 49, windows: 9, crypto: 2, services: 3, other: 37 };
const S2020: Shares = { iot: 37, windows: 8, crypto: 2, services: 2, other: 51 };
const NOTES: Record<string, Note[]> = {
  iot: [{ note: 'aboutHalf', category: 'iot/telnet' }],
  windows: [
    { note: 'aboutHalf', category: 'windows/smb' },
    { note: 'entersTop', category: 'rdp', top: 30, year: 2020 },
  ],
};

export interface YearFixture {
  year: number;
  packets: number;
  shares: Shares;
  perAddress?: number | null;
}

export function reportOf(years: YearFixture[], over: Partial<YearlyReport> = {}, lang: Lang = 'en'): YearlyReport {
  const base = years.find((year) => year.year === over.base) ?? years[0]!;
  return {
    scheme: 'mic-2020',
    base: base.year,
    top: 30,
    survey: 'exclude',
    months: [1, 12],
    normalise: 'total',
    sensors: ['tokyo-1', 'osaka-2'],
    rulesVersions: ['2020-1'],
    surveyRule: { minPorts: 30, minPacketsPerAddress: 1 },
    years: years.map((year, index) => yearOf(year, years[index - 1], base, lang)),
    ...over,
  };
}

function yearOf(year: YearFixture, before: YearFixture | undefined, base: YearFixture, lang: Lang): ReportYear {
  const volume = (of: YearFixture, group: string) => (of.packets * (of.shares[group] ?? 0)) / 100;
  const perAddress = year.perAddress === undefined ? year.packets / 0.463 / 274_600 : year.perAddress;
  const groups: ReportGroup[] = Object.keys(year.shares).map((group) => ({
    group,
    packets: Math.round(volume(year, group)),
    share: year.shares[group]!,
    length: (100 * volume(year, group)) / base.packets,
    growth: before && volume(before, group) > 0 ? volume(year, group) / volume(before, group) : null,
    notes: (NOTES[group] ?? [])
      .filter((note) => !('year' in note) || note.year === year.year)
      .map((note) => noteText(note, lang)),
  }));
  return {
    year: year.year,
    packets: year.packets,
    surveyPackets: Math.round(year.packets * 1.16),
    backscatterPackets: 12_345_678,
    otherPackets: 1_234,
    allPackets: Math.round(year.packets / 0.463),
    perAddress,
    secondsPerPacket: perAddress === null ? null : (365 * 86_400) / perAddress,
    coverage: year.year === 2019 ? 98.27 : 100,
    monitoredAddresses: 300_000,
    groups,
    topPorts: PORTS,
    leftPorts: [],
  };
}

const PORTS: ReportPort[] = [
  {
    rank: 1,
    previousRank: 1,
    proto: 'tcp',
    dstPort: 23,
    category: 'iot/telnet',
    packets: 36_400_000_000,
    sources: 4_012_345,
    share: 24.2,
    months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  },
  {
    rank: 2,
    previousRank: 4,
    proto: 'tcp',
    dstPort: 445,
    category: 'windows/smb',
    packets: 9_000_000_000,
    sources: 2_012_345,
    share: 4.1,
    months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  },
  {
    rank: 3,
    previousRank: null,
    proto: 'tcp',
    dstPort: 3389,
    category: 'rdp',
    packets: 3_300_000_000,
    sources: 12_345,
    share: 1.4,
    months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  },
  {
    rank: 4,
    previousRank: 3,
    proto: 'udp',
    dstPort: 53,
    category: 'services',
    packets: 1_300_000_000,
    sources: 2_345,
    share: 0.6,
    months: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  },
];

export const twoYears = (lang: Lang = 'en', over: Partial<YearlyReport> = {}): YearlyReport =>
  reportOf(
    [
      { year: 2019, packets: 152_900_000_000, shares: S2019, perAddress: 1_188_000 },
      { year: 2020, packets: 231_500_000_000, shares: S2020, perAddress: 1_821_722 },
    ],
    over,
    lang,
  );

/** NICTER's totals of 2016 to 2025, survey scans left out where their share is known. */
const TOTALS = [128.1, 140.2, 137.9, 152.9, 231.5, 220.7, 235.7, 224.3, 273.1, 315.5];

export const tenYears = (lang: Lang = 'en'): YearlyReport =>
  reportOf(
    TOTALS.map((billion, index) => ({
      year: 2016 + index,
      packets: billion * 1e9,
      shares: {
        iot: 52 - index * 2.2,
        windows: 9 - index * 0.4,
        crypto: index < 2 ? 0 : 2.1,
        services: 3 - index * 0.1,
        other: 36 + index * 2.7 - (index < 2 ? 0 : 2.1),
      },
    })),
    { sensors: Array.from({ length: 14 }, (_, index) => `sensor-${index + 1}`), months: [1, 11] },
    lang,
  );

/** Every category as stored, two years. */
export const everyCategory = (lang: Lang = 'en'): YearlyReport => {
  const shares = {
    'iot/telnet': 24.2,
    'iot/devices': 6.1,
    'iot/web': 4.2,
    'iot/ssh': 2.5,
    'windows/smb': 4.4,
    'windows/sql': 2.1,
    rdp: 1.5,
    crypto: 2.1,
    services: 1.9,
    'games/minecraft': 0.4,
    other: 50.6,
  };
  return reportOf(
    [
      { year: 2019, packets: 15_290, shares, perAddress: null },
      { year: 2020, packets: 23_150, shares: { ...shares, 'iot/telnet': 20.2, other: 54.6 }, perAddress: null },
    ],
    { scheme: 'full', survey: 'include', normalise: 'perAddress' },
    lang,
  );
};
