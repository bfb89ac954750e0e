import { z } from 'zod';
import { userObject } from './github-account-objects';
import { react, reactions, unreact } from './github-issue-routes';
import { page } from './github-page';
import { isPullRequest } from './github-pull';
import type { GithubPullRequest } from './github-pull';
import { pullObject, reviewCommentObject, reviewObject } from './github-pull-objects';
import { notFound } from './github-refusal';
import { bodyOf, created, ofRepository, ok, pullOf } from './github-route';
import type { GithubAnswer, GithubRoute, RepositoryCall } from './github-route';
import type { GithubReview, GithubReviewComment, GithubThread } from './github-entities';

const READ = 'pull_requests=read';
const WRITE = 'pull_requests=write';

/** https://docs.github.com/en/rest/pulls/reviews, https://docs.github.com/en/rest/pulls/comments and https://docs.github.com/en/rest/pulls/review-requests */
export const REVIEW_ROUTES: readonly GithubRoute[] = [
  ofRepository('GET', '/pulls/comments/{comment_id}', READ, (call) => {
    const { issue, ...found } = reviewCommentOf(call);
    return ok(reviewCommentObject(call.view, call.repository, issue, found));
  }),
  ofRepository('PATCH', '/pulls/comments/{comment_id}', WRITE, updateReviewComment),
  ofRepository('GET', '/pulls/comments/{comment_id}/reactions', READ, (call) =>
    reactions(call, reviewCommentOf(call).comment),
  ),
  ofRepository('POST', '/pulls/comments/{comment_id}/reactions', WRITE, (call) =>
    react(call, reviewCommentOf(call).comment),
  ),
  ofRepository('DELETE', '/pulls/comments/{comment_id}/reactions/{reaction_id}', WRITE, (call) =>
    unreact(call, reviewCommentOf(call).comment),
  ),
  ofRepository('GET', '/pulls/{pull_number}/requested_reviewers', READ, (call) =>
    ok({ users: [...pullOf(call).pull.reviewers].map((login) => userObject(call.view, login)), teams: [] }),
  ),
  ofRepository('POST', '/pulls/{pull_number}/requested_reviewers', WRITE, requestReviewers, 'write'),
  ofRepository('DELETE', '/pulls/{pull_number}/requested_reviewers', WRITE, unrequestReviewers, 'write'),
  ofRepository('GET', '/pulls/{pull_number}/reviews', READ, (call) => {
    const issue = pullOf(call);
    return page(call, issue.pull.reviews, (review) =>
      reviewObject(call.view, call.repository, issue, review),
    );
  }),
  ofRepository('POST', '/pulls/{pull_number}/reviews', WRITE, review),
  ofRepository('GET', '/pulls/{pull_number}/reviews/{review_id}', READ, (call) => {
    const issue = pullOf(call);
    return ok(reviewObject(call.view, call.repository, issue, reviewIn(call, issue)));
  }),
  ofRepository('GET', '/pulls/{pull_number}/comments', READ, (call) => {
    const issue = pullOf(call);
    const since = Date.parse(call.url.searchParams.get('since') ?? '') || 0;
    const found = issue.pull.threads.flatMap((thread) =>
      thread.comments
        .filter(({ updatedAtMs }) => updatedAtMs >= since)
        .map((comment) => ({ thread, comment })),
    );
    return page(
      call,
      found.toSorted((a, b) => a.comment.id - b.comment.id),
      (one) => reviewCommentObject(call.view, call.repository, issue, one),
    );
  }),
  ofRepository('POST', '/pulls/{pull_number}/comments/{comment_id}/replies', WRITE, reply),
];

const reviewersBody = z.object({ reviewers: z.array(z.string()).default([]) });

function requestReviewers(call: RepositoryCall): GithubAnswer {
  const issue = pullOf(call);
  call.activity.pulls.requestReviewers(
    call.repository,
    issue,
    call.by,
    bodyOf(call, reviewersBody).reviewers,
  );
  return created(pullObject(call.view, call.repository, issue));
}

function unrequestReviewers(call: RepositoryCall): GithubAnswer {
  const issue = pullOf(call);
  for (const login of bodyOf(call, reviewersBody).reviewers) {
    call.activity.pulls.unrequestReviewer(call.repository, issue, call.by, login);
  }
  return ok(pullObject(call.view, call.repository, issue));
}

const newReview = z.object({
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']),
  body: z.string().optional(),
  comments: z
    .array(
      z.object({
        path: z.string(),
        line: z.number(),
        start_line: z.number().optional(),
        side: z.enum(['LEFT', 'RIGHT']).optional(),
        body: z.string(),
      }),
    )
    .optional(),
});

function review(call: RepositoryCall): GithubAnswer {
  const { event, body, comments = [] } = bodyOf(call, newReview);
  const issue = pullOf(call);
  const made = call.activity.reviews.submit(call.repository, issue, call.by, {
    event,
    body,
    comments: comments.map(({ start_line: startLine, ...comment }) => ({ ...comment, startLine })),
  });
  return ok(reviewObject(call.view, call.repository, issue, made));
}

function reviewIn({ params }: RepositoryCall, { pull }: GithubPullRequest): GithubReview {
  const found = pull.reviews.find(({ id }) => id === Number(params['review_id']));
  if (found === undefined) throw notFound();
  return found;
}

function reviewCommentOf({ repository, params }: RepositoryCall): {
  readonly issue: GithubPullRequest;
  readonly thread: GithubThread;
  readonly comment: GithubReviewComment;
} {
  for (const issue of repository.issues.values()) {
    if (!isPullRequest(issue)) continue;
    for (const thread of issue.pull.threads) {
      const comment = thread.comments.find(({ id }) => id === Number(params['comment_id']));
      if (comment !== undefined) return { issue, thread, comment };
    }
  }
  throw notFound();
}

function updateReviewComment(call: RepositoryCall): GithubAnswer {
  const { issue, ...found } = reviewCommentOf(call);
  const { body } = bodyOf(call, z.object({ body: z.string() }));
  Object.assign(found.comment, { body, updatedAtMs: call.world.nowMs() });
  return ok(reviewCommentObject(call.view, call.repository, issue, found));
}

/** Only the first comment of a thread can be replied to: https://docs.github.com/en/rest/pulls/comments#create-a-reply-for-a-review-comment */
function reply(call: RepositoryCall): GithubAnswer {
  const { issue, thread, comment } = reviewCommentOf(call);
  if (issue.number !== Number(call.params['pull_number']) || comment.inReplyTo !== undefined)
    throw notFound();
  const { body } = bodyOf(call, z.object({ body: z.string() }));
  const added = call.activity.reviews.reply(call.repository, issue, call.by, thread, body);
  return created(
    reviewCommentObject(call.view, call.repository, issue, { thread, comment: added }) as { url?: unknown },
  );
}
