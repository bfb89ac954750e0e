import { userObject } from './github-account-objects';
import { sum } from './github-commit-objects';
import { associationOf, issueUrl, labelObjects } from './github-issue-objects';
import { reactionsObject } from './github-issue-objects';
import { isOutdated, mergeabilityOf } from './github-pull';
import type { GithubPullRequest } from './github-pull';
import { repositoryObject } from './github-repository-objects';
import { apiUrlOf, nodeId, time, timeOrNull } from './github-view';
import type { GithubView } from './github-view';
import type { GithubRepository, GithubReview, GithubReviewComment, GithubThread } from './github-entities';

/** https://docs.github.com/en/rest/pulls/pulls#list-pull-requests */
export function pullObject(
  view: GithubView,
  base: GithubRepository,
  issue: GithubPullRequest,
): Record<string, unknown> {
  const { number, pull } = issue;
  const api = apiUrlOf(view, base);
  const url = `${api}/pulls/${number}`;
  const html = issueUrl(view, base, issue);
  const head = view.world.repositories.get(pull.headRepository);
  const assignees = [...issue.assignees].map((login) => userObject(view, login));
  const links = {
    self: url,
    html,
    issue: `${api}/issues/${number}`,
    comments: `${api}/issues/${number}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${api}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses: `${api}/statuses/${pull.headSha}`,
  };
  return {
    url,
    id: issue.id,
    node_id: nodeId('PR', base.id, number),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: links.issue,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    number,
    state: issue.state,
    locked: issue.isLocked,
    active_lock_reason: null,
    title: issue.title,
    body: issue.body,
    user: userObject(view, issue.user),
    labels: labelObjects(view, base, issue),
    milestone: null,
    created_at: time(issue.createdAtMs),
    updated_at: time(issue.updatedAtMs),
    closed_at: timeOrNull(issue.closedAtMs),
    merged_at: timeOrNull(pull.merged?.atMs),
    merge_commit_sha: pull.merged?.sha ?? null,
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: [...pull.reviewers].map((login) => userObject(view, login)),
    requested_teams: [],
    head: sideObject(view, head, pull.headBranch, pull.headSha),
    base: sideObject(view, base, pull.baseBranch, pull.baseSha),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    author_association: associationOf(view, base, issue.user),
    auto_merge: null,
    draft: pull.isDraft,
  };
}

/** https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request */
export function fullPullObject(view: GithubView, base: GithubRepository, issue: GithubPullRequest): object {
  return {
    ...countedPullObject(view, base, issue),
    ...mergeabilityOf(view.world, base, issue),
    rebaseable: false,
  };
}

/** What an event says of it, which is told before GitHub knows whether it can be merged. */
export function toldPullObject(view: GithubView, base: GithubRepository, issue: GithubPullRequest): object {
  return {
    ...countedPullObject(view, base, issue),
    mergeable: null,
    mergeable_state: 'unknown',
    rebaseable: null,
  };
}

function countedPullObject(view: GithubView, base: GithubRepository, issue: GithubPullRequest): object {
  const { pull } = issue;
  const files = base.git.diff(mergeBaseOf(base, issue), pull.headSha);
  return {
    ...pullObject(view, base, issue),
    merged: pull.merged !== undefined,
    merged_by: pull.merged === undefined ? null : userObject(view, pull.merged.by),
    comments: issue.comments.length,
    review_comments: pull.threads.flatMap(({ comments }) => comments).length,
    maintainer_can_modify: pull.maintainerCanModify,
    commits: base.git.log(`${pull.baseSha}..${pull.headSha}`).length,
    additions: sum(files, 'additions'),
    deletions: sum(files, 'deletions'),
    changed_files: files.length,
  };
}

/** What a pull request's files are compared with. */
export function mergeBaseOf(base: GithubRepository, { pull }: GithubPullRequest): string {
  return base.git.mergeBase(pull.baseSha, pull.headSha) ?? pull.baseSha;
}

function sideObject(
  view: GithubView,
  repository: GithubRepository | undefined,
  ref: string,
  sha: string,
): object {
  return {
    label: repository === undefined ? `unknown:${ref}` : `${repository.owner}:${ref}`,
    ref,
    sha,
    user: repository === undefined ? null : userObject(view, repository.owner),
    repo: repository === undefined ? null : repositoryObject(view, repository),
  };
}

/** https://docs.github.com/en/rest/pulls/reviews#get-a-review-for-a-pull-request */
export function reviewObject(
  view: GithubView,
  base: GithubRepository,
  issue: GithubPullRequest,
  review: GithubReview,
): object {
  const { id, user, body, state, commit, submittedAtMs } = review;
  const html = `${issueUrl(view, base, issue)}#pullrequestreview-${id}`;
  const pull = `${apiUrlOf(view, base)}/pulls/${issue.number}`;
  return {
    id,
    node_id: nodeId('PRR', id),
    user: userObject(view, user),
    body,
    state,
    html_url: html,
    pull_request_url: pull,
    author_association: associationOf(view, base, user),
    _links: { html: { href: html }, pull_request: { href: pull } },
    submitted_at: time(submittedAtMs),
    commit_id: commit,
  };
}

/** https://docs.github.com/en/rest/pulls/comments#get-a-review-comment-for-a-pull-request; its line is null once it is outdated. */
export function reviewCommentObject(
  view: GithubView,
  base: GithubRepository,
  issue: GithubPullRequest,
  { thread, comment }: { readonly thread: GithubThread; readonly comment: GithubReviewComment },
): object {
  const { id, path, line, startLine, side, hunk, inReplyTo, user } = comment;
  const api = apiUrlOf(view, base);
  const url = `${api}/pulls/comments/${id}`;
  const html = `${issueUrl(view, base, issue)}#discussion_r${id}`;
  const pull = `${api}/pulls/${issue.number}`;
  const isGone = isOutdated(base, issue, thread);
  return {
    url,
    pull_request_review_id: comment.review,
    id,
    node_id: nodeId('PRRC', id),
    diff_hunk: hunk,
    path,
    commit_id: issue.pull.headSha,
    original_commit_id: comment.commit,
    user: userObject(view, user),
    body: comment.body,
    created_at: time(comment.createdAtMs),
    updated_at: time(comment.updatedAtMs),
    html_url: html,
    pull_request_url: pull,
    author_association: associationOf(view, base, user),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pull } },
    reactions: reactionsObject(`${url}/reactions`, comment.reactions),
    start_line: isGone ? null : (startLine ?? null),
    original_start_line: startLine ?? null,
    start_side: startLine === undefined ? null : side,
    line: isGone ? null : line,
    original_line: line,
    side,
    position: isGone ? null : 1,
    original_position: 1,
    subject_type: 'line',
    ...(inReplyTo !== undefined && { in_reply_to_id: inReplyTo }),
  };
}
