import { appOf, userObject } from './github-account-objects';
import { apiUrlOf, htmlUrlOf, nodeId, time, timeOrNull } from './github-view';
import type { GithubView } from './github-view';
import type { GithubComment, GithubIssue, GithubReaction, GithubRepository } from './github-entities';

/** https://docs.github.com/en/rest/issues/issues#get-an-issue */
export function issueObject(view: GithubView, repository: GithubRepository, issue: GithubIssue): object {
  const { id, number, user, title, body, state, stateReason, isLocked, pull } = issue;
  const api = apiUrlOf(view, repository);
  const url = `${api}/issues/${number}`;
  const assignees = [...issue.assignees].map((login) => userObject(view, login));
  return {
    id,
    node_id: nodeId(pull === undefined ? 'I' : 'PR', repository.id, number),
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: issueUrl(view, repository, issue),
    number,
    state,
    state_reason: stateReason,
    title,
    body,
    user: userObject(view, user),
    labels: labelObjects(view, repository, issue),
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    locked: isLocked,
    active_lock_reason: null,
    comments: issue.comments.length,
    ...(pull !== undefined && {
      draft: pull.isDraft,
      pull_request: {
        url: `${api}/pulls/${number}`,
        html_url: issueUrl(view, repository, issue),
        diff_url: `${issueUrl(view, repository, issue)}.diff`,
        patch_url: `${issueUrl(view, repository, issue)}.patch`,
        merged_at: timeOrNull(pull.merged?.atMs),
      },
    }),
    closed_at: timeOrNull(issue.closedAtMs),
    closed_by: issue.closedBy === undefined ? null : userObject(view, issue.closedBy),
    created_at: time(issue.createdAtMs),
    updated_at: time(issue.updatedAtMs),
    author_association: associationOf(view, repository, user),
    reactions: reactionsObject(`${url}/reactions`, issue.reactions),
    performed_via_github_app: appOf(view, user),
  };
}

export function issueUrl(
  view: GithubView,
  repository: GithubRepository,
  { number, pull }: GithubIssue,
): string {
  return `${htmlUrlOf(view, repository)}/${pull === undefined ? 'issues' : 'pull'}/${number}`;
}

export function labelObjects(
  view: GithubView,
  repository: GithubRepository,
  issue: GithubIssue,
): readonly object[] {
  return [...issue.labels].flatMap((name) => {
    const label = repository.labels.get(name.toLowerCase());
    return label === undefined ? [] : labelObject(view, repository, label);
  });
}

/** https://docs.github.com/en/rest/issues/labels */
export function labelObject(
  view: GithubView,
  repository: GithubRepository,
  { id, name, color, description }: { id: number; name: string; color: string; description: string | null },
): object {
  const url = `${apiUrlOf(view, repository)}/labels/${encodeURIComponent(name)}`;
  return { id, node_id: nodeId('LA', id), url, name, color, default: false, description };
}

/** https://docs.github.com/en/rest/issues/comments#get-an-issue-comment */
export function commentObject(
  view: GithubView,
  repository: GithubRepository,
  issue: GithubIssue,
  comment: GithubComment,
): object {
  const url = `${apiUrlOf(view, repository)}/issues/comments/${comment.id}`;
  return {
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    url,
    html_url: `${issueUrl(view, repository, issue)}#issuecomment-${comment.id}`,
    issue_url: `${apiUrlOf(view, repository)}/issues/${issue.number}`,
    body: comment.body,
    user: userObject(view, comment.user),
    created_at: time(comment.createdAtMs),
    updated_at: time(comment.updatedAtMs),
    author_association: associationOf(view, repository, comment.user),
    reactions: reactionsObject(`${url}/reactions`, comment.reactions),
    performed_via_github_app: appOf(view, comment.user),
    minimized: null,
    pin: null,
  };
}

export const REACTIONS = ['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'] as const;

/** https://docs.github.com/en/rest/reactions/reactions#about-reactions */
export function reactionsObject(url: string, reactions: readonly GithubReaction[]): object {
  const counts = REACTIONS.map((content) => [
    content,
    reactions.filter((one) => one.content === content).length,
  ]);
  return { url, total_count: reactions.length, ...Object.fromEntries(counts) };
}

export function reactionObject(view: GithubView, { id, user, content, createdAtMs }: GithubReaction): object {
  return {
    id,
    node_id: nodeId('REA', id),
    user: userObject(view, user),
    content,
    created_at: time(createdAtMs),
  };
}

/** https://docs.github.com/en/graphql/reference/enums#commentauthorassociation */
export function associationOf(view: GithubView, repository: GithubRepository, login: string): string {
  if (login.toLowerCase() === repository.owner.toLowerCase()) return 'OWNER';
  const { collaborators } = repository;
  const isCollaborator = [...collaborators.keys()].some((who) => who.toLowerCase() === login.toLowerCase());
  if (isCollaborator)
    return view.world.user(repository.owner).type === 'Organization' ? 'MEMBER' : 'COLLABORATOR';
  const hasMerged = [...repository.issues.values()].some(
    ({ user, pull }) => user === login && pull?.merged !== undefined,
  );
  return hasMerged ? 'CONTRIBUTOR' : 'NONE';
}
