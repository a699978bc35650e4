// How old a frame is when the program has it, at a few frames a second: `node dist/bench/live/latency.js WAY`, as root, in the network
// namespace of network.ts. Sender and receiver are this process, so they have one clock; a frame's sequence number says when it was sent.
import { setTimeout as sleep } from 'node:timers/promises';
import koffi from 'koffi';
import { createLog } from '../../cli/sensor/log.ts';
import { openSources } from '../../cli/sensor/open.ts';
import type { SensorOptions, SensorPart } from '../../cli/sensor/options.ts';
import { startSource } from '../../cli/sensor/source.ts';
import { type CaptureContext, readRecords } from '../../collector/formats/capture.ts';
import { createFrameColumns } from '../../collector/formats/frames.ts';
import { succeeded } from '../../collector/live/libc.ts';
import { RING_SLOT_BYTES } from '../../collector/live/protocol.ts';
import { median } from '../contest.ts';
import { openSender } from './inject.ts';
import { FAR, INTERFACE } from './network.ts';
import { SYN } from './syns.ts';

const send = koffi.load('libc.so.6').func('long send(int, void *, size_t, int)');
const PACKETS = 100;
const PACKETS_A_SECOND = 20;
/** How often what was heard is asked for. */
const ASK_MS = 2;
/** tcpdump hands over when its buffer is full, or at the end. */
const REST_MS = 3000;
const SEQUENCE = 38;

/** Milliseconds, of each frame that came. */
async function latencies(capture: SensorPart['capture']): Promise<number[]> {
  const part: SensorPart = {
    sensor: 'default',
    interface: [INTERFACE],
    snaplen: 96,
    ring: 16,
    promiscuous: true,
    capture,
  };
  const options = { user: 'root', sensors: [part] } as unknown as SensorOptions;
  const [[plan] = []] = await openSources(options, createLog('silent'));
  if (plan === undefined) throw new Error('no source');
  const sent: number[] = [];
  const found: number[] = [];
  const columns = createFrameColumns();
  const hear = (view: DataView, from: number, to: number, context: CaptureContext) => {
    const now = performance.now();
    for (let at = from; at < to; ) {
      at = readRecords(view, at, to, context, columns);
      for (let row = 0; row < columns.rows; row++) {
        const number = view.getUint32(columns.at[row] + SEQUENCE);
        if (sent[number] !== undefined) found.push(now - sent[number]);
      }
    }
  };
  let slots = 0;
  const source = startSource(plan, {
    acquire: async () => ({ number: slots++, buffer: new SharedArrayBuffer(RING_SLOT_BYTES) }),
    release: () => {},
    unit: (slot, from, to, context) => hear(new DataView(slot.buffer), from, to, context),
    tick: () => {},
    state: () => {},
    lost: () => {},
    ended: () => {},
  });
  const asking = setInterval(() => void source.flush(), ASK_MS);
  const sender = openSender(FAR);
  for (let number = 0; number < PACKETS; number++) {
    const frame = Buffer.from(SYN);
    frame.writeUInt32BE(number, SEQUENCE);
    sent.push(performance.now());
    succeeded(Number(send(sender, frame, frame.length, 0)), 'sending');
    await sleep(1000 / PACKETS_A_SECOND);
  }
  await sleep(REST_MS);
  clearInterval(asking);
  await source.stop();
  return found;
}

const found = await latencies(process.argv[2] as SensorPart['capture']);
console.log(JSON.stringify({ frames: found.length, of: PACKETS, median: median(found), most: Math.max(...found) }));
process.exit();
