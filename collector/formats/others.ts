// Files that are known and not read: told by their first bytes, so that a message can say what they are and what to do.

interface Other {
  what: string;
  /** One character a byte. */
  begins: string;
  /** Where these bytes stand, if not at the very beginning. */
  at?: number;
}

/** Captures that Wireshark's editcap converts. */
const CAPTURES: readonly Other[] = [
  { what: 'snoop', begins: 'snoop\0\0\0' },
  { what: 'Microsoft Network Monitor', begins: 'GMBU' },
  { what: 'Microsoft Network Monitor', begins: 'RTSS' },
  { what: 'Sniffer', begins: 'TRSNIFF data' },
  { what: 'Sniffer or NetXRay', begins: 'XCP\0' },
  { what: 'Sniffer or NetXRay', begins: 'VL\0\0' },
  { what: 'LANalyzer', begins: '\x01\x10\x4c\0' },
  { what: 'LANalyzer', begins: '\x07\x10\x4c\0' },
  { what: 'iptrace', begins: 'iptrace ' },
  { what: 'InfoVista 5View', begins: '\xaa\xaa\xaa\xaa' },
  { what: 'Visual Networks', begins: '\x05VNF' },
  { what: 'EtherPeek', begins: '\x7fver' },
  { what: 'Observer', begins: 'ObserverPktBuffe' },
  { what: 'RADCOM', begins: '\x42\xd2\0\x34\x12\x66\x22\x88' },
  { what: 'nettl', begins: 'TR\0d\0' },
  { what: 'Capsa', begins: 'cpse' },
  { what: 'Bluetooth (btsnoop)', begins: 'btsnoop\0' },
];

/** Magic numbers that libpcap keeps for others' kinds of pcap, whose records nobody has described. */
const PRIVATE_PCAPS: readonly Other[] = [
  { what: 'Navtel', begins: '\xa1\x2b\x3c\x4d' },
  { what: 'Navtel', begins: '\x4d\x3c\x2b\xa1' },
  { what: 'F. Mesquita', begins: '\xa1\xb2\x34\xcd' },
  { what: 'F. Mesquita', begins: '\xcd\x34\xb2\xa1' },
];

/** What else is compressed: see compression/compressions.ts for what is read. */
const COMPRESSIONS: readonly Other[] = [
  { what: 'lzma', begins: '\x5d\0\0' },
  { what: 'lzip', begins: 'LZIP' },
  { what: 'lzop', begins: '\x89LZO' },
  { what: 'compress', begins: '\x1f\x9d' },
  { what: 'snappy', begins: '\xff\x06\0\0sNaPpY' },
];

const ARCHIVES: readonly Other[] = [
  { what: 'zip', begins: 'PK\x03\x04' },
  { what: 'zip', begins: 'PK\x05\x06' },
  { what: '7-Zip', begins: '7z\xbc\xaf\x27\x1c' },
  { what: 'RAR', begins: 'Rar!\x1a\x07' },
  { what: 'tar', begins: 'ustar', at: 257 },
];

const DOCUMENTS: readonly Other[] = [
  { what: 'a PDF', begins: '%PDF-' },
  { what: 'a picture', begins: '\x89PNG' },
  { what: 'a picture', begins: 'GIF8' },
  { what: 'a picture', begins: '\xff\xd8\xff' },
  { what: 'an SQLite database', begins: 'SQLite format 3\0' },
  { what: 'a program', begins: '\x7fELF' },
];

export interface Described {
  /** What it is and what to do about it. */
  text: string;
  /** It may hold packets, which are missing as long as nobody does what is said. */
  packets: boolean;
}

/** What the bytes from `from` on are, if known. */
export function describeOther(view: DataView, from: number, to: number): Described | undefined {
  const first = (others: readonly Other[]) => others.find((other) => matches(view, from, to, other))?.what;
  const capture = first(CAPTURES);
  if (capture) return { text: `a capture of ${capture}; convert it with "editcap -F pcap in out"`, packets: true };
  const pcap = first(PRIVATE_PCAPS);
  if (pcap) return { text: `a pcap in a form of its own (${pcap}); save it as ordinary pcap`, packets: true };
  const compression = first(COMPRESSIONS);
  if (compression) {
    return { text: `${compression}-compressed, which is not read; decompress it first`, packets: true };
  }
  const archive = first(ARCHIVES);
  if (archive) return { text: `an archive (${archive}); unpack it first`, packets: true };
  const document = first(DOCUMENTS);
  if (document) return { text: document, packets: false };
  return isText(view, from, to) ? { text: textKind(view.getUint8(from)), packets: false } : undefined;
}

function matches(view: DataView, from: number, to: number, { begins, at = 0 }: Other): boolean {
  if (from + at + begins.length > to) return false;
  for (let index = 0; index < begins.length; index++) {
    if (view.getUint8(from + at + index) !== begins.charCodeAt(index)) return false;
  }
  return true;
}

const TEXT_LOOKED_AT = 512;
/** Tab, line feed, form feed, carriage return, escape. */
const TEXT_CONTROLS = [9, 10, 12, 13, 27];

/** True when there is no byte among the first that no text has: every capture has zeros there. */
export function isText(view: DataView, from: number, to: number): boolean {
  for (let at = from; at < Math.min(to, from + TEXT_LOOKED_AT); at++) {
    const byte = view.getUint8(at);
    if (byte === 0x7f || (byte < 0x20 && !TEXT_CONTROLS.includes(byte))) return false;
  }
  return true;
}

function textKind(first: number): string {
  if (first === 0x7b || first === 0x5b) return 'JSON';
  return first === 0x3c ? 'XML or HTML' : 'text';
}
