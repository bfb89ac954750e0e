import type { Comment } from '@swe/domain';
import { z } from 'zod';
import { withoutMarker } from '../effect-marker';
import { githubAuthor, githubId, githubTime } from '../github-id';

/** https://docs.github.com/rest/issues/comments#get-an-issue-comment; comments of reviews have the same. */
const comment = z.object({
  id: githubId,
  user: githubAuthor,
  body: z.string().nullish(),
  created_at: githubTime,
});

export function toComment(data: unknown): Comment {
  const { id, user: author, body, created_at: createdAtMs } = comment.parse(data);
  return { id, author, body: withoutMarker(body ?? ''), createdAtMs };
}
