import { z } from 'zod';
import { githubId } from '../github-id';

/** https://docs.github.com/webhooks/webhook-events-and-payloads, as far as it is read. */
const user = z.object({ login: z.string(), type: z.string().optional() });
export type PayloadUser = z.infer<typeof user>;
const person = user.nullish();

const repository = z.object({ name: z.string(), owner: z.object({ login: z.string() }) });

const base = z.object({ action: z.string(), repository, sender: user });
export type PayloadBase = z.infer<typeof base>;
/** What all events have that happen in a repository. */
export type PayloadPlace = Pick<PayloadBase, 'repository'>;

const words = z.object({
  body: z.string().nullish(),
  user: person,
  updated_at: z.string(),
  html_url: z.string(),
  performed_via_github_app: z.unknown().optional(),
  author_association: z.string().optional(),
});
export type PayloadWords = z.infer<typeof words>;

const issue = words.extend({ number: z.int() });
const pullRequest = issue.extend({
  merged: z.boolean().nullish(),
  closed_at: z.string().nullish(),
  head: z.object({ ref: z.string(), sha: z.string() }),
});
/** In events of reviews it comes without its words' times in places, and none are read there. */
const reviewedPullRequest = z.object({
  number: z.int(),
  head: z.object({ ref: z.string(), sha: z.string() }),
});
export type PayloadPullRequest = z.infer<typeof reviewedPullRequest>;

const changes = z.object({ body: z.unknown().optional() }).optional();
const marks = { assignee: person, label: z.object({ name: z.string() }).optional(), changes };

export const issueEvent = base.extend({ issue, ...marks });
export const pullRequestEvent = base.extend({
  pull_request: pullRequest,
  ...marks,
});
export const issueCommentEvent = base.extend({
  issue: z.object({ number: z.int(), html_url: z.string() }),
  comment: words.extend({ id: githubId }),
});
export const reviewCommentEvent = base.extend({
  pull_request: z.object({ number: z.int(), html_url: z.string() }),
  comment: words.extend({ id: githubId, path: z.string(), line: z.int().nullish() }),
});
export const reviewEvent = base.extend({
  pull_request: reviewedPullRequest,
  review: z.object({
    id: githubId,
    user: person,
    body: z.string().nullish(),
    state: z.string(),
    commit_id: z.string().nullish(),
  }),
});
/** https://docs.github.com/webhooks/webhook-events-and-payloads#status; at most ten branches that have the commit. */
export const statusEvent = base.omit({ action: true }).extend({
  id: githubId,
  sha: z.string(),
  state: z.string(),
  branches: z.array(z.object({ name: z.string(), commit: z.object({ sha: z.string() }) })),
});
export const checkSuiteEvent = base.extend({
  check_suite: z.object({
    id: githubId,
    head_sha: z.string(),
    head_branch: z.string().nullish(),
    conclusion: z.string().nullish(),
    updated_at: z.string(),
  }),
});
