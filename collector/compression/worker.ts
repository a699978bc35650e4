// The thread's side of decompressing: one stream after another, each decoded without a break. See exchange.ts for the protocol.
import { parentPort, receiveMessageOnPort } from 'node:worker_threads';
import { DamagedStream, type Decoder, type Streams } from './decoder.ts';
import {
  type DecoderName,
  type InputMessage,
  type OutputMessage,
  SLOT_BYTES,
  SLOTS,
  STOPPED,
  type StreamJob,
  TAKEN,
  WAKE,
} from './exchange.ts';

/** Loaded when first needed. */
const DECODERS: Record<DecoderName, () => Promise<Decoder>> = {
  zstd: async () => await (await import('./zstd.ts')).createZstdDecoder(),
  xz: async () => (await import('./xz.ts')).decodeXz,
  bzip2: async () => (await import('./bzip2.ts')).decodeBzip2,
  lz4: async () => await (await import('./lz4.ts')).createLz4Decoder(),
};

/** The reader wants no more. */
class Stopped extends Error {}

parentPort?.on('message', async (job: StreamJob) => {
  const decode = await DECODERS[job.decoder]();
  const tell = (message: OutputMessage) => job.port.postMessage(message);
  const output = new Output(job, tell);
  try {
    decode(streamsOf(job, output, tell));
    output.flush();
    tell({ end: undefined });
  } catch (error) {
    if (!(error instanceof Stopped || error instanceof DamagedStream)) throw error;
    if (error instanceof DamagedStream) output.flush();
    tell({ end: error instanceof DamagedStream ? { what: error.message, unfinished: error.unfinished } : undefined });
  }
});

function streamsOf(job: StreamJob, output: Output, tell: (message: OutputMessage) => void): Streams {
  let ended = false;
  return {
    pull: () => {
      while (!ended) {
        const wake = Atomics.load(job.state, WAKE); // before the look: what comes in between must end the wait
        if (Atomics.load(job.state, STOPPED) === 1) throw new Stopped();
        const received = receiveMessageOnPort(job.port) as { message: InputMessage } | undefined;
        if (received) {
          tell({ pulled: true });
          ended = received.message === null;
          return received.message ?? undefined;
        }
        output.flush(); // a slow writer's packets are not kept back
        Atomics.wait(job.state, WAKE, wake);
      }
      return undefined;
    },
    give: (bytes) => output.give(bytes),
  };
}

/** The ring of slots, filled one after another. */
class Output {
  #state: Int32Array;
  #ring: Uint8Array;
  #tell: (message: OutputMessage) => void;
  #filled = 0;
  #given = 0;

  constructor({ state, ring }: StreamJob, tell: (message: OutputMessage) => void) {
    this.#state = state;
    this.#ring = new Uint8Array(ring);
    this.#tell = tell;
  }

  give(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#filled === 0) this.#waitForSlot();
      const part = bytes.subarray(at, at + SLOT_BYTES - this.#filled);
      this.#ring.set(part, (this.#given % SLOTS) * SLOT_BYTES + this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === SLOT_BYTES) this.flush();
    }
  }

  flush(): void {
    if (this.#filled === 0) return;
    this.#tell({ piece: this.#filled });
    this.#given++;
    this.#filled = 0;
  }

  #waitForSlot(): void {
    for (;;) {
      const wake = Atomics.load(this.#state, WAKE);
      if (Atomics.load(this.#state, STOPPED) === 1) throw new Stopped();
      if (this.#given - Atomics.load(this.#state, TAKEN) < SLOTS) return;
      Atomics.wait(this.#state, WAKE, wake);
    }
  }
}
