import { userObject } from './github-account-objects';
import type { GithubIssues } from './github-issues';
import { headOf, isPullRequest, mergeMessageOf, refreshPull } from './github-pull';
import type { GithubPullRequest } from './github-pull';
import type { GithubPushes } from './github-pushes';
import { GithubRefusal, validationFailed } from './github-refusal';
import type { GithubView } from './github-view';
import { fullNameOf, isAtLeast } from './github-entities';
import type { GithubRepository } from './github-entities';

export interface GithubNewPull {
  readonly title: string;
  readonly body?: string | null | undefined;
  /** A branch, or `owner:branch` of a fork. */
  readonly head: string;
  /** The fork's name, where it is not that of the base. */
  readonly headRepo?: string | undefined;
  readonly base: string;
  readonly draft?: boolean | undefined;
  readonly maintainerCanModify?: boolean | undefined;
}

export interface GithubMerge {
  readonly method?: 'merge' | 'squash' | 'rebase' | undefined;
  /** What its head has to be. */
  readonly sha?: string | undefined;
  readonly title?: string | undefined;
  readonly message?: string | undefined;
}

/** What happens to pull requests beside what happens to them as issues. Their commits are those of the repositories. */
export class GithubPulls {
  readonly #view: GithubView;
  readonly #issues: GithubIssues;
  readonly #pushes: GithubPushes;

  constructor(view: GithubView, issues: GithubIssues, pushes: GithubPushes) {
    this.#view = view;
    this.#issues = issues;
    this.#pushes = pushes;
  }

  /** Refused as https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request is. */
  open(base: GithubRepository, by: string, given: GithubNewPull): GithubPullRequest {
    const baseSha = base.git.branch(given.base);
    if (baseSha === undefined) throw invalid('base');
    const head = headOf(this.#view.world, base, given.head, given.headRepo);
    const headSha = head?.repository.git.branch(head.branch);
    if (head === undefined || headSha === undefined) throw invalid('head');
    const label = `${head.repository.owner}:${head.branch}`;
    if (this.#isOpen(base, head.repository, head.branch, given.base)) {
      throw refused(`A pull request already exists for ${label}.`);
    }
    const number = base.issues.size + 1;
    const headRef = `refs/pull/${number}/head`;
    base.git.take(head.repository.git, headSha, headRef);
    if (base.git.log(`${baseSha}..${headSha}`).length === 0) {
      base.git.deleteRef(headRef);
      throw refused(`No commits between ${given.base} and ${given.head}`);
    }
    const pull = {
      headRepository: head.repository.id,
      headBranch: head.branch,
      baseBranch: given.base,
      headSha,
      baseSha,
      isDraft: given.draft ?? false,
      merged: undefined,
      reviewers: new Set<string>(),
      reviews: [],
      threads: [],
      maintainerCanModify: head.repository.id !== base.id && (given.maintainerCanModify ?? true),
      mergeability: { key: '', reads: 0 },
    };
    const issue = this.#issues.create(base, by, { title: given.title, body: given.body, pull });
    if (!isPullRequest(issue)) throw new Error('a pull request was opened as an issue');
    return issue;
  }

  setDraft(base: GithubRepository, issue: GithubPullRequest, by: string, isDraft: boolean): void {
    if (issue.pull.isDraft === isDraft) return;
    issue.pull.isDraft = isDraft;
    this.#issues.tell(base, issue, by, isDraft ? 'converted_to_draft' : 'ready_for_review');
  }

  setBase(base: GithubRepository, issue: GithubPullRequest, by: string, branch: string): void {
    const from = issue.pull.baseBranch;
    if (base.git.branch(branch) === undefined) throw invalid('base');
    issue.pull.baseBranch = branch;
    refreshPull(this.#view.world, base, issue);
    this.#issues.tell(base, issue, by, 'edited', {
      changes: { base: { ref: { from }, sha: { from: issue.pull.baseSha } } },
    });
  }

