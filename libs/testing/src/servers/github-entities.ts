import type { BareRepository } from './bare-repository';

/** https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization, least first. */
const GITHUB_ROLES = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export type GithubRole = (typeof GITHUB_ROLES)[number];

export interface GithubUser {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Bot' | 'Organization';
  readonly name: string;
  readonly email: string;
}

export interface GithubApp {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  /** PEM; undefined for apps that nobody here signs for. */
  readonly publicKey: string | undefined;
  readonly permissions: Readonly<Record<string, string>>;
  readonly events: readonly string[];
  readonly createdAtMs: number;
}

export interface GithubInstallation {
  readonly id: number;
  readonly app: string;
  /** The account it is installed on. */
  readonly account: string;
  /** Repository ids; `all` means every one of the account, also those to come. */
  repositories: 'all' | Set<number>;
  isSuspended: boolean;
  readonly createdAtMs: number;
}

export interface GithubLabel {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}

export interface GithubReaction {
  readonly id: number;
  readonly user: string;
  readonly content: string;
  readonly createdAtMs: number;
}

export interface GithubComment {
  readonly id: number;
  readonly user: string;
  body: string;
  readonly reactions: GithubReaction[];
  readonly createdAtMs: number;
  updatedAtMs: number;
  /** Who edited it last. */
  editor?: string;
}

export interface GithubReview {
  readonly id: number;
  readonly user: string;
  readonly body: string;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';
  readonly commit: string;
  readonly submittedAtMs: number;
}

export interface GithubReviewComment extends GithubComment {
  readonly review: number;
  readonly path: string;
  readonly line: number;
  readonly startLine?: number;
  readonly side: 'LEFT' | 'RIGHT';
  readonly commit: string;
  readonly hunk: string;
  readonly inReplyTo?: number;
}

/** A conversation on a line of a pull request. */
export interface GithubThread {
  readonly id: number;
  readonly comments: GithubReviewComment[];
  resolvedBy: string | undefined;
}

export interface GithubPull {
  /** An id; the fork may be gone. */
  readonly headRepository: number;
  readonly headBranch: string;
  baseBranch: string;
  /** As of the last push while it was open. */
  headSha: string;
  /** Where the base branch was when it was opened, then when it was merged. */
  baseSha: string;
  isDraft: boolean;
  merged: { readonly by: string; readonly sha: string; readonly atMs: number } | undefined;
  readonly reviewers: Set<string>;
  readonly reviews: GithubReview[];
  readonly threads: GithubThread[];
  readonly maintainerCanModify: boolean;
  /** How often its mergeability was asked for since it moved, and from where to where. */
  readonly mergeability: { key: string; reads: number };
}

/** An issue, or a pull request, which is an issue with `pull`. */
export interface GithubIssue {
  readonly id: number;
  readonly number: number;
  readonly user: string;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: 'completed' | 'not_planned' | 'reopened' | null;
  isLocked: boolean;
  readonly labels: Set<string>;
  readonly assignees: Set<string>;
  readonly comments: GithubComment[];
  readonly reactions: GithubReaction[];
  readonly createdAtMs: number;
  updatedAtMs: number;
  closedAtMs: number | undefined;
  closedBy: string | undefined;
  readonly pull: GithubPull | undefined;
}

export interface GithubCheckAnnotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: 'notice' | 'warning' | 'failure';
  readonly message: string;
}

export interface GithubCheckRun {
  readonly id: number;
  readonly app: string;
  readonly suite: number;
  readonly name: string;
  readonly headSha: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  detailsUrl: string | null;
  externalId: string;
  output: { title: string | null; summary: string | null; text: string | null };
  readonly annotations: GithubCheckAnnotation[];
  /** What its job wrote, where it is one of GitHub Actions. */
  log: string | undefined;
  readonly startedAtMs: number;
  completedAtMs: number | undefined;
}

export interface GithubCheckSuite {
  readonly id: number;
  readonly app: string;
  readonly headSha: string;
  readonly headBranch: string | null;
  readonly createdAtMs: number;
}

export interface GithubStatus {
  readonly id: number;
  readonly sha: string;
  readonly context: string;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly creator: string;
  readonly createdAtMs: number;
}

export interface GithubRepository {
  readonly id: number;
  owner: string;
  name: string;
  readonly description: string | null;
  isPrivate: boolean;
  isArchived: boolean;
  hasIssues: boolean;
  /** Taken down: https://docs.github.com/en/site-policy/content-removal-policies/dmca-takedown-policy */
  isBlocked: boolean;
  allowsForking: boolean;
  defaultBranch: string;
  /** The repository it is a fork of. */
  readonly parent: number | undefined;
  readonly collaborators: Map<string, GithubRole>;
  readonly protectedBranches: Set<string>;
  readonly labels: Map<string, GithubLabel>;
  readonly issues: Map<number, GithubIssue>;
  readonly checkSuites: GithubCheckSuite[];
  readonly checkRuns: GithubCheckRun[];
  readonly statuses: GithubStatus[];
  readonly git: BareRepository;
  readonly createdAtMs: number;
  pushedAtMs: number;
}

/** What a JSON web token may name as its issuer instead of the app's id. */
export function clientIdOf({ id }: Pick<GithubApp, 'id'>): string {
  return `Iv23li${id}`;
}

export function fullNameOf({ owner, name }: Pick<GithubRepository, 'owner' | 'name'>): string {
  return `${owner}/${name}`;
}

export function isAtLeast(role: GithubRole, needed: GithubRole): boolean {
  return GITHUB_ROLES.indexOf(role) >= GITHUB_ROLES.indexOf(needed);
}
