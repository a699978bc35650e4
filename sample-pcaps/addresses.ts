// Addresses as text and as bytes, and the sensor's own dark block: reserved for documentation (RFC 5737, RFC 3849),
// so no address of it can belong to anyone.
import type { Random } from './random.ts';

/** The monitored IPv4 block, 198.51.100.0/26. */
export const darkCount = 64;
export const darkAddress = (index: number): string => `198.51.100.${index}`;
/** An address of the monitored IPv6 block, 2001:db8:64::/64. */
export const darkAddress6 = (index: number): string => `2001:db8:64::${index.toString(16)}`;

/** The 4 or 16 bytes of an address; text with a colon is IPv6. */
export function addressBytes(address: string): Uint8Array {
  return address.includes(':') ? ipv6Bytes(address) : ipv4Bytes(address);
}

/** An IPv4 address as one big-endian 32-bit number, as scanners that fold it into other fields use it. */
export function addressNumber(address: string): number {
  const bytes = ipv4Bytes(address);
  return ((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 0;
}

function ipv4Bytes(address: string): Uint8Array {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || !parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255)) {
    throw new Error(`not an IPv4 address: ${address}`);
  }
  return Uint8Array.from(parts);
}

function ipv6Bytes(address: string): Uint8Array {
  const [head, tail, ...more] = address.split('::');
  const before = head ? head.split(':') : [];
  const after = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array<string>(Math.max(0, zeros)).fill('0'), ...after];
  if (more.length > 0 || groups.length !== 8 || !groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) {
    throw new Error(`not an IPv6 address: ${address}`);
  }
  return Uint8Array.from(groups.flatMap((group) => [parseInt(group, 16) >>> 8, parseInt(group, 16) & 0xff]));
}

const notPublicFirstOctets = new Set([0, 10, 100, 127, 169, 172, 192, 198, 203]);

/** A function that draws random public IPv4 source addresses and never gives the same one twice. */
export function createSourceAddresses(random: Random): () => string {
  const given = new Set<string>();
  return function draw(): string {
    const first = random.int(1, 223);
    const address = `${first}.${random.int(0, 255)}.${random.int(0, 255)}.${random.int(1, 254)}`;
    if (notPublicFirstOctets.has(first) || given.has(address)) return draw();
    given.add(address);
    return address;
  };
}
