import { Fault } from '@swe/domain';
import type { PullRequestRef, ReviewThread } from '@swe/domain';
import { z } from 'zod';
import type { GithubClient, RepoApi } from '../github-client';
import { COMMENT_FIELDS, commentsPage, THREAD_FIELDS, threadsPage, toReviewThread } from './to-review-thread';
import type { ThreadComment, ThreadPage } from './to-review-thread';

/** A thread with its comments as GitHub has them, markers included. */
export interface ReadThread {
  readonly thread: ReviewThread;
  readonly raw: readonly ThreadComment[];
}

const THREADS = `query ($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) { reviewThreads(first: 100, after: $after) { ${THREAD_FIELDS} } }
  }
}`;
const threadsAnswer = z.object({
  repository: z.object({ pullRequest: z.object({ reviewThreads: threadsPage }).nullable() }).nullable(),
});

const COMMENTS = `query ($id: ID!, $after: String) {
  node(id: $id) { ... on PullRequestReviewThread { comments(first: 100, after: $after) { ${COMMENT_FIELDS} } } }
}`;
const commentsAnswer = z.object({ node: z.object({ comments: commentsPage }) });

/** All threads of a pull request with all their comments. Only GraphQL knows which of them are resolved. */
export async function readThreads(client: GithubClient, ref: PullRequestRef): Promise<readonly ReadThread[]> {
  const api = client.at(ref.repository);
  const read: ReadThread[] = [];
  let after: string | null = null;
  do {
    const page: z.infer<typeof threadsPage> = await threadsAfter(client, api, ref, after);
    for (const each of page.nodes) {
      const raw = await allComments(client, api, each);
      const thread = toReviewThread(each, raw);
      if (thread !== undefined) read.push({ thread, raw });
    }
    after = nextOf(page.pageInfo);
  } while (after !== null);
  return read;
}

async function threadsAfter(
  client: GithubClient,
  api: RepoApi,
  { repository, number }: PullRequestRef,
  after: string | null,
): Promise<z.infer<typeof threadsPage>> {
  const answer = await client.graphql(api, THREADS, { ...api.name, number, after });
  const pullRequest = threadsAnswer.parse(answer).repository?.pullRequest;
  if (pullRequest == null) throw new Fault('missing', `there is no ${repository}/pull/${number}`);
  return pullRequest.reviewThreads;
}

async function allComments(
  client: GithubClient,
  api: RepoApi,
  { id, comments }: ThreadPage,
): Promise<readonly ThreadComment[]> {
  const all = [...comments.nodes];
  let after = nextOf(comments.pageInfo);
  while (after !== null) {
    const page = commentsAnswer.parse(await client.graphql(api, COMMENTS, { id, after })).node.comments;
    all.push(...page.nodes);
    after = nextOf(page.pageInfo);
  }
  return all;
}

function nextOf({ hasNextPage, endCursor }: z.infer<typeof threadsPage>['pageInfo']): string | null {
  return hasNextPage ? (endCursor ?? null) : null;
}
