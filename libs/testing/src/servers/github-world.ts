import { mkdirSync } from 'node:fs';
import { BareRepository } from './bare-repository';
import { bareRepositoryPath, createBareRepository } from './loopback-git';

/** https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization, least first. */
export const GITHUB_ROLES = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
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
  /** `owner/name`; undefined once the fork is gone. */
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

export interface GithubRepositoryOptions {
  readonly isPrivate?: boolean;
  readonly description?: string;
  readonly defaultBranch?: string;
  readonly collaborators?: Readonly<Record<string, GithubRole>>;
  readonly parent?: number;
  /** Left out, it gets a README in its default branch. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Accounts, apps, repositories and what is in them. What happens to them is `GithubActivity`. */
export class GithubWorld {
  readonly users = new Map<string, GithubUser>();
  readonly apps = new Map<string, GithubApp>();
  readonly installations = new Map<number, GithubInstallation>();
  readonly repositories = new Map<number, GithubRepository>();
  /** Organizations whose members' own tokens have to be authorized by single sign-on first. */
  readonly ssoOrganizations = new Set<string>();
  /** Whether a fork's git objects are there with it, or only once `finishForks` is called. */
  forking: 'at once' | 'later' = 'at once';
  /** How often a pull request that moved is answered with `mergeable: null`. */
  readsUntilMergeable = 0;
  readonly #folder: string;
  readonly #nowMs: () => number;
  readonly #formerNames = new Map<string, number>();
  readonly #unfinishedForks = new Set<GithubRepository>();
  // Beyond 32 bits, as GitHub's are.
  #lastId = 4_300_000_000;

  constructor(folder: string, nowMs: () => number) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs();
  }

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  addUser(login: string, type: GithubUser['type'] = 'User', name = login): GithubUser {
    const id = this.nextId();
    const user = { id, login, type, name, email: `${id}+${login}@users.noreply.github.com` };
    this.users.set(login.toLowerCase(), user);
    return user;
  }

  addApp(
    slug: string,
    app: Partial<Pick<GithubApp, 'publicKey' | 'permissions' | 'events'>> = {},
  ): GithubApp {
    const { publicKey, permissions = {}, events = [] } = app;
    const added = {
      id: this.nextId(),
      slug,
      name: slug,
      publicKey,
      permissions,
      events,
      createdAtMs: this.nowMs(),
    };
    this.apps.set(slug, added);
    this.addUser(`${slug}[bot]`, 'Bot');
    return added;
  }

  /** `repositories` are `owner/name`. */
  install(app: string, account: string, repositories: 'all' | readonly string[] = 'all'): GithubInstallation {
    const installation: GithubInstallation = {
      id: this.nextId(),
      app,
      account: this.user(account).login,
      repositories:
        repositories === 'all' ? 'all' : new Set(repositories.map((name) => this.repository(name).id)),
      isSuspended: false,
      createdAtMs: this.nowMs(),
    };
    this.installations.set(installation.id, installation);
    return installation;
  }

