import { z } from 'zod';
import {
  annotationObject,
  checkRunObject,
  checkSuiteObject,
  combinedState,
  latestStatuses,
  statusesOf,
  statusObject,
} from './github-check-objects';
import { page } from './github-page';
import { GithubRefusal, notFound } from './github-refusal';
import { repositoryObject } from './github-repository-objects';
import { bodyOf, commitAt, created, ofRepository, ok } from './github-route';
import type { GithubAnswer, GithubRoute, RepositoryCall } from './github-route';
import { apiUrlOf, htmlUrlOf, nodeId, time, timeOrNull } from './github-view';
import type { GithubCheckRun } from './github-entities';

/** https://docs.github.com/en/rest/checks, /commits/statuses and /actions/workflow-jobs */
export const CHECK_ROUTES: readonly GithubRoute[] = [
  ofRepository('GET', '/commits/{ref}/check-runs', 'checks=read', checkRuns),
  ofRepository('GET', '/commits/{ref}/check-suites', 'checks=read', checkSuites),
  ofRepository('GET', '/check-suites/{check_suite_id}/check-runs', 'checks=read', (call) =>
    listRuns(
      call,
      call.repository.checkRuns.filter(({ suite }) => suite === Number(call.params['check_suite_id'])),
    ),
  ),
  ofRepository('POST', '/check-runs', 'checks=write', createCheckRun, 'write'),
  ofRepository('GET', '/check-runs/{check_run_id}', 'checks=read', (call) =>
    ok(checkRunObject(call.view, call.repository, runOf(call, 'check_run_id'))),
  ),
  ofRepository('PATCH', '/check-runs/{check_run_id}', 'checks=write', updateCheckRun, 'write'),
  ofRepository('GET', '/check-runs/{check_run_id}/annotations', 'checks=read', (call) => {
    const run = runOf(call, 'check_run_id');
    return page(call, run.annotations, (one) => annotationObject(call.view, call.repository, run, one));
  }),
  ofRepository('GET', '/commits/{ref}/status', 'statuses=read', combinedStatus),
  ofRepository('GET', '/commits/{ref}/statuses', 'statuses=read', (call) =>
    page(call, statusesOf(call.repository, commitAt(call, call.params['ref'] ?? '')), (status) =>
      statusObject(call.view, call.repository, status),
    ),
  ),
  ofRepository('POST', '/statuses/{sha}', 'statuses=write', setStatus, 'write'),
  ofRepository('GET', '/actions/jobs/{job_id}', 'actions=read', (call) => ok(jobObject(call, jobOf(call)))),
  ofRepository('GET', '/actions/jobs/{job_id}/logs', 'actions=read', jobLog),
];

/** `filter=all` also shows runs that a later one of the same name has replaced. */
function checkRuns(call: RepositoryCall): GithubAnswer {
  const { searchParams } = call.url;
  const sha = commitAt(call, call.params['ref'] ?? '');
  const all = call.repository.checkRuns.filter(({ headSha }) => headSha === sha);
  const shown = searchParams.get('filter') === 'all' ? all : latest(all);
  const name = searchParams.get('check_name');
  const status = searchParams.get('status');
  const appId = searchParams.get('app_id');
  return listRuns(
    call,
    shown.filter(
      (run) =>
        (name === null || run.name === name) &&
        (status === null || run.status === status) &&
        (appId === null || String(call.world.apps.get(run.app)?.id) === appId),
    ),
  );
}

function latest(runs: readonly GithubCheckRun[]): readonly GithubCheckRun[] {
  const byName = new Map(runs.map((run) => [`${run.app} ${run.name}`, run]));
  return [...byName.values()];
}

function listRuns(call: RepositoryCall, runs: readonly GithubCheckRun[]): GithubAnswer {
  return page(
    call,
    runs,
    (run) => checkRunObject(call.view, call.repository, run),
    (check_runs, total_count) => ({ total_count, check_runs }),
  );
}

function checkSuites(call: RepositoryCall): GithubAnswer {
  const sha = commitAt(call, call.params['ref'] ?? '');
  return page(
    call,
    call.repository.checkSuites.filter(({ headSha }) => headSha === sha),
    (suite) => checkSuiteObject(call.view, call.repository, suite),
    (check_suites, total_count) => ({ total_count, check_suites }),
  );
}

const output = z.object({
  title: z.string(),
  summary: z.string(),
  text: z.string().nullable().default(null),
});

const newCheckRun = z.object({
  name: z.string(),
  head_sha: z.string(),
  status: z.enum(['queued', 'in_progress', 'completed']).optional(),
  conclusion: z.string().optional(),
  details_url: z.string().optional(),
  external_id: z.string().optional(),
  output: output.optional(),
});

