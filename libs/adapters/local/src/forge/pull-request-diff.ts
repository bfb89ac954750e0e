import type { ForgeStore } from './forge-store';
import { loadPullRequest } from './pull-request-row';

/** Nothing of a repository decides what is run or shown. */
const PLAIN = ['--no-ext-diff', '--no-textconv', '--no-color', '--find-renames'];

/** What merging a pull request changes, or has changed, as git says it; empty where a branch is gone. */
export async function pullRequestDiff(
  store: ForgeStore,
  repository: string,
  number: number,
): Promise<string> {
  const { name, cloneUrl } = store.repository(repository);
  const row = loadPullRequest(store, name, number);
  const isMerged = row.state === 'merged';
  const base = isMerged ? row.merged_onto_sha : await store.git.branchHead(cloneUrl, row.base_branch);
  const live = isMerged ? undefined : await store.git.branchHead(cloneUrl, row.head_branch);
  const range = `${base}...${live ?? row.head_sha}`;
  const { exitCode, stdout } = await store.git.attempt('-C', cloneUrl, 'diff', ...PLAIN, range, '--');
  return exitCode === 0 ? stdout : '';
}
