import { closedIssues, Fault, jsonText } from '@swe/domain';
import type {
  Check,
  Comment,
  Issue,
  IssueRef,
  PullRequest,
  PullRequestChange,
  PullRequestDraft,
  RepoHost,
  Repository,
} from '@swe/domain';
import { z } from 'zod';
import type { ForgeStore } from './forge-store';
import { findOpenPullRequest, loadPullRequest, toPullRequest } from './pull-request-row';

const issueRow = z.object({
  title: z.string(),
  body: z.string(),
  author: z.string(),
  state: z.enum(['open', 'closed']),
  labels: jsonText(z.array(z.string())),
});
const commentRow = z
  .object({ id: z.int(), author: z.string(), body: z.string(), created_at_ms: z.int() })
  .transform(({ id, author, body, created_at_ms: createdAtMs }): Comment => {
    return { id: String(id), author, body, createdAtMs };
  });
const checkRow = z.object({
  name: z.string(),
  state: z.enum(['pending', 'success', 'failure', 'cancelled', 'neutral']),
  summary: z.string(),
});
const numberRow = z.object({ number: z.int() });

/** The built-in repository host; `author` signs what it writes. */
export class ForgeRepoHost implements RepoHost {
  readonly #store: ForgeStore;
  readonly #author: string;

  constructor(store: ForgeStore, author: string) {
    this.#store = store;
    this.#author = author;
  }

  async repository(url: string): Promise<Repository> {
    return this.#store.repository(url);
  }

  async issue({ repository, number }: IssueRef): Promise<Issue> {
    const { url, name } = this.#store.repository(repository);
    const { database } = this.#store;
    const issue = database.get(
      issueRow,
      `SELECT title, body, author, state, labels FROM issue WHERE repository = ?1 AND number = ?2
        UNION SELECT title, body, ?3, iif(state = 'open', 'open', 'closed'), '[]' FROM pull_request
          WHERE repository = ?1 AND number = ?2`,
      name,
      number,
      this.#author,
    );
    if (issue === undefined) throw new Fault('missing', `${url} has no issue ${number}`);
    const comments = database.all(
      commentRow,
      'SELECT id, author, body, created_at_ms FROM comment WHERE repository = ? AND number = ? ORDER BY id',
      name,
      number,
    );
    return { repository: url, number, ...issue, comments };
  }

  async comment({ repository, number }: IssueRef, body: string, effectKey: string): Promise<Comment> {
    const { url, name } = this.#store.repository(repository);
    const { database, clock } = this.#store;
    return database.write(() => {
      const target = database.get(
        numberRow,
        `SELECT number FROM issue WHERE repository = ?1 AND number = ?2
          UNION SELECT number FROM pull_request WHERE repository = ?1 AND number = ?2`,
        name,
        number,
      );
      if (target === undefined) throw new Fault('missing', `${url} has no issue or pull request ${number}`);
      const written = database.get(
        commentRow,
        `INSERT INTO comment (repository, number, effect_key, author, body, created_at_ms)
          VALUES (?, ?, ?, ?, ?, ?) RETURNING id, author, body, created_at_ms`,
        name,
        number,
        effectKey,
        this.#author,
        body,
        clock.nowMs(),
      );
      if (written === undefined) throw new Error('SQLite returned no row for an insert');
      return written;
    });
  }

