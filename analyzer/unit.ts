// Units of work: the bytes of whole records in, an account of each out, and blocks of many together. The same units in the same order
// always give the same blocks, whoever counts them and whenever.
import { createCipheriv, createHash } from 'node:crypto';
import { type CaptureContext, readRecords } from '../collector/formats/capture.ts';
import { createFrameColumns } from '../collector/formats/frames.ts';
import { type Block, coverageBlock, darkBlock, fateBlock, flowBlock, minuteBlock, portHourBlock } from './blocks.ts';
import { type CompiledRules, compileRules, type RuleSet } from './classify/rules.ts';
import { ColumnMemory } from './count/column-memory.ts';
import { DarkCounts } from './count/dark-counts.ts';
import { dayOfHourIn } from './count/days.ts';
import { Flows } from './count/flows.ts';
import { HourCounts } from './count/hours.ts';
import { UnsupportedLinks } from './count/links.ts';
import { MinuteCounts } from './count/minutes.ts';
import { PortHours } from './count/port-hours.ts';
import { ProtocolCounts } from './count/protocols.ts';
import { MinuteSpans } from './count/spans.ts';
import { Addresses6 } from './decode/addresses6.ts';
import { Darknet, monitoredAddresses, type Prefix } from './decode/darknet.ts';
import { type DecodeLimits, decodeFrames } from './decode/decode.ts';
import { createPacketColumns } from './decode/packets.ts';
import { FATES } from './fates.ts';

/** What a run's result depends on besides the captures. Plain data: it crosses to worker threads. */
export interface AnalyzerConfig {
  rules: RuleSet;
  /** Monitored prefixes; empty = not known, and every address counts. */
  darknet: Prefix[];
  /** IANA name; cuts days. */
  timeZone: string;
  /** Seconds since 1970: times before `earliest` and from `latest` on are badTime. */
  earliest: number;
  latest: number;
}

/** What became of a unit's frames. */
export interface UnitAccount {
  frames: number;
  counted: number;
  /** Frames by fate, `counted` left out, only those that occurred. */
  fates: Record<string, number>;
  protocols: Record<string, number>;
  /** Frames of the fate unsupportedLink by the number of their link type. */
  unsupportedLinks: Record<string, number>;
  /** First and last hour (since 1970 UTC) in which a frame with a usable time fell; null when none did. */
  firstHour: number | null;
  lastHour: number | null;
}

/** Above this many monitored addresses the address map is kept by /24. */
const MOST_DARK_ADDRESSES = 65_536;
/** Beyond these bounds (flows have their own) the tables are emptied into blocks, so that memory is bounded whatever times and addresses come. */
const MOST_DARK_ROWS = 1 << 19;
const MOST_MINUTES = 1 << 16;
const MOST_ADDRESSES6 = 1 << 19;

/** Counts unit after unit into one set of tables, until they are collected as blocks. */
export class UnitCounter {
  #config: AnalyzerConfig;
  #rules: CompiledRules;
  #limits: DecodeLimits;
  #monitoredAddresses: number;
  #frames = createFrameColumns();
  #packets = createPacketColumns();
  #addresses = new Addresses6();
  #spans = new MinuteSpans();
  #flows: Flows;
  #dark: DarkCounts;
  #ports: PortHours;
  #hours = new HourCounts();
  #minutes: MinuteCounts;
  /** Of the unit at hand. */
  #hoursOfUnit = new HourCounts();
  #protocols = new ProtocolCounts();
  #links = new UnsupportedLinks();
  #full: Block[] = [];

  constructor(config: AnalyzerConfig, memory: ColumnMemory = new ColumnMemory()) {
    this.#config = config;
    this.#flows = new Flows(memory);
    this.#rules = compileRules(config.rules);
    this.#minutes = new MinuteCounts(this.#rules);
    const darknet = config.darknet.length > 0 ? new Darknet(config.darknet) : undefined;
    this.#limits = { earliest: config.earliest, latest: config.latest, darknet };
    this.#monitoredAddresses = monitoredAddresses(config.darknet);
    const by24 = this.#monitoredAddresses > MOST_DARK_ADDRESSES;
    const dayOfHour = dayOfHourIn(config.timeZone);
    this.#dark = new DarkCounts(darknet, by24, dayOfHour);
    this.#ports = new PortHours(dayOfHour);
  }

