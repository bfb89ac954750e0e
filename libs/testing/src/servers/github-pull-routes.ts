import { z } from 'zod';
import { userObject } from './github-account-objects';
import { commitObject, fileObject } from './github-commit-objects';
import { react } from './github-issue-routes';
import { page } from './github-page';
import { headOf, isPullRequest, refreshPull } from './github-pull';
import type { GithubPullRequest } from './github-pull';
import {
  fullPullObject,
  mergeBaseOf,
  pullObject,
  reviewCommentObject,
  reviewObject,
} from './github-pull-objects';
import { GithubRefusal, notFound } from './github-refusal';
import { bodyOf, created, noContent, ofRepository, ok, pullOf } from './github-route';
import type { GithubAnswer, GithubRoute, RepositoryCall } from './github-route';
import { isAtLeast } from './github-world';
import type { GithubReview, GithubReviewComment, GithubThread } from './github-world';

const READ = 'pull_requests=read';
const WRITE = 'pull_requests=write';

/** https://docs.github.com/en/rest/pulls */
export const PULL_ROUTES: readonly GithubRoute[] = [
  ofRepository('GET', '/pulls', READ, list),
  ofRepository('POST', '/pulls', WRITE, create),
  ofRepository('GET', '/pulls/comments/{comment_id}', READ, (call) => {
    const { issue, ...found } = reviewCommentOf(call);
    return ok(reviewCommentObject(call.view, call.repository, issue, found));
  }),
  ofRepository('PATCH', '/pulls/comments/{comment_id}', WRITE, updateReviewComment),
  ofRepository('POST', '/pulls/comments/{comment_id}/reactions', WRITE, (call) =>
    react(call, reviewCommentOf(call).comment),
  ),
  ofRepository('GET', '/pulls/{pull_number}', READ, get),
  ofRepository('PATCH', '/pulls/{pull_number}', WRITE, update),
  ofRepository('GET', '/pulls/{pull_number}/commits', READ, commits),
  ofRepository('GET', '/pulls/{pull_number}/files', READ, files),
  ofRepository('GET', '/pulls/{pull_number}/merge', ['contents=read', READ], (call) => {
    if (fresh(call).pull.merged === undefined) throw notFound();
    return noContent;
  }),
  ofRepository('PUT', '/pulls/{pull_number}/merge', 'contents=write', merge, 'write'),
  ofRepository('GET', '/pulls/{pull_number}/requested_reviewers', READ, (call) =>
    ok({ users: [...fresh(call).pull.reviewers].map((login) => userObject(call.view, login)), teams: [] }),
  ),
  ofRepository('POST', '/pulls/{pull_number}/requested_reviewers', WRITE, requestReviewers, 'write'),
  ofRepository('DELETE', '/pulls/{pull_number}/requested_reviewers', WRITE, unrequestReviewers, 'write'),
  ofRepository('GET', '/pulls/{pull_number}/reviews', READ, (call) => {
    const issue = fresh(call);
    return page(call, issue.pull.reviews, (review) =>
      reviewObject(call.view, call.repository, issue, review),
    );
  }),
  ofRepository('POST', '/pulls/{pull_number}/reviews', WRITE, review),
  ofRepository('GET', '/pulls/{pull_number}/reviews/{review_id}', READ, (call) => {
    const issue = fresh(call);
    return ok(reviewObject(call.view, call.repository, issue, reviewIn(call, issue)));
  }),
  ofRepository('GET', '/pulls/{pull_number}/comments', READ, (call) => {
    const issue = fresh(call);
    const found = issue.pull.threads.flatMap((thread) =>
      thread.comments.map((comment) => ({ thread, comment })),
    );
    return page(
      call,
      found.toSorted((a, b) => a.comment.id - b.comment.id),
      (one) => reviewCommentObject(call.view, call.repository, issue, one),
    );
  }),
  ofRepository('POST', '/pulls/{pull_number}/comments/{comment_id}/replies', WRITE, reply),
];

/** As its branches are now. */
function fresh(call: RepositoryCall): GithubPullRequest {
  const issue = pullOf(call);
  refreshPull(call.world, call.repository, issue);
  return issue;
}

/** `head` is `owner:branch`; https://docs.github.com/en/rest/pulls/pulls#list-pull-requests */
function list(call: RepositoryCall): GithubAnswer {
  const { world, repository, url } = call;
  const state = url.searchParams.get('state') ?? 'open';
  const base = url.searchParams.get('base');
  const head = url.searchParams.get('head');
  const isFrom = headFilter(call, head);
  const found = [...repository.issues.values()].filter(isPullRequest).filter(({ state: is, pull }) => {
    if (state !== 'all' && is !== state) return false;
    return (base === null || pull.baseBranch === base) && isFrom(pull.headRepository, pull.headBranch);
  });
  for (const issue of found) refreshPull(world, repository, issue);
  const isOldestFirst = url.searchParams.get('direction') === 'asc';
  return page(call, isOldestFirst ? found : found.toReversed(), (issue) =>
    pullObject(call.view, repository, issue),
  );
}

