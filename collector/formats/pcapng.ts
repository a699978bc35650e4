// pcapng (draft-ietf-opsawg-pcapng): sections of blocks, each section with a byte order and a list of interfaces of its own.
// Packets come in enhanced (6), simple (3) and obsolete (2) packet blocks; everything else but the headers is stepped over.
import { type InterfaceClock, interfaceClock, secondsOf } from './clock.ts';
import { type FrameColumns, MAX_FRAME, type Reach } from './frames.ts';

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const SMALLEST_BLOCK = 12;
/** Largest block that is read; a section header or list of names beyond it is damage. */
export const MAX_BLOCK = 1 << 24;
/** Every unit carries the interfaces of its section, so their number has to have a bound. */
export const MAX_INTERFACES = 1 << 16;

const OPTION_END = 0;
const OPTION_TSRESOL = 9;
const OPTION_TSOFFSET = 14;

export interface Interface {
  linkType: number;
  /** 0 = no limit. */
  snapLength: number;
  clock: InterfaceClock;
}

/** The state of a section at some block: what is needed to read on from there. */
export interface PcapngContext {
  container: 'pcapng';
  littleEndian: boolean;
  interfaces: Interface[];
  /** The interfaces above by what they say: alike ones are one object, which keeps thousands of them cheap to hand over. */
  distinct: Map<string, Interface>;
}

export function isPcapng(magic: number): boolean {
  return magic === SECTION_HEADER;
}

/** The state before a file's first block, which must be a section header. */
export function openPcapng(): PcapngContext {
  return { container: 'pcapng', littleEndian: false, interfaces: [], distinct: new Map() };
}

/** Byte order of the section header at `at`; undefined when its magic is neither. */
function sectionOrder(view: DataView, at: number): boolean | undefined {
  const magic = view.getUint32(at + 8);
  if (magic === BYTE_ORDER_MAGIC) return false;
  return view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC ? true : undefined;
}

/** Version 1.0, or 1.2, which some write and means the same (draft-ietf-opsawg-pcapng, 4.1). */
function versionDamage(view: DataView, at: number, littleEndian: boolean): string | undefined {
  const major = view.getUint16(at + 12, littleEndian);
  const minor = view.getUint16(at + 14, littleEndian);
  if (major === 1 && (minor === 0 || minor === 2)) return undefined;
  return `a section of pcapng version ${major}.${minor}, which is not known (1.0 is)`;
}

/** Reads if_tsresol and if_tsoffset out of an interface description that ends (options included) at `end`. */
function readInterface(view: DataView, at: number, end: number, context: PcapngContext): Interface {
  const { littleEndian, distinct } = context;
  let resolution = 6;
  let offset = 0n;
  let option = at + 16;
  while (option + 4 <= end) {
    const code = view.getUint16(option, littleEndian);
    const length = view.getUint16(option + 2, littleEndian);
    if (code === OPTION_END || option + 4 + length > end) break;
    if (code === OPTION_TSRESOL && length >= 1) resolution = view.getUint8(option + 4);
    if (code === OPTION_TSOFFSET && length >= 8) offset = view.getBigInt64(option + 4, littleEndian);
    option += 4 + ((length + 3) & ~3);
  }
  const linkType = view.getUint16(at + 8, littleEndian);
  const snapLength = view.getUint32(at + 12, littleEndian);
  const says = `${linkType} ${snapLength} ${resolution} ${offset}`;
  const alike = distinct.get(says) ?? { linkType, snapLength, clock: interfaceClock(resolution, offset) };
  distinct.set(says, alike);
  return alike;
}

/** Takes a section header or interface description into `context`; other blocks leave it as it is. */
function learn(view: DataView, at: number, type: number, length: number, context: PcapngContext): void {
  if (type === SECTION_HEADER) {
    context.littleEndian = sectionOrder(view, at) ?? false;
    context.interfaces = [];
    context.distinct = new Map();
  } else if (type === INTERFACE_DESCRIPTION) {
    context.interfaces.push(readInterface(view, at, at + length - 4, context));
  }
}

/** What is wrong with a block that is whole, if anything: checked once here, trusted by `readPcapng`. */
function blockDamage(
  view: DataView,
  at: number,
  type: number,
  length: number,
  context: PcapngContext,
  littleEndian: boolean,
): string | undefined {
  if (type === SECTION_HEADER) return versionDamage(view, at, littleEndian);
  if (type === INTERFACE_DESCRIPTION && context.interfaces.length >= MAX_INTERFACES) {
    return `a section with more than ${MAX_INTERFACES} interfaces`;
  }
  return isPacket(type) ? packetDamage(view, at, type, length, context) : undefined;
}

