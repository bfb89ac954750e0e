import { createHash } from 'node:crypto';
import { Fault, isFault } from '@swe/domain';
import type { BlobStore } from '@swe/domain';
import { z } from 'zod';

/** A text as an attribute: itself, or where it is when it would make its item too large. */
export const storedText = z.union([z.string(), z.object({ blobKey: z.string(), sha256: z.string() })]);
export type StoredText = z.infer<typeof storedText>;

/** Where long texts go. */
export type TextBlobs = Pick<BlobStore, 'put' | 'get'>;

/**
 * `text` as an attribute of at most `maxBytes`. A longer one is a blob first, under its hash, so that the same text is
 * stored once. If the write that was to name it fails, the blob stays: nothing reads it, and it goes with its session.
 */
export async function toStoredText(
  blobs: TextBlobs,
  sessionId: string,
  text: string,
  maxBytes: number,
): Promise<StoredText> {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const bytes = new TextEncoder().encode(text);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const blobKey = `store/${sha256}`;
  await blobs.put(sessionId, blobKey, bytes);
  return { blobKey, sha256 };
}

/** Throws `invalid`, naming the session, when the blob is gone or is another. */
export async function fromStoredText(
  blobs: TextBlobs,
  sessionId: string,
  stored: StoredText,
): Promise<string> {
  if (typeof stored === 'string') return stored;
  const { blobKey, sha256 } = stored;
  const bytes = await getBlob(blobs, sessionId, blobKey);
  if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
    throw new Fault('invalid', `blob ${blobKey} of session ${sessionId} is not what was stored`);
  }
  return new TextDecoder().decode(bytes);
}

async function getBlob(blobs: TextBlobs, sessionId: string, blobKey: string): Promise<Uint8Array> {
  try {
    return await blobs.get(sessionId, blobKey);
  } catch (error) {
    if (!isFault(error, 'missing')) throw error;
    // Not `missing`, which a caller would take for the session.
    throw new Fault('invalid', `session ${sessionId} has lost its blob ${blobKey}`, { cause: error });
  }
}
