import { issueUrl, sessionBranch } from '@swe/domain';
import type {
  IssueRef,
  Journal,
  Outcome,
  Processes,
  Random,
  RepoHost,
  Repository,
  SessionStore,
} from '@swe/domain';
import { readAgentWork } from './demo-evidence';
import type { DemoEvidence } from './demo-evidence';
import { demoRepository } from './demo-repository';
import type { DemoBug, DemoIssue, DemoRepository } from './demo-repository';
import { brief, checkOf, DEMO_STEPS, failed, judge, ok } from './demo-verdict-policy';
import type { DemoCheck, DemoStep, Finding } from './demo-verdict-policy';
import { testFreshClone } from './test-fresh-clone';

/** Where the demo's repository and issue come to be. */
export interface DemoForge {
  /** Makes a repository with one commit of these files (content by path) on its default branch. */
  createRepository(name: string, files: Readonly<Record<string, string>>): Promise<Repository>;
  createIssue(repository: Repository, issue: DemoIssue): Promise<IssueRef>;
}

export interface DemoPorts {
  readonly forge: DemoForge;
  readonly repoHost: Pick<RepoHost, 'branchHead' | 'findPullRequest'>;
  readonly store: Pick<SessionStore, 'load'>;
  readonly journal: Pick<Journal, 'read'>;
  /** In a workspace of the demo's own, which the agent does not work in. */
  readonly processes: Pick<Processes, 'run'>;
  readonly random: Random;
}

export interface DemoRun {
  /** Has the agent work on the issue until its turn ends. */
  runTask(issueUrl: string): Promise<{ readonly sessionId: string; readonly outcome: Outcome | undefined }>;
  /** Told of each check as soon as it is known, in the order of the steps. */
  readonly onCheck?: (check: DemoCheck) => void;
  readonly signal: AbortSignal;
}

export interface DemoVerdict {
  readonly ok: boolean;
  /** One for each step, in order. The first that is not ok is the culprit. */
  readonly checks: readonly DemoCheck[];
  readonly bug: DemoBug;
  readonly pullRequestUrl?: string;
}

interface Stage {
  readonly repository: Repository;
  readonly issue: IssueRef;
}

/**
 * Shows the whole way of a task: makes a repository with a bug and an issue about it, proves that its tests fail,
 * has the agent work, and judges the result from outside: by the journal, by the repository's host, and by the tests
 * in a fresh clone of the pull request's branch. What the agent says about itself does not count.
 */
export async function runDemo(ports: DemoPorts, run: DemoRun): Promise<DemoVerdict> {
  const demo = demoRepository(ports.random);
  const checks: DemoCheck[] = [];
  const conclude = (
    findings: ReadonlyMap<DemoStep, Finding>,
    steps: readonly DemoStep[] = DEMO_STEPS,
  ): void => {
    for (const step of steps) {
      const check = checkOf(step, findings.get(step), checks);
      checks.push(check);
      run.onCheck?.(check);
    }
  };

  const { stage, findings } = await setUp(ports, demo, run.signal);
  if (stage === undefined) {
    conclude(findings);
    return { ok: false, checks, bug: demo.bug };
  }
  conclude(findings, ['repository']);
  const { sessionId, outcome } = await run.runTask(issueUrl(stage.issue));
  const evidence = await gatherEvidence(ports, stage, sessionId, outcome, run.signal);
  conclude(judge(evidence), DEMO_STEPS.slice(1));
  return {
    ok: checks.every((check) => check.ok),
    checks,
    bug: demo.bug,
    ...(evidence.pullRequest === undefined ? {} : { pullRequestUrl: evidence.pullRequest.url }),
  };
}

/**
 * Makes the repository and its issue, and proves that the tests fail. When git or the test command do not work here,
 * they would not for the agent: its steps of these names are to blame, and there is no stage to work on.
 */
async function setUp(
  { forge, processes }: DemoPorts,
  { name, files, issue: draft }: DemoRepository,
  signal: AbortSignal,
): Promise<{ stage?: Stage; findings: ReadonlyMap<DemoStep, Finding> }> {
  const findings = new Map<DemoStep, Finding>();
  let stage: Stage;
  try {
    const repository = await forge.createRepository(name, files);
    stage = { repository, issue: await forge.createIssue(repository, draft) };
  } catch (error) {
    findings.set(
      'repository',
      failed(
        `The repository could not be made: ${brief(Error.isError(error) ? error.message : String(error))}`,
      ),
    );
    return { findings };
  }
  const { repository, issue } = stage;
  const made = `Made ${repository.url} with ${Object.keys(files).length} files and issue ${issue.number}`;
  const fresh = await testFreshClone(
    processes,
    repository,
    repository.defaultBranch,
    `${name}-before`,
    signal,
  );
  if (fresh.passed) {
    findings.set('repository', failed(`${made}, but its tests pass: there is nothing to repair.`));
    return { findings };
  }
  if (fresh.ran) {
    findings.set('repository', ok(`${made}; its tests fail as they should (${fresh.detail}).`));
    return { stage, findings };
  }
  findings.set('repository', ok(`${made}.`));
  if (!fresh.cloned) {
    findings.set('clone', failed(`A fresh clone of ${repository.url} failed: ${brief(fresh.detail)}`));
    return { findings };
  }
  findings.set('clone', ok(`A fresh clone of ${repository.url} works; the agent was not started.`));
  findings.set('test', failed(`The tests of a fresh clone did not run: ${brief(fresh.detail)}`));
  return { findings };
}

async function gatherEvidence(
  { repoHost, store, journal, processes }: DemoPorts,
  { repository, issue }: Stage,
  sessionId: string,
  outcome: Outcome | undefined,
  signal: AbortSignal,
): Promise<DemoEvidence> {
  const { url, name, defaultBranch } = repository;
  const session = await store.load(sessionId);
  const own = session?.pullRequests.findLast((request) => request.repository === url);
  const branch = own?.headBranch ?? sessionBranch(sessionId, issue.number);
  const pullRequest = await repoHost.findPullRequest(url, branch);
  return {
    repository: url,
    issueNumber: issue.number,
    outcome,
    work: await readAgentWork(journal.read(sessionId, 1)),
    branch,
    headSha: await repoHost.branchHead(url, branch),
    baseSha: await repoHost.branchHead(url, defaultBranch),
    pullRequest,
    fresh: pullRequest && (await testFreshClone(processes, repository, branch, `${name}-after`, signal)),
  };
}
