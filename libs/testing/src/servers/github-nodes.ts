import { connection } from './github-connection';
import type { ConnectionArgs } from './github-connection';
import { issueUrl } from './github-issue-objects';
import { isOutdated, isPullRequest, mergeabilityOf, refreshPull } from './github-pull';
import type { GithubPullRequest } from './github-pull';
import type { GithubCall } from './github-route';
import { htmlUrlOf, nodeId, time } from './github-view';
import { fullNameOf } from './github-entities';
import type {
  GithubComment,
  GithubRepository,
  GithubReview,
  GithubReviewComment,
  GithubThread,
} from './github-entities';

/** A thread with where it is. */
export interface ThreadPlace {
  readonly base: GithubRepository;
  readonly issue: GithubPullRequest;
  readonly thread: GithubThread;
}

/** Objects of GraphQL, whose fields are looked up when they are asked for: https://docs.github.com/en/graphql/reference/objects */
export function repositoryNode(call: GithubCall, repository: GithubRepository): object {
  return {
    __typename: 'Repository',
    id: nodeId('R', repository.id),
    name: repository.name,
    nameWithOwner: fullNameOf(repository),
    isArchived: repository.isArchived,
    isPrivate: repository.isPrivate,
    url: htmlUrlOf(call.view, repository),
    pullRequest: ({ number }: { number: number }) => {
      const issue = repository.issues.get(number);
      return issue === undefined || !isPullRequest(issue) ? null : pullNode(call, repository, issue);
    },
  };
}

export function actorNode({ world, view }: GithubCall, login: string): object | null {
  const user = world.users.get(login.toLowerCase());
  if (user === undefined) return null;
  const { id, type, name } = user;
  // Of a bot it says the name without `[bot]`, unlike REST.
  const shown = user.login.replace('[bot]', '');
  return {
    __typename: type,
    id: nodeId('U', id),
    databaseId: null,
    login: shown,
    name,
    url: `${view.htmlUrl}/${type === 'Bot' ? 'apps/' : ''}${shown}`,
  };
}

export function pullNode(call: GithubCall, base: GithubRepository, issue: GithubPullRequest): object {
  const { world, view } = call;
  refreshPull(world, base, issue);
  const { pull } = issue;
  return {
    __typename: 'PullRequest',
    id: nodeId('PR', base.id, issue.number),
    author: () => actorNode(call, issue.user),
    baseRefName: pull.baseBranch,
    baseRefOid: pull.baseSha,
    body: issue.body ?? '',
    createdAt: time(issue.createdAtMs),
    headRefName: pull.headBranch,
    headRefOid: pull.headSha,
    isCrossRepository: pull.headRepository !== base.id,
    isDraft: pull.isDraft,
    mergeable: () => {
      const { mergeable } = mergeabilityOf(world, base, issue);
      return mergeable === null ? 'UNKNOWN' : mergeable ? 'MERGEABLE' : 'CONFLICTING';
    },
    merged: pull.merged !== undefined,
    number: issue.number,
    repository: () => repositoryNode(call, base),
    reviewThreads: (args: ConnectionArgs) =>
      connection('reviewThreads', pull.threads, args, (thread) => threadNode(call, { base, issue, thread })),
    state: pull.merged === undefined ? issue.state.toUpperCase() : 'MERGED',
    title: issue.title,
    updatedAt: time(issue.updatedAtMs),
    url: issueUrl(view, base, issue),
  };
}

export function threadNode(call: GithubCall, place: ThreadPlace): object {
  const { base, issue, thread } = place;
  const first = thread.comments[0];
  const isGone = isOutdated(base, issue, thread);
  const isResolved = thread.resolvedBy !== undefined;
  return {
    __typename: 'PullRequestReviewThread',
    id: nodeId('PRRT', thread.id),
    comments: (args: ConnectionArgs) =>
      connection('comments', thread.comments, args, (comment) => reviewCommentNode(call, place, comment)),
    diffSide: first?.side ?? 'RIGHT',
    isCollapsed: isResolved || isGone,
    isOutdated: isGone,
    isResolved,
    line: isGone ? null : first?.line,
    originalLine: first?.line,
    originalStartLine: first?.startLine,
    path: first?.path,
    pullRequest: () => pullNode(call, base, issue),
    repository: () => repositoryNode(call, base),
    resolvedBy: () => (thread.resolvedBy === undefined ? null : userNode(call, thread.resolvedBy)),
    startLine: isGone ? null : first?.startLine,
    viewerCanReply: true,
    viewerCanResolve: !isResolved,
  };
}

/** Only people are users there, so what a bot has resolved was resolved by nobody. */
function userNode(call: GithubCall, login: string): object | null {
  return call.world.user(login).type === 'User' ? actorNode(call, login) : null;
}

export function reviewCommentNode(
  call: GithubCall,
  place: ThreadPlace,
  comment: GithubReviewComment,
): object {
  const { base, issue, thread } = place;
  const review = issue.pull.reviews.find(({ id }) => id === comment.review);
  const parent = thread.comments.find(({ id }) => id === comment.inReplyTo);
  return {
    __typename: 'PullRequestReviewComment',
    id: nodeId('PRRC', comment.id),
    author: () => actorNode(call, comment.user),
    body: comment.body,
    createdAt: time(comment.createdAtMs),
    diffHunk: comment.hunk,
    fullDatabaseId: String(comment.id),
    ...editOf(call, comment),
    outdated: isOutdated(base, issue, thread),
    path: comment.path,
    pullRequest: () => pullNode(call, base, issue),
    pullRequestReview: () => (review === undefined ? null : reviewNode(call, review)),
    replyTo: () => (parent === undefined ? null : reviewCommentNode(call, place, parent)),
    // Nobody here leaves a review unsubmitted.
    state: 'SUBMITTED',
    updatedAt: time(comment.updatedAtMs),
    url: `${issueUrl(call.view, base, issue)}#discussion_r${comment.id}`,
  };
}

export function issueCommentNode(call: GithubCall, comment: GithubComment): object {
  return {
    __typename: 'IssueComment',
    id: nodeId('IC', comment.id),
    author: () => actorNode(call, comment.user),
    body: comment.body,
    createdAt: time(comment.createdAtMs),
    fullDatabaseId: String(comment.id),
    ...editOf(call, comment),
    updatedAt: time(comment.updatedAtMs),
  };
}

function editOf(call: GithubCall, { editor, updatedAtMs }: GithubComment): object {
  if (editor === undefined) return { editor: null, lastEditedAt: null };
  return { editor: () => actorNode(call, editor), lastEditedAt: time(updatedAtMs) };
}

function reviewNode(call: GithubCall, { id, user, body, state, submittedAtMs }: GithubReview): object {
  return {
    __typename: 'PullRequestReview',
    id: nodeId('PRR', id),
    author: () => actorNode(call, user),
    body,
    fullDatabaseId: String(id),
    state,
    submittedAt: time(submittedAtMs),
  };
}
