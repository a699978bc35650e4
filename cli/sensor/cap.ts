// npm's `cap` as the one that captures, where a user has installed it: a way for systems and habits that have nothing better. It does not say
// what it loses, so neither can we; what else it lacks is said at the start.
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { pcapHeader, writeRecordHeader } from '../../collector/live/ring-pcap.ts';
import { UsageError } from '../../store/usage-error.ts';
import type { Log } from './log.ts';
import type { SensorPart } from './options.ts';
import type { SourcePlan } from './source.ts';

/** What is used of `cap` 0.2. */
interface Cap {
  open(device: string, filter: string, bufferBytes: number, into: Buffer): string;
  close(): void;
  on(event: 'packet', heard: (bytes: number) => void): void;
}

const LACKS = [
  'it does not tell how many frames it loses, and it does lose some: drops are unknown',
  'it gives no time: a frame bears that of its arrival in this program',
  'an interface that goes down ends the whole process',
  'it is always promiscuous',
];
const LINK_TYPES: Record<string, number> = { NULL: 0, ETHERNET: 1, RAW: 101, LINKTYPE_LINUX_SLL: 113 };
const MOST_FRAME = 65_535;
const RECORD_HEADER = 16;
/** Records that are handed over together. */
const PIECE_BYTES = 1 << 16;
const MEBIBYTE = 1 << 20;

/** It writes into these, and does not keep them alive itself. */
const kept: unknown[] = [];

/**
 * Opens an interface through it.
 * @throws UsageError where it is not installed, or with its own words
 */
export function openCap(name: string, part: SensorPart, log: Log): SourcePlan {
  const cap = loadCap();
  const frame = Buffer.alloc(MOST_FRAME);
  kept.push(cap, frame);
  let link: string;
  try {
    link = cap.open(name, part.filter ?? '', part.ring * MEBIBYTE, frame);
  } catch (error) {
    throw new UsageError(`--capture cap: -i ${name}: ${(error as Error).message}`);
  }
  const linkType = LINK_TYPES[link];
  if (linkType === undefined)
    throw new UsageError(`--capture cap: ${name} has frames of a kind that is not read (${link})`);
  log.warn('captured by cap', { source: name, lacks: LACKS }, 'captured-by-cap');
  const input = new Readable({ read: () => {} });
  input.push(pcapHeader(linkType));
  const records = gathered((piece) => input.push(piece));
  cap.on('packet', (bytes) => records(frame.subarray(0, Math.min(bytes, part.snaplen)), bytes));
  const end = () => {
    cap.close();
    setImmediate(() => input.push(null)); // behind the last piece
  };
  return { kind: 'stream', name, input, end, dropsUnknown: true };
}

function loadCap(): Cap {
  try {
    const { Cap: Constructor } = createRequire(import.meta.url)('cap') as { Cap: new () => Cap };
    return new Constructor();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'MODULE_NOT_FOUND') throw new UsageError(`--capture cap: ${message.split('\n')[0]}`);
    throw new UsageError(
      '--capture cap: the npm package cap is not installed beside umbrascope (npm install --global cap, which compiles it, with libpcap)',
    );
  }
}

/** Takes frames, gives pcap records of some of them at once: when a piece is full, and when nothing more comes just now. */
function gathered(give: (piece: Buffer) => void): (frame: Uint8Array, onWire: number) => void {
  let piece = Buffer.alloc(PIECE_BYTES);
  let filled = 0;
  const handOver = () => {
    if (filled === 0) return;
    give(piece.subarray(0, filled));
    piece = Buffer.alloc(PIECE_BYTES);
    filled = 0;
  };
  return (frame, onWire) => {
    if (filled + RECORD_HEADER + frame.length > piece.length) handOver();
    if (filled + RECORD_HEADER + frame.length > piece.length) piece = Buffer.alloc(RECORD_HEADER + frame.length);
    if (filled === 0) setImmediate(handOver);
    const now = Date.now();
    writeRecordHeader(piece, filled, Math.floor(now / 1000), (now % 1000) * 1_000_000, frame.length, onWire);
    piece.set(frame, filled + RECORD_HEADER);
    filled += RECORD_HEADER + frame.length;
  };
}