  addRepository(fullName: string, options: GithubRepositoryOptions = {}): GithubRepository {
    const [owner = '', name = ''] = fullName.split('/');
    const { isPrivate = false, defaultBranch = 'main', collaborators = {}, description = null } = options;
    const path = createBareRepository(this.#folder, fullName, defaultBranch);
    const repository: GithubRepository = {
      id: this.nextId(),
      owner: this.user(owner).login,
      name,
      description,
      isPrivate,
      isArchived: false,
      hasIssues: true,
      isBlocked: false,
      allowsForking: true,
      defaultBranch,
      parent: options.parent,
      collaborators: new Map(Object.entries(collaborators)),
      protectedBranches: new Set(),
      labels: new Map(),
      issues: new Map(),
      checkSuites: [],
      checkRuns: [],
      statuses: [],
      git: new BareRepository(path),
      createdAtMs: this.nowMs(),
      pushedAtMs: this.nowMs(),
    };
    this.repositories.set(repository.id, repository);
    if (options.parent === undefined) {
      const { files = { 'README.md': `# ${name}\n` } } = options;
      if (Object.keys(files).length > 0) {
        const author = this.user(owner);
        repository.git.commit({
          branch: defaultBranch,
          files,
          message: 'Initial commit',
          author,
          atMs: this.nowMs(),
        });
      }
    }
    return repository;
  }

  /** Its git objects are those of its parent, now or later. */
  addFork(parent: GithubRepository, owner: string, name = parent.name): GithubRepository {
    const fork = this.addRepository(`${owner}/${name}`, {
      parent: parent.id,
      isPrivate: parent.isPrivate,
      defaultBranch: parent.defaultBranch,
    });
    this.#unfinishedForks.add(fork);
    if (this.forking === 'at once') this.finishForks();
    return fork;
  }

  finishForks(): void {
    for (const fork of this.#unfinishedForks) {
      if (fork.parent !== undefined) fork.git.copyBranchesOf(this.repositoryById(fork.parent).git);
    }
    this.#unfinishedForks.clear();
  }

  /** Requests for the name before are sent on. */
  rename(repository: GithubRepository, fullName: string): void {
    const [owner = '', name = ''] = fullName.split('/');
    this.#formerNames.set(fullNameOf(repository).toLowerCase(), repository.id);
    Object.assign(repository, { owner: this.user(owner).login, name });
    repository.git.moveTo(bareRepositoryPath(this.#folder, fullName));
  }

  user(login: string): GithubUser {
    const found = this.users.get(login.toLowerCase());
    if (found === undefined) throw new Error(`there is nobody called ${login}`);
    return found;
  }

  findRepository(fullName: string): GithubRepository | undefined {
    const wanted = fullName.toLowerCase();
    return [...this.repositories.values()].find(
      (repository) => fullNameOf(repository).toLowerCase() === wanted,
    );
  }

  repository(fullName: string): GithubRepository {
    const found = this.findRepository(fullName);
    if (found === undefined) throw new Error(`there is no repository ${fullName}`);
    return found;
  }

  repositoryById(id: number): GithubRepository {
    const found = this.repositories.get(id);
    if (found === undefined) throw new Error(`there is no repository ${id}`);
    return found;
  }

  /** The repository that had this name before. */
  renamedFrom(fullName: string): GithubRepository | undefined {
    const id = this.#formerNames.get(fullName.toLowerCase());
    return id === undefined ? undefined : this.repositories.get(id);
  }

  /** What an account may do, by being its owner or by what it was given; anybody may read what is public. */
  roleOf(login: string | undefined, repository: GithubRepository): GithubRole {
    const given = [...repository.collaborators].find(
      ([who]) => who.toLowerCase() === login?.toLowerCase(),
    )?.[1];
    if (login?.toLowerCase() === repository.owner.toLowerCase()) return 'admin';
    return given ?? (repository.isPrivate ? 'none' : 'read');
  }

  /** The installation of `app` that reaches the repository. */
  installationFor(app: string, repository: GithubRepository): GithubInstallation | undefined {
    return [...this.installations.values()].find(
      (installation) => installation.app === app && this.reaches(installation, repository),
    );
  }

  reaches({ account, repositories }: GithubInstallation, repository: GithubRepository): boolean {
    if (repositories !== 'all') return repositories.has(repository.id);
    return account.toLowerCase() === repository.owner.toLowerCase();
  }

  /** Open pull requests that a push to a branch moves. */
  pullsFrom(
    repository: GithubRepository,
    branch: string,
  ): readonly (readonly [GithubRepository, GithubIssue])[] {
    return [...this.repositories.values()].flatMap((base) =>
      [...base.issues.values()]
        .filter(
          ({ pull, state }) =>
            state === 'open' && pull?.headRepository === repository.id && pull.headBranch === branch,
        )
        .map((issue) => [base, issue] as const),
    );
  }
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
