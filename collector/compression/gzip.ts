// gzip (RFC 1952), with all its members, by Node's zlib, which has threads of its own.
import type { TransformOptions } from 'node:stream';
import { createGunzip, type ZlibOptions } from 'node:zlib';
import type { ByteSource } from '../source.ts';
import { transformSource } from './transform.ts';

const OUTPUT_BYTES = 256 * 1024;

export function gunzipSource(compressed: ByteSource): ByteSource {
  const options: ZlibOptions & TransformOptions = { chunkSize: OUTPUT_BYTES, readableHighWaterMark: 1 };
  return transformSource('gzip', createGunzip(options), compressed);
}
