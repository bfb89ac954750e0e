import type { Check } from '@swe/domain';
import type { RepoApi } from '../github-client';
import { fromCheckRun, fromCommitStatus } from './to-check';
import type { NamedCheck } from './to-check';

/** All checks of a commit: the last run of each, of any app, and the last of each commit status. */
export async function readChecks({ octokit, name }: RepoApi, sha: string): Promise<readonly Check[]> {
  const of = { ...name, ref: sha, per_page: 100 };
  const [runs, statuses] = await Promise.all([
    octokit.paginate('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', { ...of, filter: 'latest' }),
    octokit.paginate('GET /repos/{owner}/{repo}/commits/{ref}/statuses', of),
  ]);
  // `latest` is that of each check suite, and a commit may have several of an app's.
  const newestRuns = runs.toSorted((a, b) => (a.id < b.id ? 1 : -1)).map(fromCheckRun);
  // The newest first: https://docs.github.com/rest/commits/statuses#list-commit-statuses-for-a-reference
  return [...firstOfEach(newestRuns), ...firstOfEach(statuses.map(fromCommitStatus))];
}

function firstOfEach(checks: readonly NamedCheck[]): readonly Check[] {
  const byIdentity = new Map<string, Check>();
  for (const { identity, check } of checks) {
    if (!byIdentity.has(identity)) byIdentity.set(identity, check);
  }
  return [...byIdentity.values()];
}
