import { mkdirSync } from 'node:fs';
import { BareRepository } from './bare-repository';
import { bareRepositoryPath, createBareRepository } from './loopback-git';
import { fullNameOf } from './github-entities';
import type {
  GithubApp,
  GithubInstallation,
  GithubIssue,
  GithubRepository,
  GithubRole,
  GithubUser,
} from './github-entities';

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
