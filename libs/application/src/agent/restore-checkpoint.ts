import { isFault } from '@swe/domain';
import type { BlobStore, JournalEntry, Snapshots } from '@swe/domain';
import { candidatesFor, latestCheckpoint, nothingSavedNote, restoreNote } from './checkpoint-policy';
import type { RestoredCopy } from './checkpoint-policy';

export interface RestorePorts {
  readonly snapshots: Pick<Snapshots, 'restore'>;
  readonly blobs: Pick<BlobStore, 'get'>;
}

/**
 * Puts the newest checkpoint's working copies into an empty workspace and returns what to tell the model; undefined
 * when nothing was lost. What is there already, from a try that was cut off, stays. A snapshot whose blob is damaged or
 * gone, or whose base cannot be fetched any more, falls back to the one before it. What may work later is thrown.
 */
export async function restoreCheckpoint(
  { snapshots, blobs }: RestorePorts,
  sessionId: string,
  entries: readonly JournalEntry[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const checkpoint = latestCheckpoint(entries);
  if (checkpoint === undefined) return nothingSavedNote(entries);
  const copies: RestoredCopy[] = [];
  for (const { directory } of checkpoint.workingCopies) copies.push(await restore(directory));
  return restoreNote(checkpoint, copies, entries);

  async function restore(directory: string): Promise<RestoredCopy> {
    const failures: string[] = [];
    for (const from of candidatesFor(entries, directory)) {
      try {
        const bytes = await blobs.get(sessionId, from.blobKey);
        const source = from.source === undefined ? {} : { source: from.source };
        const { lost } = await snapshots.restore(directory, { bytes, ...source }, signal);
        return { directory, from, failures, lost };
      } catch (error) {
        // Whoever began to restore here before has come so far.
        if (isFault(error, 'conflict')) return { directory, from, failures, lost: [] };
        if (!isFault(error, 'invalid', 'missing')) throw error;
        failures.push(error.message);
      }
    }
    return { directory, failures, lost: [] };
  }
}
