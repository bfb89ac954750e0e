import type { PullRequest } from '@swe/domain';
import { z } from 'zod';

const side = z.object({
  ref: z.string(),
  sha: z.string(),
  /** Null when the fork is gone. */
  repo: z.object({ full_name: z.string(), html_url: z.url() }).nullish(),
});

/** https://docs.github.com/rest/pulls/pulls#get-a-pull-request; lists have the same, without `merged`. */
const pullRequest = z.object({
  number: z.int(),
  html_url: z.url(),
  state: z.enum(['open', 'closed']),
  title: z.string(),
  body: z.string().nullish(),
  draft: z.boolean().nullish(),
  merged_at: z.string().nullish(),
  head: side,
  base: side,
});

/** `repository` as its caller names it. */
export function toPullRequest(repository: string, data: unknown): PullRequest {
  const { number, html_url: url, state, title, body, draft, merged_at, head, base } = pullRequest.parse(data);
  const fork = head.repo?.full_name === base.repo?.full_name ? undefined : head.repo?.html_url;
  return {
    repository,
    ...(fork !== undefined && { headRepository: fork }),
    headBranch: head.ref,
    baseBranch: base.ref,
    title,
    body: body ?? '',
    ...(draft === true && { isDraft: true as const }),
    number,
    url,
    state: merged_at == null ? state : 'merged',
    headSha: head.sha,
  };
}
