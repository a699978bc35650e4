// pcapng files block by block (draft-ietf-opsawg-pcapng), for what the sample generator's writer has no need of.

/** Blocks of one byte order, each as bytes. */
export function pcapngBlocks(bigEndian = false) {
  const block = (type: number, body: Uint8Array, lengthAtEnd?: number): Uint8Array => {
    const length = 12 + body.length;
    const view = new DataView(new ArrayBuffer(length));
    view.setUint32(0, type, !bigEndian);
    view.setUint32(4, length, !bigEndian);
    view.setUint32(length - 4, lengthAtEnd ?? length, !bigEndian);
    const bytes = new Uint8Array(view.buffer);
    bytes.set(body, 8);
    return bytes;
  };
  const words = (...values: number[]): Uint8Array => {
    const view = new DataView(new ArrayBuffer(4 * values.length));
    for (const [index, value] of values.entries()) view.setUint32(4 * index, value, !bigEndian);
    return new Uint8Array(view.buffer);
  };
  const shorts = (...values: number[]): Uint8Array => {
    const view = new DataView(new ArrayBuffer(2 * values.length));
    for (const [index, value] of values.entries()) view.setUint16(2 * index, value, !bigEndian);
    return new Uint8Array(view.buffer);
  };
  const long = (value: bigint): Uint8Array => {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigInt64(0, value, !bigEndian);
    return new Uint8Array(view.buffer);
  };
  const option = (code: number, value: Uint8Array): Uint8Array => joined(shorts(code, value.length), padded(value));
  const halves = (ticks: bigint): [number, number] => [Number(ticks >> 32n), Number(ticks & 0xffffffffn)];

  return {
    block,
    option,
    /** @param length of the section, the header left out; -1 where it is not told */
    section: (fields: { version?: [major: number, minor: number]; length?: bigint; options?: Uint8Array } = {}) => {
      const { version = [1, 0], length = -1n, options = new Uint8Array(0) } = fields;
      return block(0x0a0d0d0a, joined(words(0x1a2b3c4d), shorts(...version), long(length), options));
    },
    /** The block with its two lengths as some write them: without the padding before the second. */
    withoutPadding: (whole: Uint8Array, padding: number): Uint8Array => {
      const changed = new Uint8Array(whole);
      const view = new DataView(changed.buffer);
      for (const at of [4, changed.length - 4]) view.setUint32(at, changed.length - padding, !bigEndian);
      return changed;
    },
    /** @param resolution if_tsresol, @param offset if_tsoffset: left out of the block where not given */
    describedInterface: (fields: {
      linkType?: number;
      snapLength?: number;
      resolution?: number;
      offset?: bigint;
      before?: Uint8Array;
    }): Uint8Array => {
      const options = [
        ...(fields.before ? [fields.before] : []),
        ...(fields.resolution === undefined ? [] : [option(9, Uint8Array.of(fields.resolution))]),
        ...(fields.offset === undefined ? [] : [option(14, long(fields.offset))]),
      ];
      const end = options.length > 0 ? [shorts(0, 0)] : [];
      return block(1, joined(shorts(fields.linkType ?? 1, 0), words(fields.snapLength ?? 0), ...options, ...end));
    },
    enhancedPacket: (
      frame: Uint8Array,
      fields: { from?: number; ticks?: bigint; captured?: number; options?: Uint8Array } = {},
    ): Uint8Array => {
      const head = words(
        fields.from ?? 0,
        ...halves(fields.ticks ?? 0n),
        fields.captured ?? frame.length,
        frame.length,
      );
      return block(6, joined(head, padded(frame), fields.options ?? new Uint8Array(0)));
    },
    /** @param captured what of the frame stands in the block */
    simplePacket: (frame: Uint8Array, captured = frame.length): Uint8Array =>
      block(3, joined(words(frame.length), padded(frame.subarray(0, captured)))),
    obsoletePacket: (frame: Uint8Array, fields: { from?: number; drops?: number; ticks?: bigint } = {}): Uint8Array => {
      const head = words(...halves(fields.ticks ?? 0n), frame.length, frame.length);
      return block(2, joined(shorts(fields.from ?? 0, fields.drops ?? 0), head, padded(frame)));
    },
  };
}

export function joined(...pieces: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}

/** Filled up to a whole number of 32-bit words. */
function padded(bytes: Uint8Array): Uint8Array {
  return joined(bytes, new Uint8Array(-bytes.length & 3));
}
