import { createHash } from 'node:crypto';
import { z } from 'zod';

/** A file that a person sent: where the agent finds it in its workspace, and where it is kept apart from the machine. */
export const keptFile = z.object({ path: z.string(), blobKey: z.string() });
export type KeptFile = z.infer<typeof keptFile>;

/** The key of these bytes among a session's blobs: what is sent twice is kept once. */
export function keptFileKey(bytes: Uint8Array): string {
  return `sent/${createHash('sha256').update(bytes).digest('hex')}`;
}
