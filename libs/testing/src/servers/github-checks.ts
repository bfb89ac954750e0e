import { branchesAt, checkRunObject, checkSuiteObject, suiteState } from './github-check-objects';
import { commitObject } from './github-commit-objects';
import type { GithubEmit } from './github-event';
import { time } from './github-view';
import type { GithubView } from './github-view';
import { fullNameOf } from './github-entities';
import type {
  GithubCheckAnnotation,
  GithubCheckRun,
  GithubCheckSuite,
  GithubRepository,
  GithubStatus,
} from './github-entities';

export interface GithubNewCheckRun {
  /** The slug of whose check it is; `github-actions` unless it says otherwise. */
  readonly app?: string;
  readonly name: string;
  readonly headSha: string;
  /** Completed when it has a conclusion. */
  readonly conclusion?: string | undefined;
  readonly status?: GithubCheckRun['status'] | undefined;
  readonly detailsUrl?: string | undefined;
  readonly externalId?: string | undefined;
  readonly output?: Partial<GithubCheckRun['output']> | undefined;
  readonly annotations?: readonly GithubCheckAnnotation[] | undefined;
  readonly log?: string | undefined;
}

export type GithubCheckRunChange = Pick<GithubNewCheckRun, 'conclusion' | 'status' | 'output' | 'log'>;

/** What happens to checks and commit statuses. */
export class GithubChecks {
  readonly #view: GithubView;
  readonly #emit: GithubEmit;

  constructor(view: GithubView, emit: GithubEmit) {
    this.#view = view;
    this.#emit = emit;
  }

  create(repository: GithubRepository, given: GithubNewCheckRun): GithubCheckRun {
    const { world } = this.#view;
    const { app = 'github-actions', name, headSha, conclusion, detailsUrl = null, externalId = '' } = given;
    const run: GithubCheckRun = {
      id: world.nextId(),
      app,
      suite: this.suite(repository, app, headSha).id,
      name,
      headSha,
      status: conclusion === undefined ? (given.status ?? 'queued') : 'completed',
      conclusion: conclusion ?? null,
      detailsUrl,
      externalId,
      output: { title: null, summary: null, text: null, ...given.output },
      annotations: [...(given.annotations ?? [])],
      log: given.log,
      startedAtMs: world.nowMs(),
      completedAtMs: conclusion === undefined ? undefined : world.nowMs(),
    };
    repository.checkRuns.push(run);
    this.#tellRun(repository, run, 'created');
    if (run.status === 'completed') this.#tellCompleted(repository, run);
    return run;
  }

  change(repository: GithubRepository, run: GithubCheckRun, change: GithubCheckRunChange): void {
    const wasCompleted = run.status === 'completed';
    const { conclusion, status, output, log } = change;
    if (status !== undefined) run.status = status;
    if (conclusion !== undefined) {
      Object.assign(run, { conclusion, status: 'completed', completedAtMs: this.#view.world.nowMs() });
    }
    if (output !== undefined) run.output = { ...run.output, ...output };
    if (log !== undefined) run.log = log;
    if (!wasCompleted && run.status === 'completed') this.#tellCompleted(repository, run);
  }

  /** There is one for each app and commit. */
  suite(repository: GithubRepository, app: string, headSha: string): GithubCheckSuite {
    const known = repository.checkSuites.find((suite) => suite.app === app && suite.headSha === headSha);
    if (known !== undefined) return known;
    const { world } = this.#view;
    const [branch] = repository.git.refs('refs/heads/').filter(({ sha }) => sha === headSha);
    const headBranch = branch?.ref.replace('refs/heads/', '') ?? null;
    const suite = { id: world.nextId(), app, headSha, headBranch, createdAtMs: world.nowMs() };
    repository.checkSuites.push(suite);
    return suite;
  }

  setStatus(
    repository: GithubRepository,
    creator: string,
    given: Pick<GithubStatus, 'sha' | 'state'> &
      Partial<Pick<GithubStatus, 'context' | 'description' | 'targetUrl'>>,
  ): GithubStatus {
    const { world } = this.#view;
    const { sha, state, context = 'default', description = null, targetUrl = null } = given;
    const createdAtMs = world.nowMs();
    const status = { id: world.nextId(), sha, state, context, description, targetUrl, creator, createdAtMs };
    repository.statuses.push(status);
    const payload = {
      id: status.id,
      sha,
      name: fullNameOf(repository),
      target_url: targetUrl,
      avatar_url: null,
      context,
      description,
      state,
      commit: commitObject(this.#view, repository, sha),
      branches: branchesAt(this.#view, repository, sha),
      created_at: time(createdAtMs),
      updated_at: time(createdAtMs),
    };
    this.#emit({ name: 'status', repository, sender: creator, payload });
    return status;
  }

  #tellCompleted(repository: GithubRepository, run: GithubCheckRun): void {
    this.#tellRun(repository, run, 'completed');
    const suite = this.suite(repository, run.app, run.headSha);
    const runs = repository.checkRuns.filter((one) => one.suite === suite.id);
    if (suiteState(runs).status !== 'completed') return;
    const payload = { action: 'completed', check_suite: checkSuiteObject(this.#view, repository, suite) };
    this.#emit({ name: 'check_suite', repository, sender: `${run.app}[bot]`, payload });
  }

  #tellRun(repository: GithubRepository, run: GithubCheckRun, action: string): void {
    const suite = this.suite(repository, run.app, run.headSha);
    const object = {
      ...checkRunObject(this.#view, repository, run),
      check_suite: checkSuiteObject(this.#view, repository, suite),
    };
    this.#emit({
      name: 'check_run',
      repository,
      sender: `${run.app}[bot]`,
      payload: { action, check_run: object },
    });
  }
}
