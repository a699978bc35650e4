// Decodes one frame and tells what came out in words.
import { KINDS, type Kind } from '../../analyzer/classify/kinds.ts';
import { Addresses6 } from '../../analyzer/decode/addresses6.ts';
import { Darknet, type Prefix } from '../../analyzer/decode/darknet.ts';
import { decodeFrames } from '../../analyzer/decode/decode.ts';
import { createPacketColumns } from '../../analyzer/decode/packets.ts';
import { FATES, type FateName } from '../../analyzer/fates.ts';
import { createFrameColumns, NO_TIME } from '../../collector/formats/frames.ts';
import { addressBytes } from '../../sample-pcaps/addresses.ts';

export interface Decoded {
  fate: FateName;
  version: number;
  proto: number;
  kind: Kind;
  toolMarks: number;
  srcPort: number;
  dstPort: number;
}

export interface Circumstances {
  linkType?: number;
  seconds?: number;
  earliest?: number;
  latest?: number;
  darknet?: Prefix[];
}

/** A prefix as text: "198.51.100.0/24". */
export function prefix(text: string): Prefix {
  const [address = '', bits] = text.split('/');
  return { bytes: [...addressBytes(address)], bits: Number(bits) };
}

// Used again and again, so that what an earlier frame left behind would show.
const frames = createFrameColumns(1);
const packets = createPacketColumns();
const addresses = new Addresses6();

/** The view ends where the frame ends: a decoder that reads beyond it throws. */
export function decode(frame: Uint8Array, circumstances: Circumstances = {}): Decoded {
  const { linkType = 1, seconds = 1_577_836_800, earliest = 0, latest = NO_TIME, darknet } = circumstances;
  frames.rows = 1;
  frames.at[0] = 0;
  frames.capLength[0] = frame.length;
  frames.wireLength[0] = frame.length;
  frames.seconds[0] = seconds;
  frames.linkType[0] = linkType;
  packets.fate[0] = 0xff;
  const limits = { earliest, latest, darknet: darknet && new Darknet(darknet) };
  addresses.clear();
  decodeFrames(new DataView(frame.buffer, frame.byteOffset, frame.length), frames, packets, addresses, limits);
  const fate = FATES[packets.fate[0]];
  if (fate === undefined) throw new Error(`no fate has the number ${packets.fate[0]}`);
  return {
    fate: fate.fate,
    version: packets.version[0],
    proto: packets.proto[0],
    kind: KINDS[packets.kind[0]],
    toolMarks: packets.toolMarks[0],
    srcPort: packets.srcPort[0],
    dstPort: packets.dstPort[0],
  };
}
