// A capture that another program writes while it is read (standard input, a child's output): whole records are gathered into slots and
// handed over when asked or when a slot is full. Only uncompressed captures flow this way.
import type { Readable } from 'node:stream';
import { type CaptureContext, OPENING_BYTES, openCapture, walkRecords } from '../formats/capture.ts';
import { pcapHeader } from '../formats/pcap.ts';
import { isPcapng } from '../formats/pcapng.ts';
import type { LiveSlot } from './protocol.ts';

export interface StreamHandlers<Slot extends LiveSlot> {
  acquire(): Promise<Slot>;
  release(slot: Slot): void;
  /** A slot with whole records; `context` is the state at `from`. */
  unit(slot: Slot, from: number, to: number, context: CaptureContext): void;
}

export interface CaptureStream {
  /** Hands over the whole records read until now. */
  flush(): Promise<void>;
  /** Reads no further and hands over what is whole. */
  stop(): Promise<void>;
  /** Settles at the stream's end, with what is wrong with it if anything is. */
  ended: Promise<string | undefined>;
}

/** A pcap file header and a record header: what must be there before records can be told. */
const LEAST_OPENING = 40;
/** Node's word for a stream that was ended from here. */
const STOPPED = 'ERR_STREAM_PREMATURE_CLOSE';

export function startStream<Slot extends LiveSlot>(input: Readable, handlers: StreamHandlers<Slot>): CaptureStream {
  const gatherer = new Gatherer(handlers);
  // One thing at a time: taking bytes in waits for slots, and a flush must not come in between.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => T | Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => {});
    return result;
  };
  const readAll = async (): Promise<string | undefined> => {
    for await (const piece of input) {
      const damage = await inTurn(() => gatherer.take(piece as Uint8Array));
      if (damage) return damage;
    }
    return undefined;
  };
  const read = async (): Promise<string | undefined> => {
    try {
      const damage = await readAll().catch((error: NodeJS.ErrnoException) => {
        if (error.code !== STOPPED) throw error;
      });
      return damage ?? (await inTurn(() => gatherer.end()));
    } catch (error) {
      return (error as Error).message;
    } finally {
      await inTurn(() => gatherer.handOver());
    }
  };
  const ended = read().finally(() => inTurn(() => gatherer.close()));
  return {
    flush: () => inTurn(() => gatherer.handOver()),
    stop: async () => {
      input.destroy();
      await ended;
    },
    ended,
  };
}

class Gatherer<Slot extends LiveSlot> {
  #handlers: StreamHandlers<Slot>;
  #slot: Slot | undefined;
  /** Bytes in the slot, and up to where they are whole records; `#from` is where they begin. */
  #filled = 0;
  #whole = 0;
  #from = 0;
  /** The state at `#from`, and at `#whole`. */
  #context: CaptureContext | undefined;
  #walked: CaptureContext | undefined;
  #damage: string | undefined;

  constructor(handlers: StreamHandlers<Slot>) {
    this.#handlers = handlers;
  }

  /** Takes bytes in; returns what is wrong with them if anything is. */
  async take(piece: Uint8Array): Promise<string | undefined> {
    for (let taken = 0; taken < piece.length && this.#damage === undefined; ) {
      this.#slot ??= await this.#handlers.acquire();
      const bytes = new Uint8Array(this.#slot.buffer);
      const part = piece.subarray(taken, taken + bytes.length - this.#filled);
      if (part.length === 0) {
        await this.handOver();
        if (this.#filled === bytes.length) return 'a record is larger than can be read';
        continue;
      }
      bytes.set(part, this.#filled);
      this.#filled += part.length;
      taken += part.length;
      this.#walk(false);
    }
    return this.#damage;
  }

  /** Gives away the slot with the whole records in it; what is begun goes to the next slot. */
  async handOver(): Promise<void> {
    const slot = this.#slot;
    if (slot === undefined || this.#context === undefined || this.#whole === this.#from) return;
    const rest = new Uint8Array(slot.buffer).slice(this.#whole, this.#filled);
    this.#handlers.unit(slot, this.#from, this.#whole, this.#context);
    this.#context = structuredClone(this.#walked);
    this.#slot = undefined;
    this.#from = 0;
    this.#whole = 0;
    this.#filled = 0;
    if (rest.length === 0) return;
    this.#slot = await this.#handlers.acquire();
    new Uint8Array(this.#slot.buffer).set(rest);
    this.#filled = rest.length;
  }

  /** At the stream's end. */
  async end(): Promise<string | undefined> {
    this.#walk(true);
    await this.handOver();
    if (this.#context === undefined) return this.#filled === 0 ? 'it is empty' : undefined;
    return this.#damage ?? (this.#filled > 0 ? 'it ends in the middle of a record' : undefined);
  }

  close(): void {
    if (this.#slot) this.#handlers.release(this.#slot);
    this.#slot = undefined;
  }

  #walk(atEnd: boolean): void {
    if (this.#slot === undefined) return;
    const view = new DataView(this.#slot.buffer);
    if (this.#context === undefined && !this.#open(view, atEnd)) return;
    const context = this.#walked as CaptureContext;
    const { at, damage } = walkRecords(view, this.#whole, this.#filled, this.#filled, context);
    this.#whole = at;
    this.#damage = damage;
  }

  /** Opens the capture as soon as its first bytes tell what it is; false when they do not yet. */
  #open(view: DataView, atEnd: boolean): boolean {
    const magic = this.#filled >= 4 ? view.getUint32(0) : 0;
    const tells = isPcapng(magic) || pcapHeader(magic) !== undefined ? LEAST_OPENING : OPENING_BYTES;
    if (this.#filled < tells && !atEnd) return false;
    const { context, at } = openCapture(view, 0, this.#filled);
    this.#context = context;
    this.#walked = structuredClone(context);
    this.#from = at;
    this.#whole = at;
    return true;
  }
}
