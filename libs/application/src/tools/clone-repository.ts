import { z } from 'zod';
import { Fault } from '@swe/domain';
import type { Processes, RepoHost, Repository, Workspace } from '@swe/domain';
import { defineTool, said } from '../agent/tool';
import type { Tool } from '../agent/tool';
import { exists } from './exists';
import { git, tryGit } from './git';
import { succeeded } from './run-report';

const CLONE_TIMEOUT_MS = 15 * 60_000;

export interface CloneOptions {
  readonly processes: Pick<Processes, 'run'>;
  readonly workspace: Pick<Workspace, 'root' | 'stat'>;
  readonly repoHost: Pick<RepoHost, 'repository'>;
  /** The branch the session works on. */
  readonly branch: string;
}

/**
 * Clones a repository into a folder of its own and checks out the session's branch, as it was pushed before or else
 * new from the default branch. A working copy that is there already is left as it is. Limit: 15 minutes.
 */
export function cloneRepository({ processes, workspace, repoHost, branch }: CloneOptions): Tool {
  return defineTool({
    name: 'clone_repository',
    description: `Clone a repository into the workspace and check out the branch ${branch}. Takes the repository's URL as in issue URLs, without /issues/...`,
    access: 'acts',
    resume: 'repeat',
    input: z.object({ repository: z.string().min(1) }),
    async run({ repository }, { session, signal }) {
      const found = await repoHost.repository(repository.replace(/\/+$/, ''));
      const { directory, present } = await placeFor(found, signal);
      const repositories = [...new Set([...session.repositories, found.url])];
      // Also when it is there: whoever cloned it may have died before the session knew.
      if (present) {
        return {
          ...said(`${found.url} is already in ${directory}, left as it is.`),
          session: { repositories },
        };
      }

      const at = { cwd: workspace.root, signal };
      // --no-local: a clone that shares object files with its source by hard link could damage it.
      await git(processes, ['clone', '--no-local', '--no-tags', '--', found.cloneUrl, directory], {
        ...at,
        timeoutMs: CLONE_TIMEOUT_MS,
      });
      const inClone = { cwd: directory, signal };
      const pushed = await tryGit(
        processes,
        ['rev-parse', '--verify', '--quiet', `origin/${branch}`],
        inClone,
      );
      const start = succeeded(pushed) ? `origin/${branch}` : `origin/${found.defaultBranch}`;
      await git(processes, ['checkout', '--no-track', '-B', branch, start], inClone);
      const head = await git(processes, ['log', '-1', '--format=%h %s'], inClone);

      return {
        ...said(
          `Cloned ${found.url} into ${directory}.\nbranch: ${branch} (from ${start.replace('origin/', '')})\nlast commit: ${head}`,
        ),
        session: { repositories },
      };
    },
  });

  /** The repository's own name, or with a number behind it when something else has that folder. */
  async function placeFor(
    { name, cloneUrl }: Repository,
    signal: AbortSignal,
  ): Promise<{ directory: string; present: boolean }> {
    for (let n = 1; n < 100; n += 1) {
      const directory = n === 1 ? name : `${name}-${n}`;
      if (!(await exists(workspace, directory))) return { directory, present: false };
      const at = { cwd: directory, signal };
      const origin = await tryGit(processes, ['config', '--get', 'remote.origin.url'], at);
      if (!origin.output.head.split('\n').includes(cloneUrl)) continue;
      // The branch is made last: without it this is what a clone that was killed left behind.
      const made = await tryGit(processes, ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`], at);
      if (succeeded(made)) return { directory, present: true };
    }
    throw new Fault('invalid', `There are already 99 folders named ${name}.`);
  }
}
