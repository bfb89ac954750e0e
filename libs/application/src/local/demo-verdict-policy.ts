import { closedIssues } from '@swe/domain';
import type { DemoEvidence, ToolFact } from './demo-evidence';

export const DEMO_STEPS = [
  'repository',
  'clone',
  'test',
  'edit',
  'commit',
  'push',
  'pull request',
  'verify',
] as const;
export type DemoStep = (typeof DEMO_STEPS)[number];

export interface DemoCheck {
  readonly step: DemoStep;
  readonly ok: boolean;
  /** One sentence. */
  readonly detail: string;
}

/** `absent`: there is nothing to judge, for which an earlier step may be to blame. */
export interface Finding {
  readonly result: 'ok' | 'failed' | 'absent';
  readonly detail: string;
}

export const ok = (detail: string): Finding => ({ result: 'ok', detail });
export const failed = (detail: string): Finding => ({ result: 'failed', detail });
const absent = (detail: string): Finding => ({ result: 'absent', detail });

/** What each of the agent's steps came to. Asks for results, never for a certain way of working. */
export function judge(evidence: DemoEvidence): ReadonlyMap<DemoStep, Finding> {
  return new Map<DemoStep, Finding>([
    ['clone', judgeClone(evidence)],
    ['test', judgeTests(evidence)],
    ['edit', judgeEdits(evidence)],
    ['commit', judgeCommits(evidence)],
    ['push', judgePush(evidence)],
    ['pull request', judgePullRequest(evidence)],
    ['verify', judgeResult(evidence)],
  ]);
}

/** A step's finding as a check. Where nothing is to be judged, the first step that failed before it is named. */
export function checkOf(
  step: DemoStep,
  finding: Finding | undefined,
  before: readonly DemoCheck[],
): DemoCheck {
  const culprit = before.find((check) => !check.ok);
  if (culprit !== undefined && (finding === undefined || finding.result === 'absent')) {
    return { step, ok: false, detail: `Not reached, because the step "${culprit.step}" failed.` };
  }
  return { step, ok: finding?.result === 'ok', detail: finding?.detail ?? 'Not reached.' };
}

function judgeClone({ work, repository, outcome }: DemoEvidence): Finding {
  if (work.clones.some((fact) => !fact.isError && fact.text.includes(repository))) {
    return ok(`The agent cloned ${repository}.`);
  }
  const last = work.clones.at(-1);
  if (last !== undefined) return failed(`The agent could not clone ${repository}: ${brief(last.text)}`);
  const why = outcome?.kind === 'failed' ? `: its turn failed with "${brief(outcome.cause)}"` : '';
  return absent(`The agent never called clone_repository${why}.`);
}

function judgeTests({ work: { tests, edits }, pullRequest }: DemoEvidence): Finding {
  const last = tests.at(-1);
  if (last === undefined) return absent('The agent never ran the tests.');
  const written = edits.filter((edit) => !edit.isError);
  const firstEdit = written[0]?.order ?? Infinity;
  const lastEdit = written.at(-1)?.order ?? 0;
  const sawFailure = tests.some((test) => test.sawFailures && test.order < firstEdit);
  const before = sawFailure
    ? 'saw the tests fail before its first edit'
    : 'did not run the failing tests before its first edit';
  // Without the runner's counts an exit code proves little; a pull request is verified for real.
  const believed = tests.filter((test) => test.counted || pullRequest !== undefined);
  if (believed.some((test) => test.passed && test.order > lastEdit)) {
    return ok(`The agent ${before}, and saw them pass after its last one.`);
  }
  const end = `the last run ended with exit code ${last.exitCode ?? 'none'}: ${brief(last.text)}`;
  if (!last.counted) return failed(`The agent's test command did not work; ${end}`);
  if (written.length === 0) return ok('The agent ran the tests and saw them fail.');
  return failed(`The agent saw no run of the tests that passes after its last edit; ${end}`);
}

function judgeEdits({ work: { edits }, fresh }: DemoEvidence): Finding {
  const written = edits.filter((edit) => !edit.isError).length;
  if (written > 0) return ok(`The agent edited files ${written} ${written === 1 ? 'time' : 'times'}.`);
  const changed = fresh?.changedFiles ?? [];
  if (changed.length > 0) return ok(`The agent changed ${changed.join(', ')} by a command.`);
  const last = edits.at(-1);
  if (last !== undefined) return failed(`The agent's edits were refused: ${brief(last.text)}`);
  return absent('The agent changed no file.');
}

function judgeCommits({ work: { commits }, ...evidence }: DemoEvidence): Finding {
  if (commits.some((commit) => !commit.isError) || isAhead(evidence))
    return ok('The agent committed its change.');
  const last = commits.at(-1);
  if (last !== undefined) return failed(`The agent could not commit: ${brief(last.text)}`);
  return absent('The agent committed nothing.');
}

function judgePush({ work: { requests }, branch, ...evidence }: DemoEvidence): Finding {
  if (isAhead(evidence)) return ok(`The branch ${branch} has the agent's commits.`);
  const last = lastRefused(requests);
  if (last !== undefined) return failed(`The branch ${branch} was not pushed: ${brief(last.text)}`);
  return absent(`The branch ${branch} was never pushed.`);
}

function judgePullRequest({
  work: { requests },
  issueNumber,
  pullRequest,
  ...evidence
}: DemoEvidence): Finding {
  if (pullRequest === undefined) {
    const last = lastRefused(requests);
    if (last === undefined || !isAhead(evidence)) return absent('No pull request was opened.');
    return failed(`The pull request was not opened: ${brief(last.text)}`);
  }
  const { url, body } = pullRequest;
  if (!isAhead(evidence)) return failed(`The pull request ${url} changes nothing.`);
  if (!closedIssues(body).includes(issueNumber))
    return failed(`The pull request ${url} does not say that it closes issue ${issueNumber}.`);
  return ok(`The pull request ${url} is open and closes issue ${issueNumber}.`);
}

function judgeResult({ pullRequest, fresh }: DemoEvidence): Finding {
  if (pullRequest === undefined || fresh === undefined) return absent('There is no pull request to verify.');
  const branch = `a fresh clone of ${pullRequest.headBranch}`;
  if (!fresh.cloned)
    return failed(`The result could not be verified, ${branch} failed: ${brief(fresh.detail)}`);
  if (!fresh.ran) return failed(`The tests did not run in ${branch}: ${brief(fresh.detail)}`);
  if (!fresh.passed) return failed(`The tests fail in ${branch} (${fresh.detail}).`);
  if (fresh.judgesChanged)
    return failed(`The tests pass in ${branch}, but the pull request changes the tests or how they are run.`);
  return ok(`The unchanged tests pass in ${branch} (${fresh.detail}).`);
}

function isAhead({ headSha, baseSha }: Pick<DemoEvidence, 'headSha' | 'baseSha'>): boolean {
  return headSha !== undefined && headSha !== baseSha;
}

function lastRefused(requests: readonly ToolFact[]): ToolFact | undefined {
  return requests.findLast((request) => request.isError);
}

/** The first lines of what was printed, in one. */
export function brief(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const line = lines
    .filter((each) => each !== '')
    .slice(0, 4)
    .join(' ');
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
