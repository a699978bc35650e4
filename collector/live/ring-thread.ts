// The thread of one ring: copies what the kernel hands over into slots, whole blocks at a time, and gives the block back at once.
// It never looks into a frame. See protocol.ts for what it says and hears.
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { KEEP_NOTHING } from './filter.ts';
import { CallError, libc, viewOf } from './libc.ts';
import { type FromThread, type LiveSlot, POLL_MS, type RingSetup, type Tick, type ToThread } from './protocol.ts';
import {
  attachFilter,
  BLOCK_BYTES,
  boundInterface,
  type CaptureSocket,
  type LinkState,
  linkState,
  listenOn,
  RETIRE_MS,
  takeCounters,
  takeError,
} from './socket.ts';

// struct tpacket_block_desc
const STATUS = 8;
const FRAMES = 12;
const FIRST_RECORD = 16;
const USED_BYTES = 20;
/** Bit of a block's status: it is ours. */
const OURS = 1;
const POLLIN = 0x1;
const POLLERR = 0x8;
const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
const TICK_MS = 1000;
/** How often a full ring without a free slot, or a broken interface, is looked at again. */
const PAUSE_MS = 5;

const pause = new Int32Array(new SharedArrayBuffer(4));

class RingReader {
  #socket: CaptureSocket;
  #owner: MessagePort;
  #bytes: Uint8Array<ArrayBuffer>;
  #words: Int32Array;
  /** The block that comes next. */
  #block = 0;
  #slots: LiveSlot[] = [];
  #filled = 0;
  #frames = 0;
  #stopping = false;
  #state: LinkState | undefined;
  #tick: Tick = emptyTick();
  #tickBegan = performance.now();
  #sleptMs = 0;

  constructor({ socket }: RingSetup, owner: MessagePort) {
    this.#socket = socket;
    this.#owner = owner;
    const size = socket.blocks * BLOCK_BYTES;
    const ring = viewOf(libc.mmap(null, size, PROT_READ_WRITE, MAP_SHARED, socket.descriptor, 0), size);
    this.#bytes = new Uint8Array(ring);
    this.#words = new Int32Array(ring);
  }

  /** Reads until told to stop, then to the ring's end. */
  run(): void {
    this.#watchInterface();
    while (!this.#stopping) {
      this.#hear();
      if (!this.#takeBlock()) this.#sleep();
      if (performance.now() - this.#tickBegan >= TICK_MS) this.#tickNow();
    }
    // Nothing more comes in, and after the retire time the kernel has handed over what it held.
    attachFilter(this.#socket.descriptor, KEEP_NOTHING);
    for (const end = performance.now() + 3 * RETIRE_MS; performance.now() < end; ) {
      this.#hear();
      if (!this.#takeBlock()) this.#sleep();
    }
    while (this.#blockIsOurs()) {
      this.#hear();
      if (!this.#takeBlock()) this.#rest(PAUSE_MS);
    }
    this.#handOver();
    this.#tickNow();
    this.#say({ say: 'ended', slots: this.#slots });
  }

  #hear(): void {
    for (;;) {
      const message = receiveMessageOnPort(this.#owner)?.message as ToThread | undefined;
      if (message === undefined) return;
      if (message.say === 'slot') this.#slots.push(message.slot);
      else if (message.say === 'stop') this.#stopping = true;
      else {
        this.#handOver();
        this.#tickNow();
        this.#say({ say: 'flushed' });
      }
    }
  }

  #blockIsOurs(): boolean {
    return (Atomics.load(this.#words, (this.#block * BLOCK_BYTES + STATUS) >> 2) & OURS) !== 0;
  }

  /** Copies a block's records into the slot and gives the block back; false when there is no block, or no slot for it. */
  #takeBlock(): boolean {
    if (!this.#blockIsOurs()) return false;
    const start = this.#block * BLOCK_BYTES;
    const first = start + (this.#words[(start + FIRST_RECORD) >> 2] as number);
    const end = start + (this.#words[(start + USED_BYTES) >> 2] as number);
    const slot = this.#slots[0];
    if (slot !== undefined && this.#filled + end - first > slot.buffer.byteLength) this.#handOver();
    const into = this.#slots[0];
    if (into === undefined) return false;
    const frames = this.#words[(start + FRAMES) >> 2] as number;
    if (frames > 0) new Uint8Array(into.buffer).set(this.#bytes.subarray(first, end), this.#filled);
    if (frames > 0) this.#filled += end - first;
    this.#frames += frames;
    this.#tick.frames += frames;
    Atomics.store(this.#words, (start + STATUS) >> 2, 0);
    this.#block = (this.#block + 1) % this.#socket.blocks;
    return true;
  }

  #handOver(): void {
    const slot = this.#slots[0];
    if (slot === undefined || this.#filled === 0) return;
    this.#slots.shift();
    this.#say({ say: 'unit', slot, bytes: this.#filled, frames: this.#frames });
    this.#filled = 0;
    this.#frames = 0;
  }

  /** Waits for the kernel; where it could not wait (no slot for a block, an interface that is gone) for a moment. */
  #sleep(): void {
    if (this.#blockIsOurs()) {
      this.#rest(PAUSE_MS);
      return;
    }
    const began = performance.now();
    const request = Buffer.alloc(8); // struct pollfd
    request.writeInt32LE(this.#socket.descriptor, 0);
    request.writeInt16LE(POLLIN, 4);
    libc.poll(request, 1, POLL_MS);
    this.#sleptMs += performance.now() - began;
    if (request.readInt16LE(6) & POLLERR) {
      takeError(this.#socket.descriptor);
      this.#watchInterface();
      this.#rest(PAUSE_MS);
    }
  }

  #rest(ms: number): void {
    Atomics.wait(pause, 0, 0, ms);
    this.#sleptMs += ms;
  }

  #tickNow(): void {
    const now = performance.now();
    const tookMs = now - this.#tickBegan;
    const { received, dropped } = takeCounters(this.#socket.descriptor);
    const before = this.#state;
    this.#watchInterface();
    const observedMs = before === 'up' && this.#state === 'up' ? tookMs : 0;
    const busyMs = Math.max(0, tookMs - this.#sleptMs);
    this.#say({ say: 'tick', tick: { ...this.#tick, received, dropped, observedMs, busyMs, fill: this.#fill() } });
    this.#tick = emptyTick();
    this.#tickBegan = now;
    this.#sleptMs = 0;
  }

  #fill(): number {
    let waiting = 0;
    for (let block = 0; block < this.#socket.blocks; block++) {
      waiting += Atomics.load(this.#words, (block * BLOCK_BYTES + STATUS) >> 2) & OURS;
    }
    return waiting / this.#socket.blocks;
  }

  /** An interface that was deleted and made anew is heard again by binding the socket anew, which needs no rights. */
  #watchInterface(): void {
    const { descriptor, interface: name } = this.#socket;
    let state = linkState(descriptor, name);
    if (state !== 'gone' && boundInterface(descriptor) !== libc.ifNametoindex(name)) {
      try {
        listenOn(this.#socket);
        state = linkState(descriptor, name);
      } catch (error) {
        if (!(error instanceof CallError)) throw error;
        state = 'gone'; // it went again meanwhile
      }
    }
    if (state !== this.#state) this.#say({ say: 'state', state });
    this.#state = state;
  }

  #say(message: FromThread): void {
    this.#owner.postMessage(message);
  }
}

function emptyTick(): Tick {
  return { frames: 0, received: 0, dropped: 0, observedMs: 0, busyMs: 0, fill: 0 };
}

if (parentPort) new RingReader(workerData as RingSetup, parentPort).run();