/** A head without an owner filters nothing: a trap of GitHub's own. */
function headFilter(
  { world }: RepositoryCall,
  head: string | null,
): (repository: number, branch: string) => boolean {
  if (head === null || !head.includes(':')) return () => true;
  const colon = head.indexOf(':');
  return (id, branch) =>
    world.repositories.get(id)?.owner.toLowerCase() === head.slice(0, colon).toLowerCase() &&
    branch === head.slice(colon + 1);
}

const newPull = z.object({
  title: z.string(),
  body: z.string().nullish(),
  head: z.string(),
  head_repo: z.string().optional(),
  base: z.string(),
  draft: z.boolean().optional(),
  maintainer_can_modify: z.boolean().optional(),
});

/** Takes the right to write to the head: https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request */
function create(call: RepositoryCall): GithubAnswer {
  const { world, repository, by, grant } = call;
  const { head_repo: headRepo, maintainer_can_modify: maintainerCanModify, ...given } = bodyOf(call, newPull);
  if (repository.isArchived) throw new GithubRefusal(403, 'Repository was archived so is read-only.');
  const head = headOf(world, repository, given.head, headRepo);
  if (
    head !== undefined &&
    grant?.kind !== 'installation' &&
    !isAtLeast(world.roleOf(by, head.repository), 'write')
  ) {
    throw new GithubRefusal(403, 'Must have push access to the head repository.');
  }
  const issue = call.activity.pulls.open(repository, by, { ...given, headRepo, maintainerCanModify });
  return created(fullPullObject(call.view, repository, issue) as { url?: unknown });
}

function get(call: RepositoryCall): GithubAnswer {
  const issue = fresh(call);
  if (call.accept.includes('.diff')) {
    return ok(call.repository.git.diffText(mergeBaseOf(call.repository, issue), issue.pull.headSha));
  }
  return ok(fullPullObject(call.view, call.repository, issue));
}

const changedPull = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  base: z.string().optional(),
});

function update(call: RepositoryCall): GithubAnswer {
  const { world, repository, by, grant, activity } = call;
  const issue = fresh(call);
  const mayChange =
    by === issue.user || grant?.kind === 'installation' || isAtLeast(world.roleOf(by, repository), 'write');
  if (!mayChange) throw new GithubRefusal(403, 'Must have push access to repository');
  const { base, ...change } = bodyOf(call, changedPull);
  if (change.state === 'open' && issue.pull.merged !== undefined) {
    throw new GithubRefusal(422, 'Validation Failed', {
      errors: [
        {
          resource: 'PullRequest',
          code: 'invalid',
          field: 'state',
          message: 'state cannot be changed. The pull request cannot be reopened.',
        },
      ],
    });
  }
  if (base !== undefined && base !== issue.pull.baseBranch)
    activity.pulls.setBase(repository, issue, by, base);
  activity.issues.change(repository, issue, by, change);
  return ok(fullPullObject(call.view, repository, issue));
}

function commits(call: RepositoryCall): GithubAnswer {
  const { repository, view } = call;
  const { pull } = fresh(call);
  const shas = repository.git.log(`${pull.baseSha}..${pull.headSha}`).toReversed();
  return page(call, shas, (sha) => commitObject(view, repository, sha));
}

function files(call: RepositoryCall): GithubAnswer {
  const { repository, view } = call;
  const issue = fresh(call);
  const changed = repository.git.diff(mergeBaseOf(repository, issue), issue.pull.headSha);
  return page(call, changed, (file) => fileObject(view, repository, file, issue.pull.headSha));
}

const mergeBody = z.object({
  merge_method: z.enum(['merge', 'squash', 'rebase']).optional(),
  sha: z.string().optional(),
  commit_title: z.string().optional(),
  commit_message: z.string().optional(),
});

function merge(call: RepositoryCall): GithubAnswer {
  const { merge_method: method, sha, commit_title: title, commit_message: message } = bodyOf(call, mergeBody);
  const made = call.activity.pulls.merge(call.repository, fresh(call), call.by, {
    method,
    sha,
    title,
    message,
  });
  return ok({ sha: made, merged: true, message: 'Pull Request successfully merged' });
}

const reviewersBody = z.object({ reviewers: z.array(z.string()).default([]) });

function requestReviewers(call: RepositoryCall): GithubAnswer {
  const issue = fresh(call);
  call.activity.pulls.requestReviewers(
    call.repository,
    issue,
    call.by,
    bodyOf(call, reviewersBody).reviewers,
  );
  return created(pullObject(call.view, call.repository, issue));
}

function unrequestReviewers(call: RepositoryCall): GithubAnswer {
  const issue = fresh(call);
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
  const issue = fresh(call);
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
