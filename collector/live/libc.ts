// The C library's calls that a packet ring needs and Node does not offer. Linux only; numbers are those of its headers.
import koffi from 'koffi';

const library = koffi.load('libc.so.6');

/** Calls as C declares them; those that fail return a negative number and leave their reason in errno. */
export const libc = {
  socket: library.func('int socket(int, int, int)'),
  setsockopt: library.func('int setsockopt(int, int, int, void *, uint32_t)'),
  getsockopt: library.func('int getsockopt(int, int, int, _Out_ void *, _Inout_ uint32_t *)'),
  bind: library.func('int bind(int, void *, uint32_t)'),
  getsockname: library.func('int getsockname(int, _Out_ void *, _Inout_ uint32_t *)'),
  ioctl: library.func('int ioctl(int, ulong, _Inout_ void *)'),
  poll: library.func('int poll(_Inout_ void *, ulong, int)'),
  mmap: library.func('void *mmap(void *, size_t, int, int, int, long)'),
  close: library.func('int close(int)'),
  ifNametoindex: library.func('uint32_t if_nametoindex(const char *)'),
  prctl: library.func('int prctl(int, ulong, ulong, ulong, ulong)'),
};

/** A call that failed, with the name of its reason as `code`. */
export class CallError extends Error {
  override name = 'CallError';
  readonly code: string;

  constructor(what: string) {
    const number = koffi.errno();
    const code = Object.entries(koffi.os.errno).find(([, value]) => value === number)?.[0] ?? `errno ${number}`;
    super(`${what}: ${code}`);
    this.code = code;
  }
}

/** @throws CallError for a negative result */
export function succeeded(result: number, what: string): number {
  if (result < 0) throw new CallError(what);
  return result;
}

/** An `int` as setsockopt takes it. */
export function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

/** Memory of a mapping as an ArrayBuffer: reads outside it are refused, and nothing is copied. */
export function viewOf(pointer: unknown, bytes: number): ArrayBuffer {
  return koffi.view(pointer, bytes);
}

/** The address of memory that outlives the call which is given it. */
export function addressOf(memory: Uint8Array): bigint {
  return koffi.address(memory);
}
