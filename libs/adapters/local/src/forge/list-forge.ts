import { z } from 'zod';
import type { ForgeStore } from './forge-store';

const repositoryRow = z.object({
  name: z.string(),
  default_branch: z.string(),
  issues: z.int(),
  pulls: z.int(),
});
const issueRow = z.object({
  number: z.int(),
  title: z.string(),
  body: z.string(),
  state: z.enum(['open', 'closed']),
  author: z.string(),
});
const pullRow = z.object({
  number: z.int(),
  title: z.string(),
  state: z.enum(['open', 'closed', 'merged']),
  head_branch: z.string(),
});

/** All repositories by name, with how much is open in each. */
export function repositoriesOf({ database }: ForgeStore) {
  const sql = `SELECT name, default_branch,
      (SELECT count(*) FROM issue WHERE repository = name AND state = 'open') AS issues,
      (SELECT count(*) FROM pull_request WHERE repository = name AND state = 'open') AS pulls
    FROM repository ORDER BY name`;
  return database.all(repositoryRow, sql).map(({ name, default_branch: defaultBranch, issues, pulls }) => ({
    name,
    url: `forge://${name}`,
    defaultBranch,
    openIssues: issues,
    openPullRequests: pulls,
  }));
}

/** A repository's issues, newest first. */
export function issuesOf({ database }: ForgeStore, name: string) {
  const sql =
    'SELECT number, title, body, state, author FROM issue WHERE repository = ? ORDER BY number DESC';
  return database.all(issueRow, sql, name);
}

/** A repository's pull requests, newest first. */
export function pullRequestsOf({ database }: ForgeStore, name: string) {
  const sql =
    'SELECT number, title, state, head_branch FROM pull_request WHERE repository = ? ORDER BY number DESC';
  return database
    .all(pullRow, sql, name)
    .map(({ head_branch: headBranch, ...row }) => ({ ...row, headBranch }));
}
