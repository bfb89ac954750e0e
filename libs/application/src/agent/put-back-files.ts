import { isFault } from '@swe/domain';
import type { BlobStore, KeptFile, Workspace } from '@swe/domain';
import { exists } from '../tools/exists';

/** Puts files that people sent into a workspace that lost them, and gives the paths of those that are lost for good. */
export type FileRestorer = (files: readonly KeptFile[]) => Promise<readonly string[]>;

/**
 * A restorer of a session's files, as they were sent. One that is there stays as it is. What may work later is thrown,
 * but not what is denied: the session would fail at every start until somebody mends it, for a file.
 */
export function fileRestorer(
  blobs: Pick<BlobStore, 'get'>,
  workspace: Pick<Workspace, 'stat' | 'write'>,
  sessionId: string,
): FileRestorer {
  return async (files) => {
    const lost: string[] = [];
    for (const { path, blobKey } of files) {
      try {
        if (await exists(workspace, path)) continue;
        await workspace.write(path, await blobs.get(sessionId, blobKey));
      } catch (error) {
        if (!isFault(error, 'invalid', 'missing', 'denied')) throw error;
        lost.push(path);
      }
    }
    return lost;
  };
}
