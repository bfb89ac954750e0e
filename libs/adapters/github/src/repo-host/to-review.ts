import type { Review } from '@swe/domain';
import { z } from 'zod';
import { withoutMarker } from '../effect-marker';
import { githubAuthor, githubId, githubTime } from '../github-id';

const STATES = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes-requested',
  COMMENTED: 'commented',
  DISMISSED: 'dismissed',
} as const satisfies Record<string, Review['state']>;

/** https://docs.github.com/rest/pulls/reviews#list-reviews-for-a-pull-request */
const review = z.object({
  id: githubId,
  user: githubAuthor,
  state: z.enum(['APPROVED', 'CHANGES_REQUESTED', 'COMMENTED', 'DISMISSED']),
  body: z.string().nullish(),
  commit_id: z.string().nullish(),
  submitted_at: githubTime,
});

/** Undefined for one that its author, which may be the agent, has not submitted. */
export function toReview(data: unknown): Review | undefined {
  if (z.object({ state: z.literal('PENDING') }).safeParse(data).success) return undefined;
  const { id, user: author, state, body, commit_id, submitted_at: submittedAtMs } = review.parse(data);
  return {
    id,
    author,
    state: STATES[state],
    body: withoutMarker(body ?? ''),
    ...(commit_id != null && { headSha: commit_id }),
    submittedAtMs,
  };
}
