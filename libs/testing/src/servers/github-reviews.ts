import type { GithubEmit } from './github-event';
import type { GithubPullRequest } from './github-pull';
import { refreshPull } from './github-pull';
import { mergeBaseOf, pullObject, reviewCommentObject, reviewObject } from './github-pull-objects';
import { unprocessable } from './github-refusal';
import { hunkAt } from './hunk-at';
import { nodeId } from './github-view';
import type { GithubView } from './github-view';
import type { GithubRepository, GithubReview, GithubReviewComment, GithubThread } from './github-entities';

export interface GithubNewReviewComment {
  readonly path: string;
  readonly line: number;
  readonly startLine?: number | undefined;
  readonly side?: 'LEFT' | 'RIGHT' | undefined;
  readonly body: string;
}

export interface GithubNewReview {
  readonly event: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT';
  readonly body?: string | undefined;
  readonly comments?: readonly GithubNewReviewComment[] | undefined;
}

const STATES = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const;

/** What happens in the reviews of pull requests. */
export class GithubReviews {
  readonly #view: GithubView;
  readonly #emit: GithubEmit;

  constructor(view: GithubView, emit: GithubEmit) {
    this.#view = view;
    this.#emit = emit;
  }

  /** Refused as https://docs.github.com/en/rest/pulls/reviews#create-a-review-for-a-pull-request is. */
  submit(base: GithubRepository, issue: GithubPullRequest, by: string, given: GithubNewReview): GithubReview {
    const { event, body = '', comments = [] } = given;
    refreshPull(this.#view.world, base, issue);
    if (by === issue.user && event === 'APPROVE') {
      throw unprocessable('Review Can not approve your own pull request');
    }
    if (by === issue.user && event === 'REQUEST_CHANGES') {
      throw unprocessable('Review Can not request changes on your own pull request');
    }
    const placed = comments.map((comment) => ({ comment, hunk: this.#hunkFor(base, issue, comment) }));
    const review = this.#add(issue, by, STATES[event], body);
    const threads = placed.map(({ comment, hunk }) => {
      const thread: GithubThread = { id: this.#view.world.nextId(), comments: [], resolvedBy: undefined };
      thread.comments.push(this.#comment(issue, by, review, { ...comment, hunk }));
      issue.pull.threads.push(thread);
      return thread;
    });
    issue.pull.reviewers.delete(by);
    this.#tellReview(base, issue, by, 'submitted', review);
    for (const thread of threads) this.#tellComment(base, issue, by, thread, thread.comments[0]);
    return review;
  }

  /** An answer is a review of its own, without words. */
  reply(
    base: GithubRepository,
    issue: GithubPullRequest,
    by: string,
    thread: GithubThread,
    body: string,
  ): GithubReviewComment {
    const first = thread.comments[0];
    if (first === undefined) throw new Error('a thread begins with a comment');
    const review = this.#add(issue, by, 'COMMENTED', '');
    const { path, line, startLine, side, hunk } = first;
    const comment = this.#comment(issue, by, review, {
      path,
      line,
      startLine,
      side,
      hunk,
      body,
      inReplyTo: first.id,
    });
    thread.comments.push(comment);
    this.#tellReview(base, issue, by, 'submitted', review);
    this.#tellComment(base, issue, by, thread, comment);
    return comment;
  }

  editComment(
    base: GithubRepository,
    issue: GithubPullRequest,
    by: string,
    thread: GithubThread,
    comment: GithubReviewComment,
    body: string,
  ): void {
    Object.assign(comment, { body, editor: by, updatedAtMs: this.#view.world.nowMs() });
    this.#tellComment(base, issue, by, thread, comment, 'edited');
  }

  resolve(
    base: GithubRepository,
    issue: GithubPullRequest,
    by: string,
    thread: GithubThread,
    isResolved = true,
  ): void {
    if ((thread.resolvedBy !== undefined) === isResolved) return;
    thread.resolvedBy = isResolved ? by : undefined;
    const comments = thread.comments.map((comment) =>
      reviewCommentObject(this.#view, base, issue, { thread, comment }),
    );
    this.#tell(base, issue, by, 'pull_request_review_thread', isResolved ? 'resolved' : 'unresolved', {
      thread: { node_id: nodeId('PRRT', thread.id), comments },
    });
  }

  dismiss(base: GithubRepository, issue: GithubPullRequest, by: string, review: GithubReview): void {
    review.state = 'DISMISSED';
    this.#tellReview(base, issue, by, 'dismissed', review);
  }

  #add(issue: GithubPullRequest, user: string, state: GithubReview['state'], body: string): GithubReview {
    const { world } = this.#view;
    const review = {
      id: world.nextId(),
      user,
      body,
      state,
      commit: issue.pull.headSha,
      submittedAtMs: world.nowMs(),
    };
    issue.pull.reviews.push(review);
    issue.updatedAtMs = world.nowMs();
    return review;
  }

  #comment(
    { pull }: GithubPullRequest,
    user: string,
    review: GithubReview,
    given: GithubNewReviewComment & { readonly hunk: string; readonly inReplyTo?: number },
  ): GithubReviewComment {
    const { world } = this.#view;
    const { path, line, startLine, side = 'RIGHT', hunk, body, inReplyTo } = given;
    return {
      id: world.nextId(),
      user,
      body,
      reactions: [],
      createdAtMs: world.nowMs(),
      updatedAtMs: world.nowMs(),
      review: review.id,
      path,
      line,
      ...(startLine !== undefined && { startLine }),
      side,
      commit: pull.headSha,
      hunk,
      ...(inReplyTo !== undefined && { inReplyTo }),
    };
  }

  #hunkFor(
    base: GithubRepository,
    issue: GithubPullRequest,
    { path, line, side = 'RIGHT' }: GithubNewReviewComment,
  ): string {
    const file = base.git.diff(mergeBaseOf(base, issue), issue.pull.headSha).find((one) => one.path === path);
    if (file === undefined) throw unprocessable('Path could not be resolved');
    const hunk = hunkAt(file.patch ?? '', line, side);
    if (hunk === undefined) throw unprocessable('Line could not be resolved');
    return hunk;
  }

  #tellReview(
    base: GithubRepository,
    issue: GithubPullRequest,
    by: string,
    action: string,
    review: GithubReview,
  ): void {
    const object = {
      ...reviewObject(this.#view, base, issue, review),
      // Only here its state is in lower case, and no words are none.
      state: review.state.toLowerCase(),
      body: review.body === '' ? null : review.body,
    };
    this.#tell(base, issue, by, 'pull_request_review', action, { review: object });
  }

  #tellComment(
    base: GithubRepository,
    issue: GithubPullRequest,
    by: string,
    thread: GithubThread,
    comment: GithubReviewComment | undefined,
    action = 'created',
  ): void {
    if (comment === undefined) return;
    const object = reviewCommentObject(this.#view, base, issue, { thread, comment });
    this.#tell(base, issue, by, 'pull_request_review_comment', action, { comment: object });
  }

  #tell(
    base: GithubRepository,
    issue: GithubPullRequest,
    sender: string,
    name: string,
    action: string,
    more: Readonly<Record<string, unknown>>,
  ): void {
    const payload = { action, ...more, pull_request: pullObject(this.#view, base, issue) };
    this.#emit({ name, repository: base, sender, payload });
  }
}
