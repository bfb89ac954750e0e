/**
 * The branch a session works on: `swe/<session>`, with `-issue-<n>` when the task was an issue. Only the issue's
 * number goes in, never its title: branches on public forks show nothing private.
 */
export function sessionBranch(sessionId: string, issueNumber?: number): string {
  return issueNumber === undefined ? `swe/${sessionId}` : `swe/${sessionId}-issue-${issueNumber}`;
}

/** The session that a branch belongs to, if it is one's. */
export function sessionOfBranch(branch: string): string | undefined {
  return /^swe\/(s[a-z2-7]{20})(?:-|$)/.exec(branch)?.[1];
}

/** Whether `branch` belongs to the session: the only branches it may push to. */
export function isSessionBranch(sessionId: string, branch: string): boolean {
  const own = sessionBranch(sessionId);
  return branch === own || branch.startsWith(`${own}-`);
}
