import { isFault } from '@swe/domain';
import type { Workspace } from '@swe/domain';
import { SKILLS_FOLDER } from './read-organisation';
import type { OrganisationFolder } from './read-organisation';

const MAX_FILES = 500;

/**
 * Puts the organisation's skills into the workspace, each with all of its files. Through the workspace's own enclosure:
 * what the agent's commands left there can't lead anywhere else. Files that can't be copied are left out.
 */
export async function bringSkills(
  folder: OrganisationFolder,
  workspace: Pick<Workspace, 'write'>,
): Promise<void> {
  let left = MAX_FILES;
  await bring('');

  async function bring(path: string): Promise<void> {
    for (const { name, kind } of await folder.list(`skills${path}`, left)) {
      const inner = `${path}/${name}`;
      if (kind === 'directory') await bring(inner);
      else if (kind === 'file' && left > 0) {
        left -= 1;
        await copy(inner);
      }
    }
  }

  async function copy(path: string): Promise<void> {
    try {
      const { bytes } = await folder.read(`skills${path}`);
      await workspace.write(`${SKILLS_FOLDER}${path}`, bytes);
    } catch (error) {
      if (!isFault(error)) throw error;
    }
  }
}
