// What the page and its programming interface ask of the store. The command line hands in the real answers, tests fixed ones.
import type { Annotation } from '../store/annotations.ts';
import type { SensorGroup } from '../store/groups.ts';
import type { DaySpan } from '../store/questions/range.ts';
import type { MapQuery } from './report/map.ts';
import type { PortQuery } from './report/port.ts';
import type { RisersQuery } from './report/risers.ts';
import type { RangeQuery } from './report/scope.ts';
import type { Lang, Normalise, SurveyChoice, YearlyReport } from './report/shape.ts';
import type {
  AccountDays,
  LiveReport,
  MapReport,
  PortReport,
  RiserReport,
  SourceList,
  SourceStory,
  TrendReport,
} from './report/shape-range.ts';
import type { SourcesQuery } from './report/sources.ts';
import type { TrendQuery } from './report/trend.ts';

export interface YearlyQuery {
  years: number[];
  /** The year whose volume is 100 %; the first of `years` if absent. */
  base?: number;
  top: number;
  scheme: string;
  survey: SurveyChoice;
  months: [number, number];
  normalise: Normalise;
  lang: Lang;
  /** Empty for all sensors. */
  sensors: string[];
}

/** Invariant per sensor: frames = counted + the sum of the fates, and stored + dropped = counted; `balanced` says whether it holds. */
export interface Account {
  balanced: boolean;
  sensors: SensorAccount[];
}

export interface SensorAccount {
  sensor: string;
  frames: number;
  counted: number;
  /** Frames that were not counted, by the reason why. */
  fates: Record<string, number>;
  stored: number;
  /** Packets that `engine retain` has dropped from flows: they are counted on, in all figures of their days. */
  dropped: number;
  files: number;
  damagedFiles: number;
  /** First and last packet, ISO 8601; null before any. */
  first: string | null;
  last: string | null;
  bytes: number;
}

export interface Questions {
  /** Years with data, ascending. */
  years(): Promise<number[]>;
  sensors(): Promise<string[]>;
  /** Names for several sensors, good wherever a sensor is named. */
  groups(): Promise<SensorGroup[]>;
  schemes: string[];
  /** Rejects with an error named `UsageError` when the query itself is wrong. */
  yearly(query: YearlyQuery): Promise<YearlyReport>;
  account(): Promise<Account>;
  /** Another text whenever an answer may have changed. */
  dataVersion(): Promise<string>;
  /** First and last day with packets. */
  days(): Promise<DaySpan | null>;
  accountDays(query: RangeQuery): Promise<AccountDays>;
  trend(query: TrendQuery): Promise<TrendReport>;
  port(query: PortQuery): Promise<PortReport>;
  risers(query: RisersQuery): Promise<RiserReport>;
  /** @param seeAddresses whether the answer may hold addresses */
  sources(query: SourcesQuery, seeAddresses: boolean): Promise<SourceList>;
  live(): Promise<LiveReport>;
  map(query: MapQuery): Promise<MapReport>;
  source(query: RangeQuery & { srcAddr: string }): Promise<SourceStory>;
  annotations(from: string, to: string): Promise<Annotation[]>;
  annotate(note: Omit<Annotation, 'id'>): Promise<Annotation>;
  /** Says whether there was such a note. */
  removeAnnotation(id: string): Promise<boolean>;
}
