import { Fault } from '@swe/domain';
import type { Check, Clock, Issue, IssueRef, PullRequest } from '@swe/domain';
import { commitFiles } from './commit-files';
import { ForgeRepoHost } from './forge-repo-host';
import { ForgeStore } from './forge-store';
import { mergePullRequest } from './merge-pull-request';
import { mirrorRepository } from './mirror-repository';
import type { MirroredRepository } from './mirror-repository';
import { issuesOf, pullRequestsOf, repositoriesOf } from './list-forge';
import { pullRequestDiff } from './pull-request-diff';
import { loadPullRequest } from './pull-request-row';

export interface ForgeOptions {
  /** Made when absent. Any number of processes may have the same folder open. */
  readonly folder: string;
  /** All that git gets of an environment: `PATH` at least, `HOME` for the person's own credentials. */
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** Who signs what the agent writes. */
  readonly author?: string;
}

export interface NewRepository {
  readonly defaultBranch?: string;
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * A repository host in a folder: bare git repositories, and one SQLite file with their issues, pull requests,
 * comments and checks. `host` is what agents use; the rest is what people do in a browser elsewhere.
 */
export class Forge {
  readonly host: ForgeRepoHost;
  readonly #store: ForgeStore;

  constructor(store: ForgeStore, author: string) {
    this.#store = store;
    this.host = new ForgeRepoHost(store, author);
  }

  /**
   * Makes a repository and returns its URL: empty, or with one commit of `files` (content by path). A name in use is
   * a `conflict`.
   */
  async createRepository(
    name: string,
    { defaultBranch = 'main', files = {} }: NewRepository = {},
  ): Promise<string> {
    if (!/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(name)) {
      throw new Fault(
        'invalid',
        `a repository cannot be named ${name}: use letters, digits, dots and dashes`,
      );
    }
    // The folder first: a row without one could not be repaired by asking again.
    await this.#store.makeBare(name, defaultBranch);
    const sql = 'INSERT INTO repository (name, default_branch) VALUES (?, ?) ON CONFLICT DO NOTHING';
    if (this.#store.database.run(sql, name, defaultBranch) === 0) {
      throw new Fault('conflict', `there already is a repository forge://${name}`);
    }
    if (Object.keys(files).length > 0) await commitFiles(this.#store, name, defaultBranch, files);
    return `forge://${name}`;
  }

  /** See `mirrorRepository`. */
  mirrorRepository(source: string, options: { readonly branch?: string } = {}): Promise<MirroredRepository> {
    return mirrorRepository(this.#store, source, options);
  }

  async createIssue(
    repository: string,
    issue: Pick<Issue, 'title' | 'body' | 'author'> & Partial<Pick<Issue, 'labels'>>,
  ): Promise<IssueRef> {
    const { url, name } = this.#store.repository(repository);
    const { title, body, author, labels = [] } = issue;
    return this.#store.database.write(() => {
      const number = this.#store.nextNumber(name);
      this.#store.database.run(
        `INSERT INTO issue (repository, number, title, body, author, state, labels)
          VALUES (?, ?, ?, ?, ?, 'open', ?)`,
        name,
        number,
        title,
        body,
        author,
        JSON.stringify(labels),
      );
      return { repository: url, number };
    });
  }

  /** A check of the same name on the same commit is replaced. */
  async setCheck(repository: string, sha: string, { name, state, summary }: Check): Promise<void> {
    this.#store.database.run(
      'INSERT OR REPLACE INTO check_state (repository, sha, name, state, summary) VALUES (?, ?, ?, ?, ?)',
      this.#store.repository(repository).name,
      sha,
      name,
      state,
      summary,
    );
  }

  /** See `mergePullRequest`. What mirrors a source gets its branches back with the next `mirrorRepository`. */
  mergePullRequest(repository: string, number: number): Promise<PullRequest> {
    return mergePullRequest(this.#store, repository, number);
  }

  /** See `repositoriesOf`. */
  repositories() {
    return repositoriesOf(this.#store);
  }

  /** See `issuesOf` and `pullRequestsOf`. */
  contents(repository: string) {
    const { name } = this.#store.repository(repository);
    return { issues: issuesOf(this.#store, name), pullRequests: pullRequestsOf(this.#store, name) };
  }

  /** See `pullRequestDiff`. */
  diff(repository: string, number: number): Promise<string> {
    return pullRequestDiff(this.#store, repository, number);
  }

  /** Closes an open pull request without merging it. A closed or merged one stays as it is. */
  async closePullRequest(repository: string, number: number): Promise<void> {
    const { name } = this.#store.repository(repository);
    loadPullRequest(this.#store, name, number);
    const sql =
      "UPDATE pull_request SET state = 'closed' WHERE repository = ? AND number = ? AND state = 'open'";
    this.#store.database.run(sql, name, number);
  }

  /** Throws `invalid` when its database is damaged. */
  check(): void {
    this.#store.database.check();
  }

  close(): void {
    this.#store.database.close();
  }
}

export function openForge({ folder, env, clock, author = 'swe-agent' }: ForgeOptions): Forge {
  return new Forge(new ForgeStore({ folder, env, clock }), author);
}
