import { Fault, jsonText } from '@swe/domain';
import type { PullRequest, Repository } from '@swe/domain';
import { z } from 'zod';
import type { ForgeStore } from './forge-store';
import type { Git } from './git';

const pullRequestRow = z.object({
  number: z.int(),
  head_branch: z.string(),
  base_branch: z.string(),
  head_sha: z.string(),
  title: z.string(),
  body: z.string(),
  closes: jsonText(z.array(z.int())),
  state: z.enum(['open', 'closed', 'merged']),
  is_draft: z.literal([0, 1]),
  merged_onto_sha: z.string().nullable(),
});
export type PullRequestRow = z.infer<typeof pullRequestRow>;

const COLUMNS =
  'number, head_branch, base_branch, head_sha, title, body, closes, state, is_draft, merged_onto_sha';

/** Throws `missing` for a number that is no pull request of the repository `name`. */
export function loadPullRequest({ database }: ForgeStore, name: string, number: number): PullRequestRow {
  const sql = `SELECT ${COLUMNS} FROM pull_request WHERE repository = ? AND number = ?`;
  const row = database.get(pullRequestRow, sql, name, number);
  if (row === undefined) throw new Fault('missing', `forge://${name} has no pull request ${number}`);
  return row;
}

export function findOpenPullRequest(
  { database }: ForgeStore,
  name: string,
  headBranch: string,
): PullRequestRow | undefined {
  const sql = `SELECT ${COLUMNS} FROM pull_request WHERE repository = ? AND head_branch = ? AND state = 'open'`;
  return database.get(pullRequestRow, sql, name, headBranch);
}

/** With its head as it is in git now, or as it was last seen once the branch is gone. */
export async function toPullRequest(
  git: Git,
  { url, cloneUrl }: Repository,
  row: PullRequestRow,
): Promise<PullRequest> {
  const { number, head_branch: headBranch, base_branch: baseBranch, title, body, state } = row;
  const live = state === 'merged' ? undefined : await git.branchHead(cloneUrl, headBranch);
  const facts = { repository: url, number, url: `${url}/pulls/${number}`, headBranch, baseBranch };
  const draft = row.is_draft === 1 && { isDraft: true as const };
  return { ...facts, title, body, ...draft, state, headSha: live ?? row.head_sha };
}
