import { z } from 'zod';
import { commentObject, issueObject, labelObjects, REACTIONS, reactionObject } from './github-issue-objects';
import { page } from './github-page';
import { GithubRefusal, notFound } from './github-refusal';
import { bodyOf, created, invalidField, issueOf, noContent, ofRepository, ok } from './github-route';
import type { GithubAnswer, GithubRoute, RepositoryCall } from './github-route';
import { isAtLeast } from './github-entities';
import type { GithubComment, GithubIssue, GithubReaction } from './github-entities';

const WRITE = ['issues=write', 'pull_requests=write'];
const READ = ['issues=read', 'pull_requests=read'];

/** https://docs.github.com/en/rest/issues and https://docs.github.com/en/rest/reactions/reactions */
export const ISSUE_ROUTES: readonly GithubRoute[] = [
  ofRepository('GET', '/issues', READ, withIssues(list)),
  ofRepository('POST', '/issues', 'issues=write', withIssues(create)),
  ofRepository('GET', '/issues/comments/{comment_id}', READ, (call) => {
    const { issue, comment } = commentOf(call);
    return ok(commentObject(call.view, call.repository, issue, comment));
  }),
  ofRepository('PATCH', '/issues/comments/{comment_id}', WRITE, updateComment),
  ofRepository('DELETE', '/issues/comments/{comment_id}', WRITE, deleteComment),
  ofRepository('GET', '/issues/comments/{comment_id}/reactions', READ, (call) =>
    reactions(call, commentOf(call).comment),
  ),
  ofRepository('POST', '/issues/comments/{comment_id}/reactions', WRITE, (call) =>
    react(call, commentOf(call).comment),
  ),
  ofRepository('DELETE', '/issues/comments/{comment_id}/reactions/{reaction_id}', WRITE, (call) =>
    unreact(call, commentOf(call).comment),
  ),
  ofRepository(
    'GET',
    '/issues/{issue_number}',
    READ,
    withIssues((call) => ok(issueObject(call.view, call.repository, issueOf(call)))),
  ),
  ofRepository('PATCH', '/issues/{issue_number}', WRITE, withIssues(update)),
  ofRepository('GET', '/issues/{issue_number}/comments', READ, comments),
  ofRepository('POST', '/issues/{issue_number}/comments', WRITE, comment),
  ofRepository('GET', '/issues/{issue_number}/labels', READ, (call) =>
    page(call, labelObjects(call.view, call.repository, issueOf(call)), (label) => label),
  ),
  ofRepository('POST', '/issues/{issue_number}/labels', WRITE, addLabels, 'triage'),
  ofRepository('DELETE', '/issues/{issue_number}/labels/{name}', WRITE, removeLabel, 'triage'),
  ofRepository('POST', '/issues/{issue_number}/assignees', WRITE, assign, 'write'),
  ofRepository('GET', '/issues/{issue_number}/reactions', READ, (call) => reactions(call, issueOf(call))),
  ofRepository('POST', '/issues/{issue_number}/reactions', WRITE, (call) => react(call, issueOf(call))),
  ofRepository('DELETE', '/issues/{issue_number}/reactions/{reaction_id}', WRITE, (call) =>
    unreact(call, issueOf(call)),
  ),
];

/** Where issues are turned off there are pull requests all the same. */
function withIssues(run: (call: RepositoryCall) => GithubAnswer): (call: RepositoryCall) => GithubAnswer {
  return (call) => {
    const issue = call.repository.issues.get(Number(call.params['issue_number']));
    if (!call.repository.hasIssues && issue?.pull === undefined) {
      throw new GithubRefusal(410, 'Issues are disabled for this repo');
    }
    return run(call);
  };
}

/** Pull requests are among them. */
function list(call: RepositoryCall): GithubAnswer {
  const { searchParams } = call.url;
  const state = searchParams.get('state') ?? 'open';
  const labels = searchParams.get('labels')?.split(',') ?? [];
  const found = [...call.repository.issues.values()].filter(
    (issue) => (state === 'all' || issue.state === state) && labels.every((name) => issue.labels.has(name)),
  );
  return page(call, found.toReversed(), (issue) => issueObject(call.view, call.repository, issue));
}

const newIssue = z.object({
  title: z.string(),
  body: z.string().nullish(),
  labels: z.array(z.string()).optional(),
  assignees: z.array(z.string()).optional(),
});

function create(call: RepositoryCall): GithubAnswer {
  const { title, body, labels, assignees } = bodyOf(call, newIssue);
  // Who may not set them has them dropped in silence.
  const mayTriage =
    call.grant?.kind === 'installation' || isAtLeast(call.world.roleOf(call.by, call.repository), 'triage');
  const issue = call.activity.issues.create(call.repository, call.by, {
    title,
    body,
    ...(mayTriage && labels !== undefined && { labels }),
    ...(mayTriage && assignees !== undefined && { assignees }),
  });
  return created(issueObject(call.view, call.repository, issue));
}

const changedIssue = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z.enum(['completed', 'not_planned', 'reopened']).nullish(),
  labels: z.array(z.string()).optional(),
  assignees: z.array(z.string()).optional(),
});

function update(call: RepositoryCall): GithubAnswer {
  const { repository, by, activity } = call;
  const issue = issueOf(call);
  demandAuthorOr(call, issue.user);
  const { labels, assignees, state_reason: stateReason, ...change } = bodyOf(call, changedIssue);
  activity.issues.change(repository, issue, by, { ...change, stateReason });
  if (labels !== undefined) setLabels(call, issue, labels);
  if (assignees !== undefined) activity.issues.assign(repository, issue, by, assignees);
  return ok(issueObject(call.view, repository, issue));
}