  async findComment({ repository, number }: IssueRef, effectKey: string): Promise<Comment | undefined> {
    return this.#store.database.get(
      commentRow,
      `SELECT id, author, body, created_at_ms FROM comment
        WHERE repository = ? AND number = ? AND effect_key = ? ORDER BY id LIMIT 1`,
      this.#store.repository(repository).name,
      number,
      effectKey,
    );
  }

  async branchHead(repository: string, branch: string): Promise<string | undefined> {
    return this.#store.git.branchHead(this.#store.repository(repository).cloneUrl, branch);
  }

  async isOnBranch(repository: string, branch: string, sha: string): Promise<boolean> {
    const { cloneUrl } = this.#store.repository(repository);
    const head = await this.branchHead(repository, branch);
    return head !== undefined && (await this.#store.git.has(cloneUrl, sha, head));
  }

  async pullRequest(repository: string, number: number): Promise<PullRequest> {
    const known = this.#store.repository(repository);
    return toPullRequest(this.#store.git, known, loadPullRequest(this.#store, known.name, number));
  }

  /** No repository here is another's fork. */
  async findPullRequest(
    repository: string,
    headBranch: string,
    headRepository?: string,
  ): Promise<PullRequest | undefined> {
    if (headRepository !== undefined && headRepository !== repository) return undefined;
    const known = this.#store.repository(repository);
    const row = findOpenPullRequest(this.#store, known.name, headBranch);
    return row && toPullRequest(this.#store.git, known, row);
  }

  async openPullRequest(draft: PullRequestDraft): Promise<PullRequest> {
    const known = this.#store.repository(draft.repository);
    const { headRepository = known.url, headBranch, baseBranch, title, body, isDraft = false } = draft;
    if (headRepository !== known.url) throw new Fault('invalid', `${known.url} has no forks`);
    const headSha = await this.#newCommit(known, draft);
    const { database } = this.#store;
    const row = database.write(() => {
      const open = findOpenPullRequest(this.#store, known.name, headBranch);
      if (open !== undefined) {
        throw new Fault('conflict', `${headBranch} already has the open pull request ${open.number}`);
      }
      const number = this.#store.nextNumber(known.name);
      database.run(
        `INSERT INTO pull_request
          (repository, number, head_branch, base_branch, head_sha, title, body, closes, is_draft, state)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open')`,
        known.name,
        number,
        headBranch,
        baseBranch,
        headSha,
        title,
        body,
        JSON.stringify(closedIssues(body)),
        Number(isDraft),
      );
      return loadPullRequest(this.#store, known.name, number);
    });
    return toPullRequest(this.#store.git, known, row);
  }

  async updatePullRequest(
    repository: string,
    number: number,
    { title, body, isDraft }: PullRequestChange,
  ): Promise<PullRequest> {
    const known = this.#store.repository(repository);
    const { database } = this.#store;
    const row = database.write(() => {
      database.run(
        `UPDATE pull_request SET title = ?, body = ?, closes = ?, is_draft = coalesce(?, is_draft)
          WHERE repository = ? AND number = ?`,
        title,
        body,
        JSON.stringify(closedIssues(body)),
        isDraft === undefined ? null : Number(isDraft),
        known.name,
        number,
      );
      return loadPullRequest(this.#store, known.name, number);
    });
    return toPullRequest(this.#store.git, known, row);
  }

  async checks(repository: string, sha: string): Promise<readonly Check[]> {
    const { name } = this.#store.repository(repository);
    const sql = 'SELECT name, state, summary FROM check_state WHERE repository = ? AND sha = ? ORDER BY name';
    return this.#store.database.all(checkRow, sql, name, sha);
  }

  /** The head of a draft that can become a pull request. */
  async #newCommit({ cloneUrl, url }: Repository, draft: PullRequestDraft): Promise<string> {
    const { git } = this.#store;
    const [head, base] = await Promise.all([
      git.branchHead(cloneUrl, draft.headBranch),
      git.branchHead(cloneUrl, draft.baseBranch),
    ]);
    if (head === undefined)
      throw new Fault('invalid', `${url} has no branch ${draft.headBranch}: push it first`);
    if (base === undefined)
      throw new Fault('invalid', `${url} has no branch ${draft.baseBranch} to merge into`);
    if (await git.isAncestor(cloneUrl, head, base)) {
      const { headBranch, baseBranch } = draft;
      throw new Fault(
        'invalid',
        `${headBranch} has no commit that ${baseBranch} lacks: commit and push first`,
      );
    }
    return head;
  }
}
