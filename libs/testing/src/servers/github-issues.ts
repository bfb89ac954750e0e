import type { GithubEmit } from './github-event';
import { commentObject, issueObject, labelObject } from './github-issue-objects';
import { isPullRequest } from './github-pull';
import { toldPullObject } from './github-pull-objects';
import { userObject } from './github-account-objects';
import type { GithubView } from './github-view';
import type {
  GithubComment,
  GithubIssue,
  GithubPull,
  GithubReaction,
  GithubRepository,
} from './github-entities';

export interface GithubNewIssue {
  readonly title: string;
  readonly body?: string | null | undefined;
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
  readonly pull?: GithubPull;
}

export interface GithubIssueChange {
  readonly title?: string | undefined;
  readonly body?: string | null | undefined;
  readonly state?: 'open' | 'closed' | undefined;
  readonly stateReason?: GithubIssue['stateReason'] | undefined;
  readonly isLocked?: boolean;
}

/** What happens to issues, their comments, labels and reactions; pull requests are issues, too. */
export class GithubIssues {
  readonly #view: GithubView;
  readonly #emit: GithubEmit;

  constructor(view: GithubView, emit: GithubEmit) {
    this.#view = view;
    this.#emit = emit;
  }

  create(repository: GithubRepository, by: string, given: GithubNewIssue): GithubIssue {
    const { world } = this.#view;
    const issue: GithubIssue = {
      id: world.nextId(),
      number: repository.issues.size + 1,
      user: by,
      title: given.title,
      body: given.body ?? null,
      state: 'open',
      stateReason: null,
      isLocked: false,
      labels: new Set(given.labels),
      assignees: new Set(given.assignees),
      comments: [],
      reactions: [],
      createdAtMs: world.nowMs(),
      updatedAtMs: world.nowMs(),
      closedAtMs: undefined,
      closedBy: undefined,
      pull: given.pull,
    };
    for (const name of issue.labels) this.#define(repository, name);
    repository.issues.set(issue.number, issue);
    this.tell(repository, issue, by, 'opened');
    return issue;
  }

  change(repository: GithubRepository, issue: GithubIssue, by: string, change: GithubIssueChange): void {
    const { title, body, state, stateReason, isLocked } = change;
    const before = { title: issue.title, body: issue.body, state: issue.state };
    if (title !== undefined) issue.title = title;
    if (body !== undefined) issue.body = body;
    if (isLocked !== undefined) issue.isLocked = isLocked;
    this.#touch(issue);
    const changes = {
      ...(before.title !== issue.title && { title: { from: before.title } }),
      ...(before.body !== issue.body && { body: { from: before.body ?? '' } }),
    };
    if (Object.keys(changes).length > 0) this.tell(repository, issue, by, 'edited', { changes });
    if (isLocked !== undefined) this.tell(repository, issue, by, isLocked ? 'locked' : 'unlocked');
    if (state !== undefined && state !== before.state)
      this.#setState(repository, issue, by, state, stateReason);
  }

