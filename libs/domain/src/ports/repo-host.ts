import type { IssueRef } from '../repository/issue-url';

export interface Repository {
  /** Canonical: `forge://shop`, `https://github.com/owner/name`. */
  readonly url: string;
  readonly name: string;
  readonly defaultBranch: string;
  /** What git clones from and pushes to. */
  readonly cloneUrl: string;
  /** What the agent may do there. Nobody changes what is archived. */
  readonly access: 'write' | 'read' | 'archived';
}

export interface Comment {
  readonly id: string;
  readonly author: string;
  readonly body: string;
  readonly createdAtMs: number;
}

export interface Issue extends IssueRef {
  readonly title: string;
  readonly body: string;
  readonly author: string;
  readonly state: 'open' | 'closed';
  readonly labels: readonly string[];
  readonly comments: readonly Comment[];
}

export interface PullRequestDraft {
  readonly repository: string;
  /** The fork that has the head branch; absent when the repository has it itself. */
  readonly headRepository?: string;
  readonly headBranch: string;
  readonly baseBranch: string;
  readonly title: string;
  readonly body: string;
  /** Not to be reviewed or merged yet. */
  readonly isDraft?: true;
}

export interface PullRequest extends PullRequestDraft {
  readonly number: number;
  readonly url: string;
  readonly state: 'open' | 'closed' | 'merged';
  readonly headSha: string;
}

export interface Check {
  readonly name: string;
  readonly state: 'pending' | 'success' | 'failure' | 'cancelled' | 'neutral';
  readonly summary: string;
  /** Its page, for people. */
  readonly url?: string;
  /** What its log is read by; absent where the host keeps none. */
  readonly logRef?: string;
  /** What it says of lines is read by; absent where it says nothing of any. */
  readonly annotationsRef?: string;
}

/** `isDraft`: absent leaves it as it is. */
export interface PullRequestChange extends Pick<PullRequestDraft, 'title' | 'body'> {
  readonly isDraft?: boolean;
}

/**
 * Where repositories, issues and pull requests live.
 *
 * - an unknown repository, issue or pull request is `missing`
 * - an issue comes with all its comments, oldest first; so does a pull request that is read as one
 * - a comment is found again by the effect key it was written with
 * - a pull request is found by its head branch while it is open, and by its number always
 * - a second open pull request for a head branch is a `conflict`
 * - a pull request whose head branch does not exist is `invalid`
 * - an updated pull request keeps its number, head and base
 * - a draft is one until it is made ready, and can become one again; not to say which changes nothing of that
 * - a branch's head is the commit that was pushed last, undefined before
 * - a commit is on a branch when the branch's head is it or has it among its ancestors
 * - checks are those of that very commit, all of them
 */
export interface RepoHost {
  repository(url: string): Promise<Repository>;
  issue(ref: IssueRef): Promise<Issue>;
  comment(ref: IssueRef, body: string, effectKey: string): Promise<Comment>;
  findComment(ref: IssueRef, effectKey: string): Promise<Comment | undefined>;
  branchHead(repository: string, branch: string): Promise<string | undefined>;
  isOnBranch(repository: string, branch: string, sha: string): Promise<boolean>;
  pullRequest(repository: string, number: number): Promise<PullRequest>;
  /** `headRepository`: the fork that has the branch. */
  findPullRequest(
    repository: string,
    headBranch: string,
    headRepository?: string,
  ): Promise<PullRequest | undefined>;
  openPullRequest(draft: PullRequestDraft): Promise<PullRequest>;
  updatePullRequest(repository: string, number: number, change: PullRequestChange): Promise<PullRequest>;
  checks(repository: string, sha: string): Promise<readonly Check[]>;
}
