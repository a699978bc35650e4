// Writes capture files: classic pcap and pcapng, in either byte order, with microseconds or nanoseconds.
// A packet is never changed on its way into the file, only cut at the snap length.

export interface CapturedFrame {
  /** Seconds since 1970-01-01T00:00:00Z. */
  seconds: number;
  nanos: number;
  frame: Uint8Array;
  /** Length on the wire where it differs from `frame.length`, that is, where the capture cut the frame. */
  wireLength?: number;
}

export interface CaptureOptions {
  bigEndian?: boolean;
  /** A number of the tcpdump.org link-type registry; 1 is Ethernet. */
  linkType?: number;
  /** Frames are cut to this length; 0 means no limit. */
  snapLength?: number;
}

export interface PcapOptions extends CaptureOptions {
  /** Time stamps count nanoseconds instead of microseconds. */
  nanoseconds?: boolean;
}

export interface PcapngOptions extends CaptureOptions {
  /** The value of if_tsresol: 6 is microseconds, 9 nanoseconds; with the highest bit set the rest is a power of two. */
  timeResolution?: number;
}

const defaultSnapLength = 262144;
const pcapMagic = { microseconds: 0xa1b2c3d4, nanoseconds: 0xa1b23c4d } as const;
const blockTypes = { section: 0x0a0d0d0a, interface: 1, enhancedPacket: 6 } as const;
const byteOrderMagic = 0x1a2b3c4d;
const tsresolOption = 9;

/** A classic capture file (draft-ietf-opsawg-pcap). */
export function writePcap(packets: Iterable<CapturedFrame>, options: PcapOptions = {}): Buffer {
  const { bigEndian = false, linkType = 1, snapLength = defaultSnapLength, nanoseconds = false } = options;
  const numbers = numberWriter(bigEndian);
  const magic = nanoseconds ? pcapMagic.nanoseconds : pcapMagic.microseconds;
  const version = numbers.uint16(2, 4);
  const pieces: Uint8Array[] = [numbers.uint32(magic), version, numbers.uint32(0, 0, snapLength, linkType)];
  for (const packet of packets) {
    const kept = cut(packet.frame, snapLength);
    const fraction = nanoseconds ? packet.nanos : Math.floor(packet.nanos / 1000);
    const wireLength = packet.wireLength ?? packet.frame.length;
    pieces.push(numbers.uint32(packet.seconds, fraction, kept.length, wireLength), kept);
  }
  return Buffer.concat(pieces);
}

/** A pcapng file (draft-ietf-opsawg-pcapng) of one section with one interface. */
export function writePcapng(packets: Iterable<CapturedFrame>, options: PcapngOptions = {}): Buffer {
  const { bigEndian = false, linkType = 1, snapLength = defaultSnapLength, timeResolution = 6 } = options;
  const numbers = numberWriter(bigEndian);
  const block = (type: number, ...body: Uint8Array[]): Uint8Array[] => {
    const length = 12 + body.reduce((sum, piece) => sum + piece.length, 0);
    return [numbers.uint32(type, length), ...body, numbers.uint32(length)];
  };
  const unknownLength = numbers.uint32(0xffffffff, 0xffffffff);
  const resolution = [numbers.uint16(tsresolOption, 1), Uint8Array.of(timeResolution, 0, 0, 0), numbers.uint32(0)];
  const pieces = [
    ...block(blockTypes.section, numbers.uint32(byteOrderMagic), numbers.uint16(1, 0), unknownLength),
    ...block(blockTypes.interface, numbers.uint16(linkType, 0), numbers.uint32(snapLength), ...resolution),
  ];
  for (const packet of packets) {
    const kept = cut(packet.frame, snapLength);
    const ticks = ticksOf(packet, timeResolution);
    const wireLength = packet.wireLength ?? packet.frame.length;
    const head = numbers.uint32(0, Number(ticks >> 32n), Number(ticks & 0xffffffffn), kept.length, wireLength);
    pieces.push(...block(blockTypes.enhancedPacket, head, kept, new Uint8Array(-kept.length & 3)));
  }
  return Buffer.concat(pieces);
}

function cut(frame: Uint8Array, snapLength: number): Uint8Array {
  return snapLength > 0 ? frame.subarray(0, snapLength) : frame;
}

/** The packet's time in the interface's own ticks, rounded down. */
function ticksOf({ seconds, nanos }: CapturedFrame, timeResolution: number): bigint {
  const powerOfTwo = (timeResolution & 0x80) !== 0;
  const perSecond = (powerOfTwo ? 2n : 10n) ** BigInt(timeResolution & 0x7f);
  return BigInt(seconds) * perSecond + (BigInt(nanos) * perSecond) / 1_000_000_000n;
}

function numberWriter(bigEndian: boolean) {
  return {
    uint16(...values: number[]): Uint8Array {
      const view = new DataView(new ArrayBuffer(2 * values.length));
      values.forEach((value, index) => {
        view.setUint16(2 * index, value, !bigEndian);
      });
      return new Uint8Array(view.buffer);
    },
    uint32(...values: number[]): Uint8Array {
      const view = new DataView(new ArrayBuffer(4 * values.length));
      values.forEach((value, index) => {
        view.setUint32(4 * index, value, !bigEndian);
      });
      return new Uint8Array(view.buffer);
    },
  };
}
