// What every answer about a span of days says of itself, so that a picture made from it explains itself.
import type { SurveyChoice } from './shape.ts';

export type Kind = 'scan' | 'backscatter' | 'other' | 'all';
export type TrendScale = 'minute' | 'hour' | 'day' | 'month';
export type TrendBy = 'category' | 'port' | 'kind' | 'scanClass' | 'tool';
export type Measure = 'packets' | 'sources';

export interface RangeFacts {
  /** First and last day, YYYY-MM-DD, in `timeZone`. */
  from: string;
  to: string;
  timeZone: string;
  sensors: string[];
  /** Versions of the port → category rules that classified the days. */
  rulesVersions: string[];
  /** Per cent of the span's time that was observed. */
  coverage: number;
}

export interface Note {
  id: string;
  day: string;
  text: string;
}

export interface TrendReport extends RangeFacts {
  scale: TrendScale;
  by: TrendBy;
  measure: Measure;
  kind: Kind;
  survey: SurveyChoice;
  /** `tcp/23`, or null for all ports. */
  port: string | null;
  category: string | null;
  /** Days and months by their (first) day, hours and minutes by their instant in UTC. */
  buckets: string[];
  /** Share of each bucket that was observed, 0 to 1. */
  observed: number[];
  /** Most packets first; `rest` is what no other series holds. A value is null where nothing was observed, or sources are not known. */
  series: TrendSeries[];
  /** All series together: of sources each once, whatever series they are in. */
  all: (number | null)[];
  /** The same one year earlier, by calendar day; null when not asked for. */
  yearBefore: (number | null)[] | null;
  notes: Note[];
}

export interface TrendSeries {
  series: string;
  values: (number | null)[];
  total: number;
}

export interface AccountDays extends RangeFacts {
  sensorDays: SensorDay[];
  damagedFiles: { sensor: string; file: string; frames: number; counted: number; damage: string }[];
}

/** Invariant: frames = counted + the sum of the fates. */
export interface SensorDay {
  sensor: string;
  day: string;
  frames: number;
  counted: number;
  fates: Record<string, number>;
  /** Per cent of the day that was observed. */
  coverage: number;
  /** null when not known. */
  monitoredAddresses: number | null;
  /** null until the day is finalised. */
  rulesVersion: string | null;
}

export interface PortReport extends RangeFacts {
  /** `tcp/23`. */
  port: string;
  /** As the rules have it that classified the days; `other` where they do not name the port. */
  categories: { version: string; category: string; why: string }[];
  years: { year: number; packets: number; surveyPackets: number; sources: number | null; rank: number | null }[];
  /** Of the span. */
  tools: { tool: string; packets: number; sources: number }[];
  /** Ports that had most packets on the same days; correlation of the packets a day, 1 at most. */
  neighbours: Neighbour[];
}

export interface Neighbour {
  port: string;
  category: string;
  packets: number;
  /** Pearson's, of the packets of each day; survey scans left out. */
  correlation: number;
}

export interface SourceList extends RangeFacts {
  kind: Kind;
  survey: SurveyChoice;
  fresh: boolean;
  counts: { sources: number; freshSources: number; surveyScanners: number; surveyPackets: number; packets: number };
  /** Empty where this server shows no addresses. */
  sources: SourceFacts[];
  addressesHidden: boolean;
}

export interface SourceFacts {
  srcAddr: string;
  packets: number;
  days: number;
  firstDay: string;
  lastDay: string;
  ports: number;
  scanClass: string;
  organisation: string;
  tools: string[];
}

export interface SourceStory extends RangeFacts {
  srcAddr: string;
  sourceDays: {
    day: string;
    packets: number;
    scanPackets: number;
    backscatterPackets: number;
    ports: number;
    scanClass: string;
    organisation: string;
    mirai: number;
    masscan: number;
    zmap: number;
  }[];
  topPorts: { port: string; kind: string; packets: number; days: number }[];
  /** The first `most` of them. */
  moments: { time: number; proto: number; dstPort: number; packets: number }[];
  momentsCut: boolean;
}

export interface MapReport extends RangeFacts {
  /** `sources`: the Internet that packets come from; `dark`: the monitored addresses, by their place and never by name. */
  of: 'sources' | 'dark';
  measure: Measure;
  kind: Kind;
  /** The map has 2^order × 2^order cells along a Hilbert curve. */
  order: number;
  /** What a cell is: so many bits of the address. */
  bits: number;
  /** Cells that are monitored, from 0 on; null for the Internet. */
  monitored: number | null;
  /** [cell, value] of the whole span, values above 0. */
  cells: [number, number][];
  /** The same hour by hour (of one or two days) or day by day; empty when not asked for. */
  frames: { at: string; cells: [number, number][] }[];
}

export interface LiveReport {
  /** Packets of an hour by minute and category: of the last hour, or, where nothing came in it, of the hour that ended with the last packet. */
  trend: TrendReport;
  /** Nothing came within the last hour. */
  stale: boolean;
  /** Over the last five whole minutes of the hour shown that all live sensors have reported. */
  packetsPerSecond: number;
  /** The same by category, most packets first. */
  rates: { category: string; packetsPerSecond: number }[];
  sensors: LiveSensor[];
}

/**
 * `files`: reads captures and reports nothing of itself. A live sensor is `late` when its last report is older than three minutes,
 * `deaf` when it heard nothing for five because no interface is up, `losing` when it lost frames in those five, else `well`.
 */
export type SensorState = 'files' | 'late' | 'deaf' | 'losing' | 'well';

export interface LiveSensor {
  sensor: string;
  state: SensorState;
  /** The last minute with a frame. */
  lastMinute: string | null;
  packetsOfHour: number;
  monitoredAddresses: number | null;
  /** What a live sensor reported in its last hour; null of one that reads files. */
  reported: {
    /** The end of the minute that its last report is about: what came until then is in the database. */
    until: string;
    interfaces: string[];
    received: number;
    kernelDropped: number;
    cardDropped: number;
    spoolDropped: number;
    clockSteps: number;
  } | null;
}

export interface RiserReport extends RangeFacts {
  survey: SurveyChoice;
  /** By how many packets more came than in the month before. */
  ports: Riser[];
}

export interface Riser {
  /** `tcp/23`. */
  port: string;
  category: string;
  packets: number;
  packetsBefore: number;
  /** Null where nothing came before; so is the rank. */
  growth: number | null;
  rank: number;
  rankBefore: number | null;
}
