import { folderOf, innerPath, isFault, pathFrom } from '@swe/domain';
import type { Workspace } from '@swe/domain';

/** A touched path: the working copy that it is in, and its path there. */
export interface PlaceInCopy {
  /** Relative to the workspace; '' where the workspace itself is one. */
  readonly copy: string;
  readonly path: string;
}

/** The innermost working copy around `path`, found by its `.git`. Undefined where there is none in the workspace. */
export async function placeInCopy(
  workspace: Pick<Workspace, 'root' | 'stat'>,
  path: string,
): Promise<PlaceInCopy | undefined> {
  const { root } = workspace;
  const isInside = path === root || path.startsWith(`${root}/`);
  const inner = innerPath('', isInside ? pathFrom(root, path) : path);
  if (inner === undefined) return undefined;
  for (let copy = inner; ; copy = folderOf(copy)) {
    if (await isThere(`${copy || '.'}/.git`)) return { copy, path: pathFrom(copy, inner) };
    if (copy === '') return undefined;
  }

  async function isThere(each: string): Promise<boolean> {
    try {
      await workspace.stat(each);
      return true;
    } catch (error) {
      if (!isFault(error)) throw error;
      return false;
    }
  }
}
