import { Fault } from '@swe/domain';
import type { PullRequest } from '@swe/domain';
import type { ForgeStore } from './forge-store';
import type { Git } from './git';
import { loadPullRequest, toPullRequest } from './pull-request-row';
import type { PullRequestRow } from './pull-request-row';

/**
 * Merges an open pull request into its base, fast-forward where that is possible, and closes the issues that its
 * text says it closes. Once merged, merging again changes nothing. Changes that collide, a closed pull request, a
 * draft, a branch that is gone and a base that moved meanwhile are a `conflict`.
 */
export async function mergePullRequest(
  store: ForgeStore,
  repository: string,
  number: number,
): Promise<PullRequest> {
  const known = store.repository(repository);
  const { url, name } = known;
  const row = loadPullRequest(store, name, number);
  if (row.state === 'closed') throw new Fault('conflict', `pull request ${number} of ${url} is closed`);
  if (row.state === 'open') {
    if (row.is_draft === 1) throw new Fault('conflict', `pull request ${number} of ${url} is still a draft`);
    recordMerge(store, name, row, await mergeBranches(store.git, known.cloneUrl, row));
  }
  return toPullRequest(store.git, known, loadPullRequest(store, name, number));
}

interface Merged {
  /** Now part of the base. */
  readonly head: string;
  /** The base before; undefined where it had been merged already. */
  readonly onto: string | undefined;
}

async function mergeBranches(git: Git, path: string, row: PullRequestRow): Promise<Merged> {
  const { head_branch: headBranch, base_branch: baseBranch } = row;
  const [head, base] = await Promise.all([
    git.branchHead(path, headBranch),
    git.branchHead(path, baseBranch),
  ]);
  if (head === undefined || base === undefined) {
    throw new Fault('conflict', `${head === undefined ? headBranch : baseBranch} does not exist any more`);
  }
  // Also after a crash between the merge and its record.
  if (await git.isAncestor(path, head, base)) return { head, onto: undefined };
  const canFastForward = await git.isAncestor(path, base, head);
  const merged = canFastForward ? head : await commitMerge(git, path, row, { head, base });
  const moved = await git.attempt('-C', path, 'update-ref', `refs/heads/${baseBranch}`, merged, base);
  if (moved.exitCode === 0) return { head, onto: base };
  throw new Fault('conflict', `${baseBranch} changed during the merge`, { cause: moved.stderr });
}

async function commitMerge(
  git: Git,
  path: string,
  row: PullRequestRow,
  { head, base }: { readonly head: string; readonly base: string },
): Promise<string> {
  const { number, title, head_branch: headBranch, base_branch: baseBranch } = row;
  const { exitCode, stdout, stderr } = await git.attempt(
    '-C',
    path,
    'merge-tree',
    '--write-tree',
    base,
    head,
  );
  if (exitCode === 1) {
    throw new Fault('conflict', `${headBranch} and ${baseBranch} change the same lines`, { cause: stdout });
  }
  if (exitCode !== 0) throw new Error(`git merge-tree ended with ${exitCode}: ${stderr}`);
  const message = `Merge pull request #${number} from ${headBranch}\n\n${title}`;
  return git.run('-C', path, 'commit-tree', stdout.trim(), '-p', base, '-p', head, '-m', message);
}

function recordMerge({ database }: ForgeStore, name: string, row: PullRequestRow, merged: Merged): void {
  database.write(() => {
    database.run(
      `UPDATE pull_request SET state = 'merged', head_sha = ?, merged_onto_sha = ?
        WHERE repository = ? AND number = ?`,
      merged.head,
      merged.onto ?? null,
      name,
      row.number,
    );
    for (const issue of row.closes) {
      database.run("UPDATE issue SET state = 'closed' WHERE repository = ? AND number = ?", name, issue);
    }
  });
}