function packetDamage(
  view: DataView,
  at: number,
  type: number,
  length: number,
  context: PcapngContext,
): string | undefined {
  const { littleEndian, interfaces } = context;
  const body = type === SIMPLE_PACKET ? 16 : 32;
  if (length < body) return `packet block of ${length} bytes is too short`;
  const name =
    type === SIMPLE_PACKET
      ? 0
      : type === OBSOLETE_PACKET
        ? view.getUint16(at + 8, littleEndian)
        : view.getUint32(at + 8, littleEndian);
  const from = interfaces[name];
  if (from === undefined) return `packet of interface ${name}, which the section never described`;
  const captured = capturedLength(view, at, type, length, littleEndian, from);
  if (captured > MAX_FRAME) return `a packet says it holds ${captured} bytes (at most ${MAX_FRAME} can be)`;
  if (captured > length - body) return `a packet says it holds ${captured} bytes, its block only ${length - body}`;
  return undefined;
}

function capturedLength(
  view: DataView,
  at: number,
  type: number,
  length: number,
  littleEndian: boolean,
  from: Interface,
): number {
  if (type !== SIMPLE_PACKET) return view.getUint32(at + 20, littleEndian);
  const original = view.getUint32(at + 8, littleEndian);
  return Math.min(original, from.snapLength || original, length - 16);
}

/** Blocks end at whole 32-bit words; there are writers that leave the padding out of the length (Wireshark reads them, too). */
function withPadding(length: number): number {
  return (length + 3) & ~3;
}

function isPacket(type: number): boolean {
  return type === ENHANCED_PACKET || type === SIMPLE_PACKET || type === OBSOLETE_PACKET;
}

/** Walks whole blocks from `from` while they start before `until` and end by `to`, keeping `context` up to date. */
export function walkPcapng(view: DataView, from: number, until: number, to: number, context: PcapngContext): Reach {
  let at = from;
  while (at < until) {
    if (at + SMALLEST_BLOCK > to) return { at, needs: SMALLEST_BLOCK };
    const section = view.getUint32(at) === SECTION_HEADER;
    const littleEndian = section ? sectionOrder(view, at) : context.littleEndian;
    if (littleEndian === undefined) return { at, needs: 0, damage: 'section header without a byte-order magic' };
    const type = section ? SECTION_HEADER : view.getUint32(at, littleEndian);
    const said = view.getUint32(at + 4, littleEndian);
    const least = section ? 28 : type === INTERFACE_DESCRIPTION ? 20 : SMALLEST_BLOCK;
    if (said < least || said > MAX_BLOCK) {
      return { at, needs: 0, damage: `block of type ${type} says it is ${said} bytes long` };
    }
    const length = withPadding(said);
    if (at + length > to) return { at, needs: length };
    if (view.getUint32(at + length - 4, littleEndian) !== said) {
      return { at, needs: 0, damage: `block of type ${type} ends with another length than it begins with` };
    }
    const damage = blockDamage(view, at, type, length, context, littleEndian);
    if (damage !== undefined) return { at, needs: 0, damage };
    learn(view, at, type, length, context);
    at += length;
  }
  return { at, needs: 0 };
}

/**
 * Fills `frames` with the packets of blocks that `walkPcapng` has found whole, as many as fit; returns the offset of the next block.
 * `context` must be the state at `from` and moves on with the blocks.
 */
export function readPcapng(
  view: DataView,
  from: number,
  to: number,
  context: PcapngContext,
  frames: FrameColumns,
): number {
  const { at, capLength, wireLength, seconds, linkType } = frames;
  const most = at.length;
  let rows = 0;
  let block = from;
  while (rows < most && block < to) {
    const section = view.getUint32(block) === SECTION_HEADER;
    const littleEndian = section ? (sectionOrder(view, block) ?? false) : context.littleEndian;
    const type = section ? SECTION_HEADER : view.getUint32(block, littleEndian);
    const length = withPadding(view.getUint32(block + 4, littleEndian));
    if (type === ENHANCED_PACKET || type === OBSOLETE_PACKET) {
      const name =
        type === ENHANCED_PACKET ? view.getUint32(block + 8, littleEndian) : view.getUint16(block + 8, littleEndian);
      const source = context.interfaces[name]!;
      at[rows] = block + 28;
      capLength[rows] = view.getUint32(block + 20, littleEndian);
      wireLength[rows] = view.getUint32(block + 24, littleEndian);
      seconds[rows] = secondsOf(
        source.clock,
        view.getUint32(block + 12, littleEndian),
        view.getUint32(block + 16, littleEndian),
      );
      linkType[rows] = source.linkType;
      rows++;
    } else if (type === SIMPLE_PACKET) {
      const source = context.interfaces[0]!;
      at[rows] = block + 12;
      capLength[rows] = capturedLength(view, block, type, length, littleEndian, source);
      wireLength[rows] = view.getUint32(block + 8, littleEndian);
      seconds[rows] = 0; // a simple packet block carries no time
      linkType[rows] = source.linkType;
      rows++;
    } else {
      learn(view, block, type, length, context);
    }
    block += length;
  }
  frames.rows = rows;
  return block;
}
