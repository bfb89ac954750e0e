import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Clock } from '@swe/domain';
import { openForge } from './forge';
import { Git } from './git';

const clock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** For specs: a forge in a folder of its own, and real git to play the people around it. Pass the specs' own `PATH`. */
export function openForgeFixture(searchPath: string | undefined) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'swe-forge-')));
  const env = { PATH: searchPath ?? '', HOME: folder };
  const forge = openForge({ folder: join(folder, 'forge'), env, clock });
  const git = new Git(folder, env);
  let commits = 0;

  return {
    folder,
    forge,
    git,
    openForge: (changes: Partial<Parameters<typeof openForge>[0]> = {}) =>
      openForge({ folder: join(folder, 'forge'), env, clock, ...changes }),

    /** Makes a repository with one commit on `main`, and returns its folder. */
    async repository(name: string): Promise<string> {
      const path = join(folder, name);
      await git.run('init', '--quiet', '--initial-branch=main', path);
      await this.commit(path);
      return path;
    },

    /** Commits a change of `file` in the working tree `path`, and returns the commit's id. */
    async commit(path: string, file = 'README.md'): Promise<string> {
      commits += 1;
      mkdirSync(dirname(join(path, file)), { recursive: true });
      writeFileSync(join(path, file), `change ${commits}\n`);
      await git.run('-C', path, 'add', '--all');
      await git.run('-C', path, 'commit', '--quiet', '--message', `Change ${commits}`);
      return git.run('-C', path, 'rev-parse', 'HEAD');
    },

    /** A commit on `branch` of a forge's repository, by way of a clone; on the default branch when that is empty. */
    async push(repository: string, branch: string, file?: string): Promise<string> {
      const { cloneUrl, defaultBranch } = await forge.host.repository(repository);
      const clone = join(folder, `clone-${(commits += 1)}`);
      const head = await git.branchHead(cloneUrl, branch);
      await git.run('clone', '--quiet', cloneUrl, clone);
      const start = head ?? (await git.branchHead(cloneUrl, defaultBranch));
      const from = start === undefined ? [] : [start];
      await git.run('-C', clone, 'switch', '--quiet', '--force-create', branch, ...from);
      const sha = await this.commit(clone, file);
      await git.run('-C', clone, 'push', '--quiet', 'origin', branch);
      return sha;
    },

    close: async () => {
      forge.close();
      rmSync(folder, { recursive: true });
    },
  };
}
