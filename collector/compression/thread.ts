// The main thread's side of decompressing in a thread: feeds it, keeps what it has decompressed ahead, and gives it out as a byte source.
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { damageWithin, fill } from '../bytes.ts';
import type { ByteSource, StreamDamage } from '../source.ts';
import {
  type DecoderName,
  INPUT_BYTES,
  type InputMessage,
  type OutputMessage,
  SLOT_BYTES,
  SLOTS,
  STATE_WORDS,
  STOPPED,
  type StreamJob,
  TAKEN,
  WAKE,
} from './exchange.ts';
import { Signal } from './signal.ts';

/** Pieces of input that lie with the thread. */
const INPUT_AHEAD = 2;

/** The thread is always the built one: Node starts none from TypeScript, and tests run the sources. */
const THREAD = import.meta.url.endsWith('.ts') ? '../../dist/collector/compression/worker.js' : './worker.js';

/** Threads without a stream: starting one takes longer than decompressing a small file. */
const idle: Worker[] = [];

/** Decompresses a source in a thread, ahead of the reader. */
export function threadSource(decoder: DecoderName, compressed: ByteSource): ByteSource {
  const stream = new ThreadStream(decoder, compressed);
  return {
    read: (into, at, most) => stream.read(into, at, most),
    taken: compressed.taken,
    seekable: false,
    damage: () => stream.damage,
    close: () => stream.close(),
  };
}

class ThreadStream {
  damage: StreamDamage | undefined;
  #name: DecoderName;
  #compressed: ByteSource;
  #worker: Worker | undefined;
  #port: MessagePort | undefined;
  #state = new Int32Array(new SharedArrayBuffer(4 * STATE_WORDS));
  #ring: Uint8Array[] = [];
  /** Lengths of the pieces that lie in the ring, the oldest first; what of that one has been given; and how many pieces were taken. */
  #pieces: number[] = [];
  #given = 0;
  #taken = 0;
  #ended = false;
  #failure: Error | undefined;
  #pulled = 0;
  #feeding: Promise<void> | undefined;
  #change = new Signal();

  constructor(name: DecoderName, compressed: ByteSource) {
    this.#name = name;
    this.#compressed = compressed;
  }

  async read(into: Uint8Array, at: number, most: number): Promise<number> {
    this.#feeding ??= this.#start();
    while (this.#pieces.length === 0) {
      if (this.#failure) throw this.#failure;
      if (this.#ended) return 0;
      await this.#change.wait();
    }
    const length = this.#pieces[0] as number;
    const slot = this.#ring[this.#taken % SLOTS] as Uint8Array;
    const part = slot.subarray(this.#given, Math.min(length, this.#given + most));
    into.set(part, at);
    this.#given += part.length;
    if (this.#given === length) this.#takePiece();
    return part.length;
  }

  async close(): Promise<void> {
    Atomics.store(this.#state, STOPPED, 1);
    this.#wake();
    while (this.#feeding && !this.#ended && !this.#failure) await this.#change.wait();
    await this.#compressed.close();
  }

  #takePiece(): void {
    this.#pieces.shift();
    this.#given = 0;
    this.#taken++;
    Atomics.add(this.#state, TAKEN, 1);
    this.#wake();
  }

  #wake(): void {
    Atomics.add(this.#state, WAKE, 1);
    Atomics.notify(this.#state, WAKE);
  }

  #start(): Promise<void> {
    const { port1, port2 } = new MessageChannel();
    const ring = new SharedArrayBuffer(SLOTS * SLOT_BYTES);
    this.#ring = Array.from({ length: SLOTS }, (_, slot) => new Uint8Array(ring, slot * SLOT_BYTES, SLOT_BYTES));
    this.#port = port1;
    port1.on('message', (message: OutputMessage) => this.#hear(message));
    const worker = idle.pop() ?? new Worker(new URL(THREAD, import.meta.url));
    worker.ref();
    worker.on('error', this.#fail);
    this.#worker = worker;
    const job: StreamJob = { decoder: this.#name, port: port2, state: this.#state, ring };
    worker.postMessage(job, [port2]);
    return this.#feed(port1).catch(this.#fail);
  }

  /** Sends the compressed stream piece by piece, as the thread begins with them. */
  async #feed(port: MessagePort): Promise<void> {
    for (let sent = 0; !this.#ended; sent++) {
      while (sent - this.#pulled >= INPUT_AHEAD && !this.#ended) await this.#change.wait();
      if (this.#ended || Atomics.load(this.#state, STOPPED) === 1) return;
      const piece = new Uint8Array(INPUT_BYTES);
      const length = await fill(this.#compressed, piece);
      const message: InputMessage = length === 0 ? null : piece.subarray(0, length);
      port.postMessage(message, [piece.buffer]);
      this.#wake();
      if (length === 0) return;
    }
  }

  #hear(message: OutputMessage): void {
    if ('pulled' in message) this.#pulled++;
    else if ('piece' in message) this.#pieces.push(message.piece);
    else this.#end(message.end);
    this.#change.tell();
  }

  #end(damage: StreamDamage | undefined): void {
    this.#ended = true;
    this.#port?.close();
    const worker = this.#worker;
    if (worker) {
      worker.off('error', this.#fail);
      worker.unref();
      idle.push(worker);
    }
    this.damage = damageWithin(this.#compressed, this.#name, damage);
  }

  /** The thread or the file itself failed: whoever reads is told. */
  #fail = (error: Error): void => {
    if (this.#ended) return; // the thread may have another stream by now
    this.#failure = error;
    this.#port?.close();
    this.#worker?.off('error', this.#fail);
    void this.#worker?.terminate();
    this.#change.tell();
  };
}
