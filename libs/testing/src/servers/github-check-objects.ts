import { appObject, userObject } from './github-account-objects';
import { commitObject } from './github-commit-objects';
import { repositoryObject } from './github-repository-objects';
import { apiUrlOf, htmlUrlOf, nodeId, time, timeOrNull } from './github-view';
import type { GithubView } from './github-view';
import type {
  GithubCheckAnnotation,
  GithubCheckRun,
  GithubCheckSuite,
  GithubRepository,
  GithubStatus,
} from './github-entities';

/** https://docs.github.com/en/rest/checks/runs#get-a-check-run */
export function checkRunObject(view: GithubView, repository: GithubRepository, run: GithubCheckRun): object {
  const url = `${apiUrlOf(view, repository)}/check-runs/${run.id}`;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('CR', run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: `${htmlUrlOf(view, repository)}/runs/${run.id}`,
    details_url: run.detailsUrl ?? `${htmlUrlOf(view, repository)}/runs/${run.id}`,
    status: run.status,
    conclusion: run.conclusion,
    started_at: time(run.startedAtMs),
    completed_at: timeOrNull(run.completedAtMs),
    output: {
      ...run.output,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suite },
    app: appOf(view, run.app),
    pull_requests: pullsOf(view, repository, run.headSha),
  };
}

/** https://docs.github.com/en/rest/checks/suites#get-a-check-suite */
export function checkSuiteObject(
  view: GithubView,
  repository: GithubRepository,
  suite: GithubCheckSuite,
): object {
  const { id, headBranch, headSha, app, createdAtMs } = suite;
  const url = `${apiUrlOf(view, repository)}/check-suites/${id}`;
  const runs = repository.checkRuns.filter((run) => run.suite === id);
  const { tree, message, author, committer } = repository.git.commitOf(headSha);
  return {
    id,
    node_id: nodeId('CS', id),
    head_branch: headBranch,
    head_sha: headSha,
    ...suiteState(runs),
    url,
    before: repository.git.commitOf(headSha).parents[0] ?? '0'.repeat(40),
    after: headSha,
    pull_requests: pullsOf(view, repository, headSha),
    app: appOf(view, app),
    repository: repositoryObject(view, repository),
    created_at: time(createdAtMs),
    updated_at: time(createdAtMs),
    head_commit: {
      id: headSha,
      tree_id: tree,
      message,
      timestamp: author.date,
      author: { name: author.name, email: author.email },
      committer: { name: committer.name, email: committer.email },
    },
    latest_check_runs_count: runs.length,
    check_runs_url: `${url}/check-runs`,
  };
}

const WORST_FIRST = [
  ...['failure', 'timed_out', 'cancelled', 'action_required', 'startup_failure', 'stale'],
  ...['success', 'neutral', 'skipped'],
];

/** A suite ends as the worst of its runs. */
export function suiteState(runs: readonly GithubCheckRun[]): {
  readonly status: string;
  readonly conclusion: string | null;
} {
  if (runs.length === 0) return { status: 'queued', conclusion: null };
  if (runs.some(({ status }) => status !== 'completed')) return { status: 'in_progress', conclusion: null };
  const worst = WORST_FIRST.find((conclusion) => runs.some((run) => run.conclusion === conclusion));
  return { status: 'completed', conclusion: worst ?? 'neutral' };
}

/** https://docs.github.com/en/rest/checks/runs#list-check-run-annotations */
export function annotationObject(
  view: GithubView,
  repository: GithubRepository,
  { headSha }: GithubCheckRun,
  { path, startLine, endLine, level, message }: GithubCheckAnnotation,
): object {
  return {
    path,
    start_line: startLine,
    end_line: endLine,
    start_column: null,
    end_column: null,
    annotation_level: level,
    title: '',
    message,
    raw_details: '',
    blob_href: `${apiUrlOf(view, repository)}/contents/${encodeURI(path)}?ref=${headSha}`,
  };
}

/** https://docs.github.com/en/rest/commits/statuses */
export function statusObject(view: GithubView, repository: GithubRepository, status: GithubStatus): object {
  const { id, sha, context, state, description, targetUrl, creator, createdAtMs } = status;
  return {
    url: `${apiUrlOf(view, repository)}/statuses/${sha}`,
    avatar_url: `${view.htmlUrl}/avatars/u/${id}?v=4`,
    id,
    node_id: nodeId('SC', id),
    state,
    description,
    target_url: targetUrl,
    context,
    created_at: time(createdAtMs),
    updated_at: time(createdAtMs),
    creator: userObject(view, creator),
  };
}

/** Newest first. */
export function statusesOf(repository: GithubRepository, sha: string): readonly GithubStatus[] {
  return repository.statuses.filter((status) => status.sha === sha).toReversed();
}

/** https://docs.github.com/en/rest/commits/statuses#get-the-combined-status-for-a-specific-reference: the last one of each context counts. */
export function latestStatuses(repository: GithubRepository, sha: string): readonly GithubStatus[] {
  const latest = new Map<string, GithubStatus>();
  for (const status of statusesOf(repository, sha)) {
    if (!latest.has(status.context)) latest.set(status.context, status);
  }
  return [...latest.values()];
}

export function combinedState(statuses: readonly GithubStatus[]): string {
  if (statuses.some(({ state }) => state === 'error' || state === 'failure')) return 'failure';
  return statuses.length === 0 || statuses.some(({ state }) => state === 'pending') ? 'pending' : 'success';
}

export function branchesAt(view: GithubView, repository: GithubRepository, sha: string): readonly object[] {
  const commit = commitObject(view, repository, sha);
  return repository.git
    .refs('refs/heads/')
    .filter((ref) => ref.sha === sha)
    .map(({ ref }) => ({
      name: ref.replace('refs/heads/', ''),
      commit: { sha, url: commit['url'] },
      protected: repository.protectedBranches.has(ref.replace('refs/heads/', '')),
    }));
}

function appOf(view: GithubView, slug: string): object | null {
  const app = view.world.apps.get(slug);
  return app === undefined ? null : appObject(view, app);
}

/** Those of the same repository only: checks of forks name none. */
function pullsOf(view: GithubView, repository: GithubRepository, sha: string): readonly object[] {
  const small = { id: repository.id, url: apiUrlOf(view, repository), name: repository.name };
  return [...repository.issues.values()].flatMap(({ id, number, state, pull }) => {
    if (pull?.headSha !== sha || state !== 'open' || pull.headRepository !== repository.id) return [];
    return {
      id,
      url: `${apiUrlOf(view, repository)}/pulls/${number}`,
      number,
      head: { ref: pull.headBranch, sha: pull.headSha, repo: small },
      base: { ref: pull.baseBranch, sha: pull.baseSha, repo: small },
    };
  });
}
