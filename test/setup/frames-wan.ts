// Serial lines and ATM: the link layers of wide area networks, put around the packets of Ethernet frames.
import {
  mpls as etherMpls,
  etherTypeOf,
  isIpv6,
  join,
  labelsOf,
  linkTypes,
  packetIn,
  ppp,
  pppoe,
  type Wrapped,
} from './frames.ts';

export const nlpids = { ipv4: 0xcc, ipv6: 0x8e, snap: 0x80, ppp: 0xcf };
const unnumberedInformation = 0x03;

/** Q.922 addresses of DLCI 100, by their length. */
const addresses: Record<number, number[]> = {
  2: [0x18, 0x41],
  3: [0x18, 0x40, 0x05],
  4: [0x18, 0x40, 0x04, 0x05],
};

/** RFC 2427: address, control, perhaps padding, NLPID, and what it names. */
export function frameRelay(
  frame: Uint8Array,
  {
    addressBytes = 2,
    padding = false,
    nlpid = isIpv6(frame) ? nlpids.ipv6 : nlpids.ipv4,
    header = [] as number[],
  } = {},
): Uint8Array {
  const control = padding ? [unnumberedInformation, 0] : [unnumberedInformation];
  return join(addresses[addressBytes]!, control, [nlpid], header, packetIn(frame));
}

/** An EtherType right behind the address, as Cisco's routers have it. */
export function frameRelayOfCisco(frame: Uint8Array): Uint8Array {
  return join(addresses[2]!, etherTypeOf(frame), packetIn(frame));
}

/** A whole Ethernet frame, bridged: without padding behind SNAP in Frame Relay (RFC 2427), with two bytes in ATM (RFC 2684). */
export function bridgedInFrameRelay(frame: Uint8Array, check = false): Uint8Array {
  return join(addresses[2]!, [unnumberedInformation, 0, nlpids.snap], bridged(check), frame);
}

export function bridgedInAtm(frame: Uint8Array): Uint8Array {
  return join(llc, bridged(false), [0, 0], frame);
}

function bridged(check: boolean): number[] {
  return [0, 0x80, 0xc2, 0, check ? 1 : 7];
}

const llc = [0xaa, 0xaa, 3];
export const snapOf = (frame: Uint8Array, organisation = [0, 0, 0]): number[] => [
  ...organisation,
  ...etherTypeOf(frame),
];

/** LLC and SNAP before the packet (RFC 1042, RFC 2684), as nearly everything but Ethernet has it. */
export function llcSnap(frame: Uint8Array, organisation = [0, 0, 0]): Uint8Array {
  return join(llc, snapOf(frame, organisation), packetIn(frame));
}

/** RFC 2684: LLC for network layer protocols by their identifier. */
export function llcNlpid(frame: Uint8Array): Uint8Array {
  return join([0xfe, 0xfe, 3, isIpv6(frame) ? nlpids.ipv6 : nlpids.ipv4], packetIn(frame));
}

/** @param kind 1: LAN emulation, 2: LLC */
export function sunAtm(frame: Uint8Array, kind: 1 | 2): Uint8Array {
  return join([0x80 | kind, 0, 0, 100], kind === 1 ? join([0, 1], frame) : llcSnap(frame));
}

export function slip(frame: Uint8Array): Uint8Array {
  return join([0, 0x40], new Uint8Array(14), packetIn(frame));
}

/** What is left of PPP over Ethernet without its Ethernet header. */
export const pppEther = (frame: Uint8Array): Uint8Array => packetIn(pppoe(frame));

export function wanFrames(frame: Uint8Array): Wrapped[] {
  const pppOfFrame = ppp(frame);
  return [
    ['Frame Relay', linkTypes.frameRelay, frameRelay(frame)],
    ['Frame Relay with padding', linkTypes.frameRelay, frameRelay(frame, { padding: true })],
    [
      'Frame Relay with an address of 3 bytes',
      linkTypes.frameRelay,
      frameRelay(frame, { addressBytes: 3, padding: true }),
    ],
    ['Frame Relay with an address of 4 bytes', linkTypes.frameRelay, frameRelay(frame, { addressBytes: 4 })],
    [
      'Frame Relay by EtherType',
      linkTypes.frameRelay,
      frameRelay(frame, { padding: true, nlpid: nlpids.snap, header: snapOf(frame) }),
    ],
    [
      'PPP in Frame Relay',
      linkTypes.frameRelay,
      frameRelay(frame, { nlpid: nlpids.ppp, header: [0, isIpv6(frame) ? 0x57 : 0x21] }),
    ],
    ['Ethernet bridged over Frame Relay', linkTypes.frameRelay, bridgedInFrameRelay(frame)],
    ['Frame Relay of Cisco', linkTypes.frameRelay, frameRelayOfCisco(frame)],
    ['MPLS in Frame Relay of Cisco', linkTypes.frameRelay, frameRelayOfCisco(etherMpls(frame))],
    ['Frame Relay with a direction', linkTypes.frameRelayWithDirection, join([1], frameRelay(frame))],
    ['Cisco HDLC on a serial line', linkTypes.pppHdlc, join([0x8f, 0], etherTypeOf(frame), packetIn(frame))],
    [
      'Cisco HDLC with a direction',
      linkTypes.ciscoHdlcWithDirection,
      join([1, 0x0f, 0], etherTypeOf(frame), packetIn(frame)),
    ],
    ['MPLS in Cisco HDLC', linkTypes.ciscoHdlc, join([0x0f, 0, 0x88, 0x47], labelsOf([16, 17]), packetIn(frame))],
    ['multicast MPLS in PPP', linkTypes.ppp, join([0xff, 3, 2, 0x83], labelsOf([16]), packetIn(frame))],
    ['PPP with a direction', linkTypes.pppWithDirection, join([1], pppOfFrame)],
    ['PPP as pppd sees it', linkTypes.pppd, join([1], pppOfFrame.subarray(1))],
    ['PPPoE alone', linkTypes.pppEther, pppEther(frame)],
    ['MPLS alone', linkTypes.mpls, join(labelsOf([16, 17]), packetIn(frame))],
    ['an MPLS pseudowire alone', linkTypes.mpls, join(labelsOf([16]), [0, 0, 0, 0], frame)],
    ['SLIP', linkTypes.slip, slip(frame)],
    ['ATM', linkTypes.atm, llcSnap(frame)],
    ['ATM by NLPID', linkTypes.atm, llcNlpid(frame)],
    ['Ethernet bridged over ATM', linkTypes.atm, bridgedInAtm(frame)],
    ['classical IP over ATM', linkTypes.classicalIp, packetIn(frame)],
    ['classical IP over ATM with LLC', linkTypes.classicalIp, llcSnap(frame)],
    ['SunATM', linkTypes.sunAtm, sunAtm(frame, 2)],
    ['LAN emulation of SunATM', linkTypes.sunAtm, sunAtm(frame, 1)],
  ];
}
