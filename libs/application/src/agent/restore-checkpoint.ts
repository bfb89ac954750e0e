import { isFault } from '@swe/domain';
import type { BlobStore, JournalEntry, Snapshots } from '@swe/domain';
import { candidatesFor, latestCheckpoint, nothingSavedNote, restoreNote } from './checkpoint-policy';
import type { RestoredCopy } from './checkpoint-policy';

export interface RestorePorts {
  readonly snapshots: Pick<Snapshots, 'restore'>;
  readonly blobs: Pick<BlobStore, 'get'>;
}

export interface RestoredWorkspace {
  /** For the model. */
  readonly note: string;
  /** Working copies none of whose snapshots could be put back. */
  readonly unrestored: readonly string[];
}

/**
 * Puts the newest checkpoint's working copies into an empty workspace and says how that went; undefined when nothing
 * was lost. What is there already, from a try that was cut off, stays. A snapshot whose blob is damaged or
 * gone, or whose base cannot be fetched any more, falls back to the one before it. What may work later is thrown.
 */
export async function restoreCheckpoint(
  { snapshots, blobs }: RestorePorts,
  sessionId: string,
  entries: readonly JournalEntry[],
  signal: AbortSignal,
): Promise<RestoredWorkspace | undefined> {
  const checkpoint = latestCheckpoint(entries);
  if (checkpoint === undefined) {
    const note = nothingSavedNote(entries);
    return note === undefined ? undefined : { note, unrestored: [] };
  }
  const copies: RestoredCopy[] = [];
  for (const { directory } of checkpoint.workingCopies) copies.push(await restore(directory));
  const unrestored = copies.flatMap(({ directory, from }) => (from === undefined ? [directory] : []));
  return { note: restoreNote(checkpoint, copies, entries), unrestored };

  async function restore(directory: string): Promise<RestoredCopy> {
    const failures: string[] = [];
    const candidates = candidatesFor(entries, directory);
    for (const from of candidates) {
      try {
        const bytes = await blobs.get(sessionId, from.blobKey);
        const source = from.source === undefined ? {} : { source: from.source };
        const { lost } = await snapshots.restore(directory, { bytes, ...source }, signal);
        return { directory, from, failures, lost };
      } catch (error) {
        // Whoever began to restore here before has come so far, with this snapshot or an older one.
        if (isFault(error, 'conflict')) {
          const oldest = candidates.at(-1) ?? from;
          return { directory, from: oldest, orNewer: candidates.length > 1, failures: [], lost: [] };
        }
        if (!isFault(error, 'invalid', 'missing')) throw error;
        failures.push(error.message);
      }
    }
    return { directory, failures, lost: [] };
  }
}