  /** Counts the records in `from … to` of `view`, which are whole; `context` is the state at `from`, and is moved on. */
  add(view: DataView, from: number, to: number, context: CaptureContext): UnitAccount {
    const { earliest, latest } = this.#config;
    this.#hoursOfUnit.clear();
    let at = from;
    while (at < to) {
      if (this.#isFull()) this.#empty();
      at = readRecords(view, at, to, context, this.#frames);
      decodeFrames(view, this.#frames, this.#packets, this.#addresses, this.#limits);
      this.#spans.find(this.#frames);
      this.#flows.add(this.#frames, this.#packets, this.#spans);
      this.#dark.add(this.#frames, this.#packets, this.#spans);
      this.#minutes.add(this.#frames, this.#packets, this.#spans);
      this.#hoursOfUnit.add(this.#frames, this.#packets, this.#spans, earliest, latest);
      this.#protocols.add(this.#frames.rows, this.#packets);
      this.#links.add(this.#frames, this.#packets);
    }
    this.#hours.merge(this.#hoursOfUnit);
    return this.#account();
  }

  /** All that was counted since this was called last. */
  collect(): Block[] {
    this.#empty();
    const blocks = this.#full;
    this.#full = [];
    return blocks;
  }

  /** Counts one unit by itself. */
  count(view: DataView, from: number, to: number, context: CaptureContext): { blocks: Block[]; account: UnitAccount } {
    const account = this.add(view, from, to, context);
    return { blocks: this.collect(), account };
  }

  #isFull(): boolean {
    return Boolean(
      this.#flows.full ||
        this.#dark.table.size > MOST_DARK_ROWS ||
        this.#minutes.beginOf.size > MOST_MINUTES ||
        this.#addresses.size > MOST_ADDRESSES6,
    );
  }

  #empty(): void {
    const flows = this.#flows.take();
    this.#ports.add(flows);
    this.#full.push(
      flowBlock(flows, this.#addresses),
      portHourBlock(this.#ports),
      darkBlock(this.#dark, this.#addresses),
      minuteBlock(this.#minutes, this.#rules.categories),
      fateBlock(this.#hours),
      coverageBlock(this.#hours, this.#monitoredAddresses),
    );
    this.#addresses.clear();
    this.#dark.clear();
    this.#ports.clear();
    this.#hours.clear();
    this.#minutes.clear();
  }

  #account(): UnitAccount {
    const byFate = FATES.map(() => 0);
    const hours: number[] = [];
    for (const [hour, count] of this.#hoursOfUnit.byHour) {
      for (let fate = 0; fate < byFate.length; fate++) byFate[fate] += count.frames[fate];
      if (count.heard[0] | count.heard[1]) hours.push(hour);
    }
    const fates: Record<string, number> = {};
    for (const [number, { fate }] of FATES.entries())
      if (number > 0 && byFate[number] > 0) fates[fate] = byFate[number];
    return {
      frames: byFate.reduce((sum, frames) => sum + frames, 0),
      counted: byFate[0],
      fates,
      protocols: this.#protocols.take(),
      unsupportedLinks: this.#links.take(),
      firstHour: hours.length > 0 ? hours.reduce((a, b) => Math.min(a, b)) : null,
      lastHour: hours.length > 0 ? hours.reduce((a, b) => Math.max(a, b)) : null,
    };
  }
}

/**
 * The identity of a unit: 128 bits over its records and all that their meaning depends on. The name and place of the file and how it
 * was compressed are not part of it. The bits are AES-GMAC (NIST SP 800-38D) under a key that everybody knows: it tells
 * units apart that differ by accident (chance of a mistake below 2^-100), not captures that somebody forges on purpose to look known. It
 * costs a third of SHA-256 (`npm run bench -- stages`).
 */
export function unitId(bytes: Uint8Array, context: CaptureContext): string {
  const text = describe(context);
  if (text !== latest.text) latest = { text, nonce: nonceOf(text) };
  const mac = createCipheriv('aes-128-gcm', IDENTITY_KEY, latest.nonce);
  mac.setAAD(bytes);
  mac.final();
  return mac.getAuthTag().toString('hex');
}

const IDENTITY_KEY = Buffer.from('umbrascope unit ');
/** Unit after unit has the same context, thousands of small files even. */
let latest = { text: '', nonce: nonceOf('') };

function nonceOf(text: string): Uint8Array {
  return createHash('sha256').update(text).digest().subarray(0, 12);
}

function describe(context: CaptureContext): string {
  if (context.container === 'erf') return 'erf\n';
  if (context.container === 'ring') return `ring ${context.linkType}\n`;
  if (context.container === 'pcap') {
    const { littleEndian, linkType, recordHeader, capLengthAt, eitherOrder } = context;
    return `pcap ${littleEndian} ${linkType} ${recordHeader} ${capLengthAt}${eitherOrder ? ' either' : ''}\n`;
  }
  const interfaces = context.interfaces.map(({ linkType, snapLength, clock }) => {
    return `${linkType} ${snapLength} ${clock.ticks} ${clock.offset}`;
  });
  return `pcapng ${context.littleEndian} ${interfaces.join(' | ')}\n`;
}
