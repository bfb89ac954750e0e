import type { GitCommit, GitNewCommit } from './git-objects';
import type { GithubEmit } from './github-event';
import type { GitRefChange } from './git-hooks';
import { isPullRequest, refreshPull } from './github-pull';
import { toldPullObject } from './github-pull-objects';
import { htmlUrlOf } from './github-view';
import type { GithubView } from './github-view';
import type { GithubRepository } from './github-entities';

const ZEROS = '0'.repeat(40);
/** https://docs.github.com/en/webhooks/webhook-events-and-payloads#push */
const MOST_COMMITS = 2_048;

/** What happens to refs. */
export class GithubPushes {
  readonly #view: GithubView;
  readonly #emit: GithubEmit;

  constructor(view: GithubView, emit: GithubEmit) {
    this.#view = view;
    this.#emit = emit;
  }

  /** A commit that a person pushes, past every protection. Its hash. */
  commit(
    repository: GithubRepository,
    by: string,
    given: Pick<GitNewCommit, 'branch' | 'files' | 'from'> & { readonly message?: string },
  ): string {
    const { world } = this.#view;
    const { message = 'A change', ...rest } = given;
    const ref = `refs/heads/${given.branch}`;
    const before = repository.git.resolve(ref) ?? ZEROS;
    const author = world.user(by);
    const from = given.from === undefined ? {} : { from: repository.git.resolve(given.from) ?? given.from };
    const after = repository.git.commit({ ...rest, ...from, message, author, atMs: world.nowMs() });
    this.moved(repository, by, [{ ref, before, after }]);
    return after;
  }

  /** Moves a ref, or makes it. */
  setRef(repository: GithubRepository, by: string, ref: string, after: string): void {
    const before = repository.git.resolve(ref) ?? ZEROS;
    repository.git.setRef(ref, after);
    this.moved(repository, by, [{ ref, before, after }]);
  }

  deleteRef(repository: GithubRepository, by: string, ref: string): void {
    const before = repository.git.resolve(ref) ?? ZEROS;
    repository.git.deleteRef(ref);
    this.moved(repository, by, [{ ref, before, after: ZEROS }]);
  }

  /** Tells of refs that have moved, and moves the pull requests from them. */
  moved(repository: GithubRepository, by: string, changes: readonly GitRefChange[]): void {
    repository.pushedAtMs = this.#view.world.nowMs();
    for (const change of changes) {
      this.#emit({ name: 'push', repository, sender: by, payload: this.#payload(repository, by, change) });
      this.#movePulls(repository, by, change);
    }
  }

  #movePulls(repository: GithubRepository, sender: string, { ref, before, after }: GitRefChange): void {
    const { world } = this.#view;
    for (const [base, issue] of world.pullsFrom(repository, ref.replace('refs/heads/', ''))) {
      if (!isPullRequest(issue) || !refreshPull(world, base, issue)) continue;
      issue.updatedAtMs = world.nowMs();
      this.#emit({
        name: 'pull_request',
        repository: base,
        sender,
        payload: {
          action: 'synchronize',
          number: issue.number,
          before,
          after,
          pull_request: toldPullObject(this.#view, base, issue),
        },
      });
    }
  }

  #payload(
    repository: GithubRepository,
    by: string,
    { ref, before, after }: GitRefChange,
  ): Readonly<Record<string, unknown>> {
    const { git } = repository;
    const isCreated = before === ZEROS;
    const isDeleted = after === ZEROS;
    const isForced = !isCreated && !isDeleted && !git.isAncestor(before, after);
    const fresh = isDeleted ? [] : git.log(isCreated ? after : `${before}..${after}`).slice(0, MOST_COMMITS);
    const html = htmlUrlOf(this.#view, repository);
    const pusher = this.#view.world.user(by);
    return {
      ref,
      before,
      after,
      created: isCreated,
      deleted: isDeleted,
      forced: isForced,
      base_ref: null,
      compare: `${html}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
      commits: fresh.toReversed().map((sha) => this.#commitObject(repository, git.commitOf(sha))),
      head_commit: isDeleted ? null : this.#commitObject(repository, git.commitOf(after)),
      pusher: { name: pusher.login, email: pusher.email },
    };
  }

  #commitObject(repository: GithubRepository, commit: GitCommit): object {
    const files = commit.parents[0] === undefined ? [] : repository.git.diff(commit.parents[0], commit.sha);
    const named = (status: string) => files.filter((file) => file.status === status).map(({ path }) => path);
    const person = ({ name, email }: GitCommit['author']) => ({ name, email });
    return {
      id: commit.sha,
      tree_id: commit.tree,
      distinct: true,
      message: commit.message,
      timestamp: commit.author.date,
      url: `${htmlUrlOf(this.#view, repository)}/commit/${commit.sha}`,
      author: person(commit.author),
      committer: person(commit.committer),
      added: named('added'),
      removed: named('removed'),
      modified: [...named('modified'), ...named('renamed')],
    };
  }
}
