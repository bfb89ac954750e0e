/**
 * Events that are read, of an App's webhook and of a repository's own alike; a spec compares them with what `requests`
 * makes something of. Those of an App are there with the permissions of `APP_PERMISSIONS`.
 */
export const APP_EVENTS = [
  'check_suite',
  'issue_comment',
  'issues',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'status',
] as const;
