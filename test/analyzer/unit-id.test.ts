// The identity of a unit: the same bytes in the same state are the same unit, anything else is another.
import { expect, test } from 'vitest';
import { unitId } from '../../analyzer/unit.ts';
import { type CaptureContext, openCapture, walkRecords } from '../../collector/formats/capture.ts';
import { writePcap, writePcapng } from '../../sample-pcaps/captures.ts';
import { tcpSyn, udp } from '../../sample-pcaps/packets.ts';
import { viewOf } from '../setup/counting.ts';
import { joined, pcapngBlocks } from '../setup/pcapng.ts';

const captured = [tcpSyn(), udp()].map((frame, seconds) => ({ seconds, nanos: 0, frame }));
const records = writePcap(captured).subarray(24);

/** The state behind the whole of a capture. */
function contextOf(capture: Uint8Array): CaptureContext {
  const { context, at } = openCapture(viewOf(capture), 0, capture.length);
  walkRecords(viewOf(capture), at, capture.length, capture.length, context);
  return context;
}

/** Files of version 2.2 and 2.3 keep the two lengths in another order, or in either. */
function version(minor: number): Uint8Array {
  const capture = new Uint8Array(writePcap([]));
  viewOf(capture).setUint16(6, minor, true);
  return capture;
}

function modified(): Uint8Array {
  const capture = new Uint8Array(writePcap([]));
  viewOf(capture).setUint32(0, 0xa1b2cd34, true);
  return capture;
}

test('the same bytes in the same state are the same unit, from whatever file they come', () => {
  const id = unitId(records, contextOf(writePcap([])));
  expect(id).toMatch(/^[0-9a-f]{32,}$/);
  expect(unitId(new Uint8Array(records), contextOf(writePcap(captured, { snapLength: 99 })))).toBe(id);
});

test('a changed, missing or added byte makes another unit', () => {
  const context = contextOf(writePcap([]));
  const changed = new Uint8Array(records);
  changed[changed.length - 1] ^= 1;
  const ids = [records, changed, records.subarray(1), records.subarray(0, -1), joined(records, new Uint8Array(1))];
  expect(new Set(ids.map((bytes) => unitId(bytes, context))).size).toBe(ids.length);
});

test('the same bytes in another state are another unit', () => {
  const { section, describedInterface } = pcapngBlocks();
  const big = pcapngBlocks(true);
  const contexts = [
    writePcap([]),
    writePcap([], { bigEndian: true }),
    writePcap([], { linkType: 101 }),
    modified(),
    version(2),
    version(3),
    section(),
    big.section(),
    joined(section(), describedInterface({})),
    joined(section(), describedInterface({}), describedInterface({})),
    joined(section(), describedInterface({ linkType: 101 })),
    joined(section(), describedInterface({ linkType: 101 }), describedInterface({})),
    joined(section(), describedInterface({}), describedInterface({ linkType: 101 })),
    joined(section(), describedInterface({ snapLength: 64 })),
    joined(section(), describedInterface({ resolution: 9 })),
    joined(section(), describedInterface({ resolution: 0x80 | 9 })),
    joined(section(), describedInterface({ offset: 9n })),
    joined(section(), describedInterface({ offset: -9n })),
    joined(big.section(), big.describedInterface({})),
  ].map(contextOf);
  expect(new Set(contexts.map((context) => unitId(records, context))).size).toBe(contexts.length);
});

test('what a clock remembers of the packets before makes no other unit', () => {
  const fresh = contextOf(writePcapng([]));
  expect(unitId(records, contextOf(writePcapng(captured)))).toBe(unitId(records, fresh));
});
