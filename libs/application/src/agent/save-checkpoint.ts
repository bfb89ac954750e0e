import { isFault } from '@swe/domain';
import type { BlobStore, Clock, SavedWorkingCopy, Snapshots, WorkingCopy } from '@swe/domain';
import type { Checkpoint } from './checkpoint-policy';

export interface CheckpointPorts {
  readonly snapshots: Pick<Snapshots, 'workingCopies' | 'take'>;
  readonly blobs: Pick<BlobStore, 'put'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** When a checkpoint is taken: after which entry, and under which lease, for a holder that lost it may still be writing. */
export interface SavePoint {
  readonly sessionId: string;
  readonly fence: number;
  readonly journalSeq: number;
}

/**
 * Saves what changed in the workspace since the checkpoint `last` and returns the entry to journal; undefined when
 * nothing did. The entry is to be written after its blobs, which this has stored. A working copy that cannot be saved
 * is named in it and does not keep the others from being saved; one of those that could not be restored here keeps its
 * older snapshot for as long as nothing is in its place. Blobs of older checkpoints stay: what of them nobody
 * falls back to any more, `outdatedBlobs` says.
 */
export async function saveCheckpoint(
  { snapshots, blobs, clock }: CheckpointPorts,
  { sessionId, fence, journalSeq }: SavePoint,
  last: Checkpoint | undefined,
  unrestored: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Checkpoint | undefined> {
  const workingCopies: SavedWorkingCopy[] = [];
  const notSaved: { directory: string; why: string }[] = [];
  const found = await snapshots.workingCopies(signal);
  for (const [n, copy] of found.entries()) {
    const before = last?.workingCopies.find(({ directory }) => directory === copy.directory);
    const saved = await save(copy, before, `checkpoint/${journalSeq}-${fence}/${n}`);
    if (typeof saved === 'string') {
      notSaved.push({ directory: copy.directory, why: saved });
      if (before !== undefined) workingCopies.push(before);
    } else {
      workingCopies.push(saved);
    }
  }
  for (const before of last?.workingCopies ?? []) {
    const isGone = !found.some(({ directory }) => directory === before.directory);
    if (isGone && unrestored.has(before.directory)) workingCopies.push(before);
  }
  const kept = { workingCopies, notSaved };
  const wasKept = { workingCopies: last?.workingCopies ?? [], notSaved: last?.notSaved ?? [] };
  if (JSON.stringify(kept) === JSON.stringify(wasKept)) return undefined;
  return { kind: 'checkpoint-saved', atMs: clock.nowMs(), journalSeq, ...kept };

  /** The words say why it could not be. */
  async function save(
    { directory, unsupported }: WorkingCopy,
    before: SavedWorkingCopy | undefined,
    blobKey: string,
  ): Promise<SavedWorkingCopy | string> {
    if (unsupported !== undefined) return unsupported;
    try {
      const taken = await snapshots.take(directory, before?.fingerprint, signal);
      if (taken === undefined) return before ?? 'nothing was taken';
      const { bytes, source, fingerprint, leftOut, unsteady } = taken;
      await blobs.put(sessionId, blobKey, bytes);
      const facts = { directory, blobKey, fingerprint, takenAtSeq: journalSeq };
      return {
        ...facts,
        ...(source === undefined ? {} : { source }),
        leftOut: [...leftOut],
        unsteady: [...unsteady],
      };
    } catch (error) {
      if (signal.aborted || isFault(error, 'cancelled')) throw error;
      return Error.isError(error) ? error.message : String(error);
    }
  }
}
