// The year-on-year report as every reader gets it: `umbrascope report --json`, /api/v1/yearly, the page and the chart.
// Shares and lengths are per cent; addresses, packets and seconds are plain numbers.

/** Which survey-scan packets a report counts: none of them, all packets, or only them. */
export type SurveyChoice = 'exclude' | 'include' | 'only';
export type Normalise = 'total' | 'perAddress';
export type Lang = 'ja' | 'en';

export interface YearlyReport {
  scheme: string;
  base: number;
  top: number;
  survey: SurveyChoice;
  /** First and last month counted in every year, 1–12. */
  months: [number, number];
  normalise: Normalise;
  sensors: string[];
  /** Versions of the port → category rules that classified the rows. */
  rulesVersions: string[];
  /** How survey scanners were found: `minPorts` distinct ports and `minPacketsPerAddress` packets per dark address in a day. */
  surveyRule: { minPorts: number; minPacketsPerAddress: number };
  years: ReportYear[];
}

export interface ReportYear {
  year: number;
  /** Scan packets that the shares are of (survey choice and months applied). */
  packets: number;
  /** Scan packets of survey scanners in the same months. */
  surveyPackets: number;
  backscatterPackets: number;
  otherPackets: number;
  /** Everything counted in the same months: scans (survey scans too), backscatter, other. */
  allPackets: number;
  /** Σ over days of allPackets(day) / monitoredAddresses(day); null when the dark addresses are not known. */
  perAddress: number | null;
  /** One packet every N seconds reaches each monitored address; null when the dark addresses are not known. */
  secondsPerPacket: number | null;
  /** Per cent of the year's (chosen months') time that was observed. */
  coverage: number;
  /** Mean number of monitored addresses over the observed days; null when not known. */
  monitoredAddresses: number | null;
  /** In the scheme's order; every scheme ends with the group `other`. */
  groups: ReportGroup[];
  topPorts: ReportPort[];
  /** Of the top of the year before (of those in the report), what is no longer in this year's. */
  leftPorts: LeftPort[];
}

export interface ReportGroup {
  group: string;
  packets: number;
  /** 100 · packets / packets of the own year: the label. */
  share: number;
  /** 100 · volume / volume of the base year (all groups): the bar's length. Volume is packets, or packets per address with `perAddress`. */
  length: number;
  /** Volume as a multiple of the year before (of those in the report); null in the first. */
  growth: number | null;
  /** Sentences in the report's language, each one true of the data. */
  notes: string[];
}

export interface ReportPort {
  rank: number;
  /** Rank in the year before (of those in the report), even below the top; null if it was not seen then, or in the first year. */
  previousRank: number | null;
  proto: string;
  dstPort: number;
  category: string;
  packets: number;
  /** Distinct source addresses in the period, from a mergeable sketch (about ±1 %); null where they are not known so well. */
  sources: number | null;
  share: number;
  /** Packets of each month counted, in order. */
  months: number[];
}

export interface LeftPort {
  proto: string;
  dstPort: number;
  category: string;
  previousRank: number;
  /** null when no packet came. */
  rank: number | null;
}