/** Apps only: https://docs.github.com/en/rest/checks/runs#create-a-check-run */
function createCheckRun(call: RepositoryCall): GithubAnswer {
  const { grant, repository } = call;
  if (grant?.kind !== 'installation') {
    throw new GithubRefusal(403, 'You must authenticate via a GitHub App.');
  }
  const given = bodyOf(call, newCheckRun);
  if (repository.git.resolve(given.head_sha) === undefined) {
    throw new GithubRefusal(422, `No commit found for SHA: ${given.head_sha}`);
  }
  const run = call.activity.checks.create(repository, {
    app: grant.installation.app,
    name: given.name,
    headSha: given.head_sha,
    status: given.status,
    conclusion: given.conclusion,
    detailsUrl: given.details_url,
    externalId: given.external_id,
    output: given.output,
  });
  return created(checkRunObject(call.view, repository, run));
}

function updateCheckRun(call: RepositoryCall): GithubAnswer {
  const { grant, repository } = call;
  const run = runOf(call, 'check_run_id');
  if (grant?.kind !== 'installation' || grant.installation.app !== run.app) {
    throw new GithubRefusal(
      403,
      'Invalid app_id `' + run.app + '` - check run can only be modified by the GitHub App that created it.',
    );
  }
  const { conclusion, status, output: words } = bodyOf(call, newCheckRun.partial());
  call.activity.checks.change(repository, run, { conclusion, status, output: words });
  return ok(checkRunObject(call.view, repository, run));
}

function runOf({ repository, params }: RepositoryCall, name: string): GithubCheckRun {
  const run = repository.checkRuns.find(({ id }) => id === Number(params[name]));
  if (run === undefined) throw notFound();
  return run;
}

function combinedStatus(call: RepositoryCall): GithubAnswer {
  const { view, repository, params } = call;
  const sha = commitAt(call, params['ref'] ?? '');
  const statuses = latestStatuses(repository, sha);
  const url = `${apiUrlOf(view, repository)}/commits/${sha}`;
  return page(
    call,
    statuses,
    (status) => statusObject(view, repository, status),
    (shown, total_count) => ({
      state: combinedState(statuses),
      statuses: shown,
      sha,
      total_count,
      repository: repositoryObject(view, repository),
      commit_url: url,
      url: `${url}/status`,
    }),
  );
}

const newStatus = z.object({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  context: z.string().optional(),
  description: z.string().nullish(),
  target_url: z.string().nullish(),
});

function setStatus(call: RepositoryCall): GithubAnswer {
  const { state, context, description, target_url: targetUrl } = bodyOf(call, newStatus);
  const sha = commitAt(call, call.params['sha'] ?? '');
  const status = call.activity.checks.setStatus(call.repository, call.by, {
    sha,
    state,
    ...(context !== undefined && { context }),
    description: description ?? null,
    targetUrl: targetUrl ?? null,
  });
  return created(statusObject(call.view, call.repository, status) as { url?: unknown });
}

/** A job's id is that of its check run. */
function jobOf(call: RepositoryCall): GithubCheckRun {
  const run = runOf(call, 'job_id');
  if (run.app !== 'github-actions') throw notFound();
  return run;
}

function jobObject({ view, repository }: RepositoryCall, run: GithubCheckRun): object {
  const api = apiUrlOf(view, repository);
  return {
    id: run.id,
    run_id: run.suite,
    workflow_name: 'CI',
    head_branch: repository.defaultBranch,
    run_url: `${api}/actions/runs/${run.suite}`,
    run_attempt: 1,
    node_id: nodeId('CR', run.id),
    head_sha: run.headSha,
    url: `${api}/actions/jobs/${run.id}`,
    html_url: `${htmlUrlOf(view, repository)}/actions/runs/${run.suite}/job/${run.id}`,
    status: run.status,
    conclusion: run.conclusion,
    created_at: time(run.startedAtMs),
    started_at: time(run.startedAtMs),
    completed_at: timeOrNull(run.completedAtMs),
    name: run.name,
    steps: [],
    check_run_url: `${api}/check-runs/${run.id}`,
    labels: ['ubuntu-latest'],
    runner_id: 1,
    runner_name: 'GitHub Actions 1',
    runner_group_id: 2,
    runner_group_name: 'GitHub Actions',
  };
}

/** An address for one minute, which takes no credential: https://docs.github.com/en/rest/actions/workflow-jobs#download-job-logs-for-a-workflow-run */
function jobLog(call: RepositoryCall): GithubAnswer {
  const run = jobOf(call);
  if (run.log === undefined) throw notFound();
  const location = `${call.view.htmlUrl}/_job-logs/${run.id}?se=${call.world.nowMs() + 60_000}`;
  return { status: 302, headers: { location } };
}
