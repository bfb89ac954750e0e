import { Fault } from '@swe/domain';
import type {
  Check,
  Clock,
  Comment,
  Issue,
  IssueRef,
  PullRequest,
  PullRequestChange,
  PullRequestDraft,
  RepoHost,
  Repository,
} from '@swe/domain';
import { ManualClock } from './manual-clock';

interface RepositoryRecord extends Repository {
  readonly issues: Map<number, Omit<Issue, 'comments'>>;
  readonly pullRequests: Map<number, Omit<PullRequest, 'headSha'>>;
  readonly comments: { readonly issue: number; readonly effectKey: string; readonly comment: Comment }[];
  /** Their commits, the newest last. */
  readonly branches: Map<string, readonly string[]>;
  readonly checks: { readonly sha: string; readonly check: Check }[];
}

/** A repository host without git: a branch is a name with a commit id. Issues and pull requests share numbers. */
export class MemoryRepoHost implements RepoHost {
  readonly #repositories = new Map<string, RepositoryRecord>();
  readonly #clock: Clock;
  #commits = 0;

  constructor(clock: Clock = new ManualClock()) {
    this.#clock = clock;
  }

  addRepository(url: string, defaultBranch = 'main', access: Repository['access'] = 'write'): void {
    const name = url.slice(url.lastIndexOf('/') + 1);
    const facts = { url, name, defaultBranch, cloneUrl: `memory:${name}`, access };
    const empty = {
      issues: new Map(),
      pullRequests: new Map(),
      comments: [],
      branches: new Map(),
      checks: [],
    };
    this.#repositories.set(url, { ...facts, ...empty });
    this.pushCommit(url, defaultBranch);
  }

  has(url: string): boolean {
    return this.#repositories.has(url);
  }

  copyBranch(from: string, to: string, branch: string): void {
    this.#record(to).branches.set(branch, this.#record(from).branches.get(branch) ?? []);
  }

  seedIssue(
    repository: string,
    draft: Pick<Issue, 'title' | 'body'> & Partial<Pick<Issue, 'author' | 'labels'>>,
  ): IssueRef {
    const { issues, ...record } = this.#record(repository);
    const ref = { repository, number: issues.size + record.pullRequests.size + 1 };
    issues.set(ref.number, { author: 'someone', labels: [], ...draft, ...ref, state: 'open' });
    return ref;
  }

  /** Returns the commit's id: a new one unless it is given. */
  pushCommit(repository: string, branch: string, given?: string): string {
    this.#commits += 1;
    const sha = given ?? this.#commits.toString(16).padStart(40, '0');
    const { branches, defaultBranch } = this.#record(repository);
    const before = branches.get(branch) ?? branches.get(defaultBranch) ?? [];
    branches.set(branch, [...before, sha]);
    return sha;
  }

  setCheck(repository: string, sha: string, check: Check): void {
    this.#record(repository).checks.push({ sha, check });
  }

  /** All that were ever opened. */
  pullRequestCount(repository: string): number {
    return this.#record(repository).pullRequests.size;
  }

