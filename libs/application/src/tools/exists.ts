import { isFault } from '@swe/domain';
import type { Workspace } from '@swe/domain';

/** Whether anything is at `path`, a link that leads nowhere included. */
export async function exists(workspace: Pick<Workspace, 'stat'>, path: string): Promise<boolean> {
  try {
    await workspace.stat(path);
    return true;
  } catch (error) {
    if (isFault(error, 'missing')) return false;
    throw error;
  }
}
