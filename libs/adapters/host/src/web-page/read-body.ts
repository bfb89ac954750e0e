import { Fault } from '@swe/domain';
import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

export interface Body {
  readonly bytes: Buffer;
  readonly truncated: boolean;
}

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  br: createBrotliDecompress,
  deflate: createInflate,
};

/**
 * The first `maxBytes` of a body, decompressed. The rest is neither read nor decompressed, however much a small
 * answer would unpack to.
 */
export async function readBody(response: IncomingMessage, maxBytes: number): Promise<Body> {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  const decoder = DECODERS[encoding];
  if (decoder === undefined && encoding !== 'identity' && encoding !== '') {
    throw new Fault('invalid', `the encoding ${encoding} cannot be read`);
  }
  if (decoder === undefined) return firstOf(response, maxBytes);
  // Not a pipeline: one takes the early end of its reader for a failure, or waits for the rest of the answer.
  const decoded = decoder();
  response.on('error', (error) => decoded.destroy(error)).pipe(decoded);
  return firstOf(decoded, maxBytes);
}

async function firstOf(source: AsyncIterable<Buffer>, maxBytes: number): Promise<Body> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of source) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) break;
  }
  return { bytes: Buffer.concat(chunks).subarray(0, maxBytes), truncated: length > maxBytes };
}
