// One unit of work: the bytes of whole records in, blocks and an account out. The same bytes always give the same blocks,
// whoever counts them and whenever.
import { createCipheriv, createHash } from 'node:crypto';
import { type CaptureContext, readRecords } from '../collector/formats/capture.ts';
import { createFrameColumns } from '../collector/formats/frames.ts';
import { type Block, coverageBlock, darkBlock, fateBlock, flowBlock, minuteBlock } from './blocks.ts';
import { type CompiledRules, compileRules, type RuleSet } from './classify/rules.ts';
import { DarkTable } from './count/dark.ts';
import { dayOfHourIn } from './count/days.ts';
import { FlowTable } from './count/flows.ts';
import { HourCounts } from './count/hours.ts';
import { MinuteCounts } from './count/minutes.ts';
import { PROTOCOL_NAMES, ProtocolCounts } from './count/protocols.ts';
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
  /** First and last hour (since 1970 UTC) in which a frame with a usable time fell; null when none did. */
  firstHour: number | null;
  lastHour: number | null;
}

/** Above this many monitored addresses the address map is kept by /24. */
const MOST_DARK_ADDRESSES = 65_536;

export class UnitCounter {
  #config: AnalyzerConfig;
  #rules: CompiledRules;
  #limits: DecodeLimits;
  #addressMask: number;
  #monitoredAddresses: number;
  #dayOfHour: (hour: number) => number;
  #frames = createFrameColumns();
  #packets = createPacketColumns();
  #addresses = new Addresses6();
  #flows = new FlowTable();
  #dark = new DarkTable();
  #hours = new HourCounts();
  #minutes: MinuteCounts;
  #protocols = new ProtocolCounts();

  constructor(config: AnalyzerConfig) {
    this.#config = config;
    this.#rules = compileRules(config.rules);
    this.#minutes = new MinuteCounts(this.#rules);
    const darknet = config.darknet.length > 0 ? new Darknet(config.darknet) : undefined;
    this.#limits = { earliest: config.earliest, latest: config.latest, darknet };
    this.#monitoredAddresses = monitoredAddresses(config.darknet);
    this.#addressMask = this.#monitoredAddresses > MOST_DARK_ADDRESSES ? 0xffffff00 : 0xffffffff;
    this.#dayOfHour = dayOfHourIn(config.timeZone);
  }

  /** Counts the records in `from … to` of `view`, which are whole; `context` is the state at `from`. */
  count(view: DataView, from: number, to: number, context: CaptureContext): { blocks: Block[]; account: UnitAccount } {
    this.#clear();
    let at = from;
    while (at < to) {
      at = readRecords(view, at, to, context, this.#frames);
      decodeFrames(view, this.#frames, this.#packets, this.#addresses, this.#limits);
      this.#flows.add(this.#frames, this.#packets);
      this.#dark.add(this.#frames, this.#packets, this.#addressMask, this.#dayOfHour);
      this.#minutes.add(this.#frames, this.#packets);
      this.#hours.add(this.#frames, this.#packets, this.#config.earliest, this.#config.latest);
      this.#protocols.add(this.#frames.rows, this.#packets);
    }
    return { blocks: this.#blocks(), account: this.#account() };
  }

  #blocks(): Block[] {
    return [
      flowBlock(this.#flows, this.#addresses),
      darkBlock(this.#dark, this.#addresses),
      minuteBlock(this.#minutes, this.#rules.categories),
      fateBlock(this.#hours),
      coverageBlock(this.#hours, this.#monitoredAddresses),
    ];
  }

  #account(): UnitAccount {
    const byFate = new Float64Array(FATES.length);
    const hours: number[] = [];
    for (const [hour, count] of this.#hours.byHour) {
      for (let fate = 0; fate < byFate.length; fate++) byFate[fate] += count.frames[fate];
      if (count.heard[0] | count.heard[1]) hours.push(hour);
    }
    const fates: Record<string, number> = {};
    for (const [number, { fate }] of FATES.entries())
      if (number > 0 && byFate[number] > 0) fates[fate] = byFate[number];
    const protocols: Record<string, number> = {};
    for (const [number, name] of PROTOCOL_NAMES.entries()) protocols[name] = this.#protocols.frames[number];
    return {
      frames: byFate.reduce((sum, frames) => sum + frames, 0),
      counted: byFate[0],
      fates,
      protocols,
      firstHour: hours.length > 0 ? hours.reduce((a, b) => Math.min(a, b)) : null,
      lastHour: hours.length > 0 ? hours.reduce((a, b) => Math.max(a, b)) : null,
    };
  }

  #clear(): void {
    this.#addresses.clear();
    this.#flows.clear();
    this.#dark.clear();
    this.#hours.clear();
    this.#minutes.clear();
    this.#protocols.clear();
  }
}

/**
 * The identity of a unit: 128 bits over its records and all that their meaning depends on. The name and place of the file and how it
 * was compressed are not part of it. The bits are AES-GMAC (NIST SP 800-38D) under a key that everybody knows: it tells
 * units apart that differ by accident (chance of a mistake below 2^-100), not captures that somebody forges on purpose to look known. It
 * costs a third of SHA-256 (`npm run bench -- stages`).
 */
export function unitId(bytes: Uint8Array, context: CaptureContext): string {
  const nonce = createHash('sha256').update(describe(context)).digest().subarray(0, 12);
  const mac = createCipheriv('aes-128-gcm', IDENTITY_KEY, nonce);
  mac.setAAD(bytes);
  mac.final();
  return mac.getAuthTag().toString('hex');
}

const IDENTITY_KEY = Buffer.from('umbrascope unit ');

function describe(context: CaptureContext): string {
  if (context.container === 'erf') return 'erf\n';
  if (context.container === 'pcap') {
    const { littleEndian, linkType, recordHeader, capLengthAt, eitherOrder } = context;
    return `pcap ${littleEndian} ${linkType} ${recordHeader} ${capLengthAt}${eitherOrder ? ' either' : ''}\n`;
  }
  const interfaces = context.interfaces.map(({ linkType, snapLength, clock }) => {
    return `${linkType} ${snapLength} ${clock.ticks} ${clock.offset}`;
  });
  return `pcapng ${context.littleEndian} ${interfaces.join(' | ')}\n`;
}