  label(repository: GithubRepository, issue: GithubIssue, by: string, names: readonly string[]): void {
    for (const name of names) {
      const label = this.#define(repository, name);
      if (issue.labels.has(label.name)) continue;
      issue.labels.add(label.name);
      this.#touch(issue);
      this.tell(repository, issue, by, 'labeled', { label: labelObject(this.#view, repository, label) });
    }
  }

  unlabel(repository: GithubRepository, issue: GithubIssue, by: string, name: string): void {
    if (!issue.labels.delete(name)) return;
    this.#touch(issue);
    const label = labelObject(this.#view, repository, this.#define(repository, name));
    this.tell(repository, issue, by, 'unlabeled', { label });
  }

  assign(repository: GithubRepository, issue: GithubIssue, by: string, logins: readonly string[]): void {
    for (const login of logins) {
      if (issue.assignees.has(login)) continue;
      issue.assignees.add(login);
      this.#touch(issue);
      this.tell(repository, issue, by, 'assigned', { assignee: userObject(this.#view, login) });
    }
  }

  unassign(repository: GithubRepository, issue: GithubIssue, by: string, login: string): void {
    if (!issue.assignees.delete(login)) return;
    this.#touch(issue);
    this.tell(repository, issue, by, 'unassigned', { assignee: userObject(this.#view, login) });
  }

  comment(repository: GithubRepository, issue: GithubIssue, by: string, body: string): GithubComment {
    const { world } = this.#view;
    const atMs = world.nowMs();
    const comment = {
      id: world.nextId(),
      user: by,
      body,
      reactions: [],
      createdAtMs: atMs,
      updatedAtMs: atMs,
    };
    issue.comments.push(comment);
    this.#touch(issue);
    this.#tellComment(repository, issue, by, 'created', comment);
    return comment;
  }

  editComment(
    repository: GithubRepository,
    issue: GithubIssue,
    by: string,
    comment: GithubComment,
    body: string,
  ): void {
    const changes = { body: { from: comment.body } };
    Object.assign(comment, { body, editor: by, updatedAtMs: this.#view.world.nowMs() });
    this.#tellComment(repository, issue, by, 'edited', comment, { changes });
  }

  deleteComment(repository: GithubRepository, issue: GithubIssue, by: string, comment: GithubComment): void {
    issue.comments.splice(issue.comments.indexOf(comment), 1);
    this.#tellComment(repository, issue, by, 'deleted', comment);
  }

  /** The same one of the same person is there once. Nobody is told. */
  react(
    to: { readonly reactions: GithubReaction[] },
    by: string,
    content: string,
  ): { readonly reaction: GithubReaction; readonly isNew: boolean } {
    const known = to.reactions.find((one) => one.user === by && one.content === content);
    if (known !== undefined) return { reaction: known, isNew: false };
    const { world } = this.#view;
    const reaction = { id: world.nextId(), user: by, content, createdAtMs: world.nowMs() };
    to.reactions.push(reaction);
    return { reaction, isNew: true };
  }

  /** Tells of a pull request where it is one, of an issue otherwise. */
  tell(
    repository: GithubRepository,
    issue: GithubIssue,
    sender: string,
    action: string,
    more: Readonly<Record<string, unknown>> = {},
  ): void {
    const payload = isPullRequest(issue)
      ? { action, number: issue.number, pull_request: toldPullObject(this.#view, repository, issue), ...more }
      : { action, issue: issueObject(this.#view, repository, issue), ...more };
    this.#emit({ name: isPullRequest(issue) ? 'pull_request' : 'issues', repository, sender, payload });
  }

  #tellComment(
    repository: GithubRepository,
    issue: GithubIssue,
    sender: string,
    action: string,
    comment: GithubComment,
    more: Readonly<Record<string, unknown>> = {},
  ): void {
    const payload = {
      action,
      issue: issueObject(this.#view, repository, issue),
      comment: commentObject(this.#view, repository, issue, comment),
      ...more,
    };
    this.#emit({ name: 'issue_comment', repository, sender, payload });
  }

  #setState(
    repository: GithubRepository,
    issue: GithubIssue,
    by: string,
    state: GithubIssue['state'],
    reason: GithubIssue['stateReason'] | undefined,
  ): void {
    const isClosed = state === 'closed';
    issue.state = state;
    issue.stateReason = issue.pull !== undefined ? null : (reason ?? (isClosed ? 'completed' : 'reopened'));
    issue.closedAtMs = isClosed ? this.#view.world.nowMs() : undefined;
    issue.closedBy = isClosed ? by : undefined;
    this.tell(repository, issue, by, isClosed ? 'closed' : 'reopened');
  }

  #define(repository: GithubRepository, name: string) {
    const known = repository.labels.get(name.toLowerCase());
    if (known !== undefined) return known;
    const label = { id: this.#view.world.nextId(), name, color: 'ededed', description: null };
    repository.labels.set(name.toLowerCase(), label);
    return label;
  }

  #touch(issue: GithubIssue): void {
    issue.updatedAtMs = this.#view.world.nowMs();
  }
}
