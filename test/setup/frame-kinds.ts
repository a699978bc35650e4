// Every kind of frame that is counted: all transports in all headers, each with what is known of it beforehand.
import { icmp, ip, tcpSyn, udp, vlan } from '../../sample-pcaps/packets.ts';
import {
  backbone,
  ciscoHdlc,
  ethernetWith,
  etherTypeOf,
  extensionNumbers,
  isIpv6,
  linkTypes,
  loopback,
  mpls,
  packetIn,
  ppp,
  pppMpls,
  pppoe,
  pseudowire,
  qinq,
  sll,
  sll2,
  snap,
  type Wrapped,
  withExtensions,
  withOptions,
} from './frames.ts';
import { hostFrames } from './frames-host.ts';
import { lanFrames } from './frames-lan.ts';
import { wanFrames } from './frames-wan.ts';
import { wirelessFrames } from './frames-wireless.ts';

export interface FrameKind {
  name: string;
  linkType: number;
  frame: Uint8Array;
  version: 4 | 6;
  proto: number;
  /** Offset of the transport header. */
  transportAt: number;
  /** Bytes of it that a counted packet needs: both ports, or type and code. */
  needs: number;
  srcPort: number;
  dstPort: number;
}

export function everyKind(): FrameKind[] {
  const dstAddr6 = '2001:db8:64::17';
  const transports = [
    {
      name: 'TCP',
      frame: tcpSyn({ srcPort: 40_001, dstPort: 2323 }),
      proto: 6,
      bytes: 20,
      needs: 4,
      ports: [40_001, 2323],
    },
    {
      name: 'UDP',
      frame: udp({ srcPort: 40_002, dstPort: 1900 }),
      proto: 17,
      bytes: 8,
      needs: 4,
      ports: [40_002, 1900],
    },
    { name: 'ICMP', frame: icmp({ type: 3, code: 1 }), proto: 1, bytes: 8, needs: 2, ports: [0x301, 0x301] },
    { name: 'GRE', frame: ip({}, 47, new Uint8Array(8)), proto: 47, bytes: 8, needs: 0, ports: [0, 0] },
    {
      name: 'TCP6',
      frame: tcpSyn({ dstAddr: dstAddr6, dstPort: 23 }),
      proto: 6,
      bytes: 20,
      needs: 4,
      ports: [40_000, 23],
    },
    {
      name: 'UDP6',
      frame: udp({ dstAddr: dstAddr6, dstPort: 53 }),
      proto: 17,
      bytes: 8,
      needs: 4,
      ports: [40_000, 53],
    },
    {
      name: 'ICMPv6',
      frame: icmp({ dstAddr: dstAddr6, code: 9 }),
      proto: 58,
      bytes: 8,
      needs: 2,
      ports: [0x8009, 0x8009],
    },
    {
      name: 'SCTP6',
      frame: ip({ dstAddr: dstAddr6 }, 132, new Uint8Array(8)),
      proto: 132,
      bytes: 8,
      needs: 0,
      ports: [0, 0],
    },
  ];
  return transports.flatMap(({ name, frame, proto, bytes, needs, ports: [srcPort, dstPort] }) => {
    const version = isIpv6(frame) ? (6 as const) : (4 as const);
    return [...headersAround(frame), ...networkVariants(frame)].map(([header, linkType, made]) => ({
      name: `${name} in ${header}`,
      linkType,
      frame: made,
      version,
      proto,
      transportAt: made.length - bytes,
      needs,
      srcPort,
      dstPort,
    }));
  });
}

function headersAround(frame: Uint8Array): Wrapped[] {
  return [
    ['Ethernet', linkTypes.ethernet, frame],
    ['VLAN', linkTypes.ethernet, vlan(frame, 64)],
    ['QinQ', linkTypes.ethernet, qinq(frame)],
    ['a provider backbone', linkTypes.ethernet, backbone(frame)],
    ['MPLS', linkTypes.ethernet, mpls(frame)],
    ['an MPLS pseudowire', linkTypes.ethernet, pseudowire(frame)],
    ['PPPoE', linkTypes.ethernet, pppoe(frame)],
    ['SNAP', linkTypes.ethernet, snap(frame)],
    ['PPP', linkTypes.ppp, ppp(frame)],
    ['PPP with everything compressed', linkTypes.pppHdlc, ppp(frame, true)],
    ['MPLS in PPP', linkTypes.ppp, pppMpls(frame)],
    ['Cisco HDLC', linkTypes.ciscoHdlc, ciscoHdlc(frame)],
    ['raw IP', linkTypes.raw, packetIn(frame)],
    ['raw IP (BSD)', linkTypes.rawBsd, packetIn(frame)],
    ['raw IP (OpenBSD)', linkTypes.rawOpenbsd, packetIn(frame)],
    ['raw IP of one version', isIpv6(frame) ? linkTypes.ipv6 : linkTypes.ipv4, packetIn(frame)],
    ['NULL of a little-endian machine', linkTypes.null, loopback(frame, true)],
    ['NULL of a big-endian machine', linkTypes.null, loopback(frame, false)],
    ['LOOP', linkTypes.loop, loopback(frame, false)],
    ['SLL', linkTypes.sll, sll(frame)],
    ['SLL with a VLAN tag', linkTypes.sll, sll(vlan(frame, 64))],
    ['SLL2', linkTypes.sll2, sll2(frame)],
    ['SLL2 with a VLAN tag', linkTypes.sll2, sll2(vlan(frame, 64))],
    ['SLL2 with MPLS', linkTypes.sll2, sll2(mpls(frame))],
    ['SLL2 with an MPLS pseudowire', linkTypes.sll2, sll2(pseudowire(frame))],
    ['SLL2 with a provider backbone', linkTypes.sll2, sll2(backbone(frame))],
    ['SLL2 with PPPoE', linkTypes.sll2, sll2(pppoe(frame))],
    ['SLL2 with SNAP', linkTypes.sll2, sll2(ethernetWith(frame, 4, [0xaa, 0xaa, 3, 0, 0, 0, ...etherTypeOf(frame)]))],
    ...wanFrames(frame),
    ...wirelessFrames(frame),
    ...hostFrames(frame),
    ...lanFrames(frame),
  ];
}

function networkVariants(frame: Uint8Array): Wrapped[] {
  if (isIpv6(frame)) {
    return [...extensionNumbers.map((number) => [number]), extensionNumbers].map((numbers) => {
      return [`extension headers ${numbers.join(', ')}`, linkTypes.ethernet, withExtensions(frame, numbers)];
    });
  }
  return [1, 5, 10].map((words) => [
    `IPv4 with ${words} words of options`,
    linkTypes.ethernet,
    withOptions(frame, words),
  ]);
}
