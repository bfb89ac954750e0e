import type { ReviewThread } from '@swe/domain';
import { z } from 'zod';
import { withoutMarker } from '../effect-marker';
import { githubId, githubTime } from '../github-id';

const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() });

/** https://docs.github.com/graphql/reference/objects#pullrequestreviewcomment */
const comment = z.object({
  fullDatabaseId: githubId,
  author: z.object({ __typename: z.string(), login: z.string() }).nullish(),
  body: z.string(),
  createdAt: githubTime,
  state: z.string(),
});
export type ThreadComment = z.infer<typeof comment>;

export const commentsPage = z.object({ pageInfo, nodes: z.array(comment) });

/** https://docs.github.com/graphql/reference/objects#pullrequestreviewthread */
const thread = z.object({
  id: z.string(),
  path: z.string(),
  line: z.int().nullish(),
  isResolved: z.boolean(),
  comments: commentsPage,
});
export type ThreadPage = z.infer<typeof thread>;

export const threadsPage = z.object({ pageInfo, nodes: z.array(thread) });

/** What `threadsPage` reads. */
export const COMMENT_FIELDS =
  'pageInfo { hasNextPage endCursor } nodes { fullDatabaseId author { __typename login } body createdAt state }';
export const THREAD_FIELDS = `pageInfo { hasNextPage endCursor } nodes { id path line isResolved comments(first: 100) { ${COMMENT_FIELDS} } }`;

/** REST names an App's user so. */
export function loginOf({ author }: ThreadComment): string {
  if (author == null) return 'ghost';
  const isBare = author.__typename === 'Bot' && !author.login.endsWith('[bot]');
  return isBare ? `${author.login}[bot]` : author.login;
}

/** Undefined for one of which nothing is submitted yet. */
export function toReviewThread(
  { id, path, line, isResolved }: ThreadPage,
  comments: readonly ThreadComment[],
): ReviewThread | undefined {
  const submitted = comments.filter(({ state }) => state !== 'PENDING');
  if (submitted.length === 0) return undefined;
  return {
    id,
    path,
    ...(line != null && { line }),
    isResolved,
    comments: submitted.map((each) => ({
      id: each.fullDatabaseId,
      author: loginOf(each),
      body: withoutMarker(each.body),
      createdAtMs: each.createdAt,
    })),
  };
}
