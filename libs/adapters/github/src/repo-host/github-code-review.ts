import { Fault } from '@swe/domain';
import type { CodeReview, PullRequestRef, Review, ReviewComment, ReviewThread } from '@swe/domain';
import type { GithubClient } from '../github-client';
import { markerOf, withMarker } from '../effect-marker';
import { MAX_BODY_LENGTH } from '../github-limits';
import { isMarked } from '../is-marked';
import { readThreads } from './read-threads';
import type { ReadThread } from './read-threads';
import { toComment } from './to-comment';
import { toReview } from './to-review';
import { loginOf } from './to-review-thread';

/** https://docs.github.com/graphql/reference/mutations#resolvereviewthread */
const RESOLVE = `mutation ($threadId: ID!) { resolveReviewThread(input: { threadId: $threadId }) { thread { id } } }`;

/** Reviews on GitHub. A thread's id is that of GraphQL, a comment's that of REST. */
export class GithubCodeReview implements CodeReview {
  readonly #client: GithubClient;

  constructor(client: GithubClient) {
    this.#client = client;
  }

  async reviews({ repository, number }: PullRequestRef): Promise<readonly Review[]> {
    const { octokit, name } = this.#client.at(repository);
    // In the order of time: https://docs.github.com/rest/pulls/reviews#list-reviews-for-a-pull-request
    const reviews = await octokit.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
      ...name,
      pull_number: number,
      per_page: 100,
    });
    return reviews.flatMap((review) => toReview(review) ?? []);
  }

  async threads(ref: PullRequestRef): Promise<readonly ReviewThread[]> {
    return (await readThreads(this.#client, ref)).map(({ thread }) => thread);
  }

  async reply(
    ref: PullRequestRef,
    threadId: string,
    body: string,
    effectKey: string,
  ): Promise<ReviewComment> {
    const marked = withMarker(body, markerOf(effectKey));
    if (marked.length > MAX_BODY_LENGTH) {
      throw new Fault('invalid', `a reply holds ${MAX_BODY_LENGTH} characters, not ${marked.length}`);
    }
    const { thread } = await this.#thread(ref, threadId);
    const { octokit, name } = this.#client.at(ref.repository);
    // By REST, since a mutation would put it into a review that the agent's user has begun and not submitted.
    const { data } = await octokit.request(
      'POST /repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies',
      { ...name, pull_number: ref.number, comment_id: Number(thread.comments[0]?.id), body: marked },
    );
    return toComment(data);
  }

  async findReply(
    ref: PullRequestRef,
    threadId: string,
    effectKey: string,
  ): Promise<ReviewComment | undefined> {
    const { thread, raw } = await this.#thread(ref, threadId);
    const login = await this.#client.identity.login();
    const found = raw.find((comment) =>
      isMarked({ body: comment.body, user: { login: loginOf(comment) } }, effectKey, login),
    );
    return thread.comments.find(({ id }) => id === found?.fullDatabaseId);
  }

  async resolve(ref: PullRequestRef, threadId: string): Promise<void> {
    await this.#thread(ref, threadId);
    // An App's token needs `contents: write` for it: https://github.com/orgs/community/discussions/44650
    const api = this.#client.at(ref.repository, 'change');
    await this.#client.graphql(api, RESOLVE, { threadId });
  }

  async #thread(ref: PullRequestRef, threadId: string): Promise<ReadThread> {
    const found = (await readThreads(this.#client, ref)).find(({ thread }) => thread.id === threadId);
    if (found === undefined) {
      throw new Fault('missing', `${ref.repository}/pull/${ref.number} has no thread ${threadId}`);
    }
    return found;
  }
}