  requestReviewers(
    base: GithubRepository,
    issue: GithubPullRequest,
    by: string,
    logins: readonly string[],
  ): void {
    for (const login of logins) {
      if (login.toLowerCase() === issue.user.toLowerCase()) {
        throw new GithubRefusal(422, 'Review cannot be requested from pull request author.');
      }
      const role = base.collaborators.get(login) ?? this.#view.world.roleOf(login, base);
      if (!base.collaborators.has(login) && !isAtLeast(role, 'write')) {
        throw new GithubRefusal(
          422,
          `Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the ${fullNameOf(base)} repository.`,
        );
      }
    }
    for (const login of logins) {
      issue.pull.reviewers.add(login);
      const requested = { requested_reviewer: userObject(this.#view, login) };
      this.#issues.tell(base, issue, by, 'review_requested', requested);
    }
  }

  unrequestReviewer(base: GithubRepository, issue: GithubPullRequest, by: string, login: string): void {
    if (!issue.pull.reviewers.delete(login)) return;
    const requested = { requested_reviewer: userObject(this.#view, login) };
    this.#issues.tell(base, issue, by, 'review_request_removed', requested);
  }

  /** Makes the commit in the base branch, and gives its hash. Refused as https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request is. */
  merge(base: GithubRepository, issue: GithubPullRequest, by: string, merge: GithubMerge = {}): string {
    const { world } = this.#view;
    refreshPull(world, base, issue);
    const { pull } = issue;
    if (issue.state === 'closed') throw new GithubRefusal(405, 'Pull Request is not mergeable');
    if (pull.isDraft) throw new GithubRefusal(405, 'Pull Request is still a draft');
    if (merge.method === 'rebase') {
      throw new GithubRefusal(405, 'Rebase merges are not allowed on this repository.');
    }
    if (merge.sha !== undefined && merge.sha !== pull.headSha) {
      throw new GithubRefusal(409, 'Head branch was modified. Review and try the merge again.');
    }
    const tree = base.git.mergeTree(pull.baseSha, pull.headSha);
    if (tree === undefined) throw new GithubRefusal(405, 'Pull Request is not mergeable');
    const isSquash = merge.method === 'squash';
    const sha = base.git.writeCommit(
      tree,
      isSquash ? [pull.baseSha] : [pull.baseSha, pull.headSha],
      messageOf(
        merge,
        isSquash
          ? `${issue.title} (#${issue.number})`
          : mergeMessageOf(world.repositoryById(pull.headRepository), issue),
      ),
      world.user(by),
      world.nowMs(),
    );
    pull.merged = { by, sha, atMs: world.nowMs() };
    this.#pushes.setRef(base, by, `refs/heads/${pull.baseBranch}`, sha);
    this.#issues.change(base, issue, by, { state: 'closed' });
    if (pull.baseBranch === base.defaultBranch) this.#closeLinked(base, issue, by);
    return sha;
  }

  /** https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue */
  #closeLinked(base: GithubRepository, { body }: GithubPullRequest, by: string): void {
    for (const [, number] of (body ?? '').matchAll(CLOSING)) {
      const linked = base.issues.get(Number(number));
      if (linked === undefined || linked.state === 'closed') continue;
      this.#issues.change(base, linked, by, { state: 'closed', stateReason: 'completed' });
    }
  }

  #isOpen(base: GithubRepository, head: GithubRepository, branch: string, into: string): boolean {
    return [...base.issues.values()].some(
      ({ state, pull }) =>
        state === 'open' &&
        pull?.headRepository === head.id &&
        pull.headBranch === branch &&
        pull.baseBranch === into,
    );
  }
}

const CLOSING = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):? #(\d+)\b/gi;

function messageOf({ title, message }: GithubMerge, usual: string): string {
  const [usualTitle = '', ...usualBody] = usual.split('\n\n');
  return [title ?? usualTitle, message ?? usualBody.join('\n\n')].filter((part) => part !== '').join('\n\n');
}

const invalid = (field: string): GithubRefusal =>
  validationFailed({ resource: 'PullRequest', field, code: 'invalid' });

const refused = (message: string): GithubRefusal =>
  validationFailed({ resource: 'PullRequest', code: 'custom', message });