function setLabels(
  { activity, repository, by }: RepositoryCall,
  issue: GithubIssue,
  labels: readonly string[],
): void {
  for (const name of [...issue.labels]) {
    if (!labels.includes(name)) activity.issues.unlabel(repository, issue, by, name);
  }
  activity.issues.label(repository, issue, by, labels);
}

function comments(call: RepositoryCall): GithubAnswer {
  const issue = issueOf(call);
  const since = call.url.searchParams.get('since');
  const shown = issue.comments.filter(
    ({ updatedAtMs }) => since === null || updatedAtMs >= Date.parse(since),
  );
  return page(call, shown, (one) => commentObject(call.view, call.repository, issue, one));
}

/** https://docs.github.com/en/communities/moderating-comments-and-conversations/locking-conversations: then only who may write comments. */
function comment(call: RepositoryCall): GithubAnswer {
  const { world, repository, by, grant } = call;
  const issue = issueOf(call);
  const mayWrite = grant?.kind === 'installation' || isAtLeast(world.roleOf(by, repository), 'write');
  if (issue.isLocked && !mayWrite) {
    throw new GithubRefusal(403, 'Unable to create comment because issue is locked.');
  }
  const added = call.activity.issues.comment(repository, issue, by, commentBody(call));
  return created(commentObject(call.view, repository, issue, added));
}

/** https://docs.github.com/en/rest/issues/comments#create-an-issue-comment; the most is what its database keeps. */
const MOST_CHARACTERS = 65_536;

function commentBody(call: RepositoryCall): string {
  const { body } = bodyOf(call, z.object({ body: z.string() }));
  if (body.trim() === '') throw invalidField('IssueComment', 'body', 'missing_field');
  if ([...body].length > MOST_CHARACTERS) {
    const message = `Body is too long (maximum is ${MOST_CHARACTERS} characters)`;
    throw new GithubRefusal(422, 'Validation Failed', {
      errors: [{ resource: 'IssueComment', code: 'unprocessable', field: 'data', message }],
    });
  }
  return body;
}

function commentOf({ repository, params }: RepositoryCall): {
  readonly issue: GithubIssue;
  readonly comment: GithubComment;
} {
  for (const issue of repository.issues.values()) {
    const found = issue.comments.find(({ id }) => id === Number(params['comment_id']));
    if (found !== undefined) return { issue, comment: found };
  }
  throw notFound();
}

function updateComment(call: RepositoryCall): GithubAnswer {
  const { issue, comment: known } = commentOf(call);
  demandAuthorOr(call, known.user);
  call.activity.issues.editComment(call.repository, issue, call.by, known, commentBody(call));
  return ok(commentObject(call.view, call.repository, issue, known));
}

function deleteComment(call: RepositoryCall): GithubAnswer {
  const { issue, comment: known } = commentOf(call);
  demandAuthorOr(call, known.user);
  call.activity.issues.deleteComment(call.repository, issue, call.by, known);
  return noContent;
}

/** What somebody else wrote may be changed by who may write, and by an app with the permission. */
function demandAuthorOr({ world, repository, by, grant }: RepositoryCall, author: string): void {
  if (by === author || grant?.kind === 'installation' || isAtLeast(world.roleOf(by, repository), 'write'))
    return;
  throw new GithubRefusal(403, 'Must have admin rights to Repository.');
}

function addLabels(call: RepositoryCall): GithubAnswer {
  const given = bodyOf(call, z.union([z.array(z.string()), z.object({ labels: z.array(z.string()) })]));
  const labels = 'labels' in given ? given.labels : given;
  const issue = issueOf(call);
  call.activity.issues.label(call.repository, issue, call.by, labels);
  return ok(labelObjects(call.view, call.repository, issue));
}

function removeLabel(call: RepositoryCall): GithubAnswer {
  const issue = issueOf(call);
  const name = call.params['name'] ?? '';
  if (!issue.labels.has(name)) throw new GithubRefusal(404, 'Label does not exist');
  call.activity.issues.unlabel(call.repository, issue, call.by, name);
  return ok(labelObjects(call.view, call.repository, issue));
}

function assign(call: RepositoryCall): GithubAnswer {
  const { assignees } = bodyOf(call, z.object({ assignees: z.array(z.string()) }));
  const issue = issueOf(call);
  call.activity.issues.assign(call.repository, issue, call.by, assignees);
  return created(issueObject(call.view, call.repository, issue));
}

export function reactions(
  call: RepositoryCall,
  to: { readonly reactions: readonly GithubReaction[] },
): GithubAnswer {
  const content = call.url.searchParams.get('content');
  const shown = to.reactions.filter((one) => content === null || one.content === content);
  return page(call, shown, (reaction) => reactionObject(call.view, reaction));
}

/** 200 instead of 201 where it is there already. */
export function react(call: RepositoryCall, to: { readonly reactions: GithubReaction[] }): GithubAnswer {
  const { content } = bodyOf(call, z.object({ content: z.enum(REACTIONS) }));
  const { reaction, isNew } = call.activity.issues.react(to, call.by, content);
  return { status: isNew ? 201 : 200, body: reactionObject(call.view, reaction) };
}

export function unreact(
  { params }: RepositoryCall,
  to: { readonly reactions: GithubReaction[] },
): GithubAnswer {
  const at = to.reactions.findIndex(({ id }) => id === Number(params['reaction_id']));
  if (at < 0) throw notFound();
  to.reactions.splice(at, 1);
  return noContent;
}