  closePullRequest(repository: string, number: number, state: 'closed' | 'merged' = 'closed'): void {
    const { pullRequests } = this.#record(repository);
    pullRequests.set(number, { ...this.#pullRequest(repository, number), state });
  }

  async repository(url: string): Promise<Repository> {
    const { name, defaultBranch, cloneUrl, access } = this.#record(url);
    return { url, name, defaultBranch, cloneUrl, access };
  }

  async issue({ repository, number }: IssueRef): Promise<Issue> {
    const record = this.#record(repository);
    const issue = record.issues.get(number) ?? asIssue(record.pullRequests.get(number));
    if (issue === undefined) throw missing(`${repository}/issues/${number}`);
    const own = record.comments.filter((comment) => comment.issue === number);
    return { ...issue, comments: own.map(({ comment }) => comment) };
  }

  async comment({ repository, number }: IssueRef, body: string, effectKey: string): Promise<Comment> {
    const { issues, pullRequests, comments } = this.#record(repository);
    if (!issues.has(number) && !pullRequests.has(number)) throw missing(`${repository}/issues/${number}`);
    const id = `comment-${comments.length + 1}`;
    const comment = { id, author: 'swe-agent', body, createdAtMs: this.#clock.nowMs() };
    comments.push({ issue: number, effectKey, comment });
    return comment;
  }

  async findComment({ repository, number }: IssueRef, effectKey: string): Promise<Comment | undefined> {
    const { comments } = this.#record(repository);
    return comments.find((c) => c.issue === number && c.effectKey === effectKey)?.comment;
  }

  async branchHead(repository: string, branch: string): Promise<string | undefined> {
    return this.#record(repository).branches.get(branch)?.at(-1);
  }

  async isOnBranch(repository: string, branch: string, sha: string): Promise<boolean> {
    return this.#record(repository).branches.get(branch)?.includes(sha) ?? false;
  }

  async pullRequest(repository: string, number: number): Promise<PullRequest> {
    return this.#withHead(this.#pullRequest(repository, number));
  }

  async findPullRequest(
    repository: string,
    headBranch: string,
    headRepository = repository,
  ): Promise<PullRequest | undefined> {
    const open = [...this.#record(repository).pullRequests.values()].find(
      (p) =>
        p.headBranch === headBranch &&
        (p.headRepository ?? repository) === headRepository &&
        p.state === 'open',
    );
    return open && this.#withHead(open);
  }

  async openPullRequest(draft: PullRequestDraft): Promise<PullRequest> {
    const { repository, headRepository = repository, headBranch, baseBranch } = draft;
    const { issues, pullRequests, branches } = this.#record(repository);
    if (!branches.has(baseBranch)) throw new Fault('invalid', `there is no branch ${baseBranch}`);
    if (!this.#record(headRepository).branches.has(headBranch)) {
      throw new Fault('invalid', `there is no branch ${headBranch}`);
    }
    if ((await this.findPullRequest(repository, headBranch, headRepository)) !== undefined) {
      throw new Fault('conflict', `${draft.headBranch} already has an open pull request`);
    }
    const number = issues.size + pullRequests.size + 1;
    const url = `${draft.repository}/pulls/${number}`;
    pullRequests.set(number, { ...draft, number, url, state: 'open' });
    return this.#withHead(this.#pullRequest(draft.repository, number));
  }

  async updatePullRequest(
    repository: string,
    number: number,
    { title, body, isDraft }: PullRequestChange,
  ): Promise<PullRequest> {
    const { isDraft: wasDraft = false, ...before } = this.#pullRequest(repository, number);
    const updated = { ...before, title, body, ...((isDraft ?? wasDraft) && { isDraft: true as const }) };
    this.#record(repository).pullRequests.set(number, updated);
    return this.#withHead(updated);
  }

  async checks(repository: string, sha: string): Promise<readonly Check[]> {
    return this.#record(repository)
      .checks.filter((c) => c.sha === sha)
      .map(({ check }) => check);
  }

  #record(url: string): RepositoryRecord {
    const record = this.#repositories.get(url);
    if (record === undefined) throw missing(url);
    return record;
  }

  #pullRequest(repository: string, number: number): Omit<PullRequest, 'headSha'> {
    const found = this.#record(repository).pullRequests.get(number);
    if (found === undefined) throw missing(`${repository}/pulls/${number}`);
    return found;
  }

  #withHead(pullRequest: Omit<PullRequest, 'headSha'>): PullRequest {
    const { repository, headRepository = repository, headBranch } = pullRequest;
    const headSha = this.#record(headRepository).branches.get(headBranch)?.at(-1) ?? '';
    return { ...pullRequest, headSha };
  }
}

function asIssue(pullRequest: Omit<PullRequest, 'headSha'> | undefined): Omit<Issue, 'comments'> | undefined {
  if (pullRequest === undefined) return undefined;
  const { repository, number, title, body, state } = pullRequest;
  const issueState = state === 'open' ? 'open' : 'closed';
  return { repository, number, title, body, author: 'swe-agent', labels: [], state: issueState };
}

function missing(what: string): Fault {
  return new Fault('missing', `there is no ${what}`);
}
