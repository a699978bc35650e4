// Who asks for how much memory: typed arrays report the largest number of bytes that one was made with. A length that stands in a file
// must never size an allocation, and one of 2 GB that nothing writes to would not show in the process's size.

const TYPES = [
  'ArrayBuffer',
  'SharedArrayBuffer',
  'Uint8Array',
  'Uint16Array',
  'Uint32Array',
  'Int32Array',
  'Float64Array',
] as const;

let largest = 0;

/** From here on arrays that are made are noticed. Call before the code to be watched runs. */
export function watchAllocations(): void {
  for (const name of TYPES) {
    const type = globalThis[name] as unknown as (new (...args: unknown[]) => unknown) & { BYTES_PER_ELEMENT?: number };
    const width = type.BYTES_PER_ELEMENT ?? 1;
    const watched = new Proxy(type, {
      construct(target, args, newTarget) {
        if (typeof args[0] === 'number') largest = Math.max(largest, args[0] * width);
        return Reflect.construct(target, args, newTarget) as object;
      },
    });
    (globalThis as Record<string, unknown>)[name] = watched;
  }
}

/** Bytes of the largest array since it was asked for last. */
export function largestAllocation(): number {
  const bytes = largest;
  largest = 0;
  return bytes;
}
