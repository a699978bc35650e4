// A port's row as one number, by which rows are put together and looked up: half the time that as many columns take.
import { tableNamed } from '../tables.ts';

const typeOf = (name: string) => tableNamed('portDays').columns.find((column) => column.name === name)?.type;
export const SCAN_CLASSES = typeOf('scanClass');
const KINDS = typeOf('kind');

/** What a flow is counted under: of backscatter the port that answered, which is under attack. */
export const PORT = "if(kind = 'backscatter', srcPort, dstPort)";

/** @param day days since 1970 @param scanClass its number, 0 to 3; each of the others as it is named */
export function portKey(day: string, scanClass: string, kind: string, proto: string, port: string): string {
  return `toUInt64(${day}) * 4294967296 + ${scanClass} * 268435456 + toUInt8(CAST(${kind} AS Int8)) * 16777216 + ${proto} * 65536 + ${port}`;
}

/** The columns of such a number again. */
export function ofPortKey(key: string): Record<'day' | 'scanClass' | 'kind' | 'proto' | 'port', string> {
  const part = (bit: number, mask: number) => `bitAnd(bitShiftRight(${key}, ${bit}), ${mask})`;
  return {
    day: `toDate(toUInt16(${part(32, 0xffff)}))`,
    scanClass: `CAST(toInt8(${part(28, 15)}) AS ${SCAN_CLASSES})`,
    kind: `CAST(toInt8(${part(24, 15)}) AS ${KINDS})`,
    proto: `toUInt8(${part(16, 0xff)})`,
    port: `toUInt16(${part(0, 0xffff)})`,
  };
}

/** The same port many times, for 64 numbers each: what is known of each number is then a bit. Above the day there is room for 2^22. */
export function numberedPortKey(key: string, number: string): { key: string; bit: string } {
  return {
    key: `${key} + bitShiftLeft(toUInt64(bitShiftRight(${number}, 6)), 48)`,
    bit: `bitShiftLeft(toUInt64(${number} > 0), bitAnd(${number}, 63))`,
  };
}

/** The port's key of such a key. */
export const withoutNumber = (key: string) => `bitAnd(${key}, ${2 ** 48 - 1})`;
/** The numbers of the bits that are set. */
export const numbersOf = (key: string, bits: string) =>
  `arrayMap(bit -> bitShiftLeft(bitShiftRight(${key}, 48), 6) + bit, bitPositionsToArray(${bits}))`;

/** Protocol and port of a key as one number: protocol · 65,536 + port. */
export const portOf = (key: string) => `toUInt32(bitAnd(${key}, ${2 ** 24 - 1}))`;
/** Such a key without them. */
export const withoutPort = (key: string) => `bitAnd(${key}, ${2 ** 48 - 2 ** 24})`;
