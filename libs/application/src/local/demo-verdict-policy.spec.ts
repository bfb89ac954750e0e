import { describe, expect, it } from '@jest/globals';
import { text } from '@swe/domain';
import type { JournalEntry } from '@swe/domain';
import { readAgentWork } from './demo-evidence';
import type { DemoEvidence } from './demo-evidence';
import { checkOf, DEMO_STEPS, judge } from './demo-verdict-policy';
import type { DemoCheck } from './demo-verdict-policy';

const RED = '# pass 23\n# fail 1\n';
const GREEN = '# pass 24\n# fail 0\n';

interface Call {
  readonly name: string;
  readonly said: string;
  readonly isError: boolean;
  readonly ran?: { readonly command: string; readonly cwd: string; readonly exitCode: number };
}

const tool = (name: string, said: string, isError = false): Call => ({ name, said, isError });
const ran = (command: string, exitCode: number, output = '(no output)'): Call => ({
  ...tool('bash', `${output}\n[exit code ${exitCode} after 0.1 s]`, exitCode !== 0),
  ran: { command, cwd: '/workspace', exitCode },
});

const CLONED = tool('clone_repository', 'Cloned forge://shop into shop.');
const EDITED = tool('edit_file', 'Changed src/lending.js');
const COMMITTED = ran('git commit -am fix', 0);
const OPENED = tool('open_pull_request', 'Opened it.');
const WORK = [CLONED, ran('npm test', 1, RED), EDITED, ran('npm test', 0, GREEN), COMMITTED];

/** Nothing was pushed. */
const ALONE: Partial<DemoEvidence> = { headSha: undefined, pullRequest: undefined, fresh: undefined };
const PULL_REQUEST: DemoEvidence['pullRequest'] = {
  repository: 'forge://shop',
  headBranch: 'swe/s1-issue-1',
  baseBranch: 'main',
  number: 2,
  url: 'forge://shop/pulls/2',
  title: 'Fix',
  body: 'Closes #1',
  state: 'open',
  headSha: 'b',
};
const FRESH: DemoEvidence['fresh'] = {
  cloned: true,
  ran: true,
  passed: true,
  changedFiles: ['src/lending.js'],
  judgesChanged: false,
  detail: '24 passed, 0 failed',
};

async function* journalOf(calls: readonly Call[]): AsyncIterable<JournalEntry> {
  for (const [i, { said, ...call }] of calls.entries()) {
    const entry = { atMs: 0, callId: `call-${i}`, content: [text(said)], durationMs: 1, seq: i + 1, v: 1 };
    yield { kind: 'tool-finished', ...entry, ...call };
  }
}

async function checksOf(calls: readonly Call[], change: Partial<DemoEvidence> = {}): Promise<DemoCheck[]> {
  const findings = judge({
    repository: 'forge://shop',
    issueNumber: 1,
    outcome: { kind: 'answered', replyKey: 'r' },
    work: await readAgentWork(journalOf(calls)),
    branch: 'swe/s1-issue-1',
    headSha: 'b',
    baseSha: 'a',
    pullRequest: PULL_REQUEST,
    fresh: FRESH,
    ...change,
  });
  const checks: DemoCheck[] = [];
  for (const step of DEMO_STEPS.slice(1)) checks.push(checkOf(step, findings.get(step), checks));
  return checks;
}

describe('a demo is judged', () => {
  it('as good when the work was done', async () => {
    const checks = await checksOf([...WORK, OPENED]);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks[1]?.detail).toContain('saw the tests fail before its first edit');
  });

  it('by results, not by a certain way of working', async () => {
    const fixed = ran('sed -i s/5/05/ src/lending.js && node --test 2>&1 | tail -20', 0, GREEN);
    const calls = [CLONED, fixed, ran('git -c user.name=a commit -qam fix', 0), OPENED];
    const checks = await checksOf(calls, { pullRequest: { ...PULL_REQUEST, body: 'Fixes #1.' } });
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks[1]?.detail).toContain('did not run the failing tests before its first edit');
    expect(checks[2]?.detail).toContain('src/lending.js');
  });

  it.each<
    [step: string, what: string, calls: readonly Call[], change: Partial<DemoEvidence>, detail: string]
  >([
    ['clone', 'never cloned', [], ALONE, 'never called clone_repository'],
    [
      'clone',
      'could not clone',
      [tool('clone_repository', 'git clone failed.\nfatal: no space', true)],
      ALONE,
      'git clone failed. fatal: no space',
    ],
    [
      'clone',
      'has no model',
      [],
      { ...ALONE, outcome: { kind: 'failed', cause: 'no such model' } },
      'no such model',
    ],
    [
      'test',
      'has no npm',
      [CLONED, ran('npm test', 127, 'npm: command not found')],
      ALONE,
      'npm: command not found',
    ],
    ['test', 'has an npm that does nothing', [CLONED, ran('npm test', 0)], ALONE, 'did not work'],
    ['test', 'never ran the tests', [CLONED, EDITED, COMMITTED, OPENED], {}, 'never ran the tests'],
    [
      'test',
      'only ran them before its edit',
      [CLONED, ran('npm test', 1, RED), EDITED, COMMITTED, OPENED],
      {},
      'no run of the tests that passes after its last edit',
    ],
    [
      'test',
      'hid the failure behind a pipe',
      [CLONED, EDITED, ran('npm test | tail', 0, RED), COMMITTED, OPENED],
      {},
      'no run of the tests that passes',
    ],
    [
      'edit',
      'could not edit',
      [...WORK.slice(0, 2), tool('edit_file', 'disk full', true)],
      ALONE,
      'disk full',
    ],
    ['edit', 'gave up', WORK.slice(0, 2), ALONE, 'changed no file'],
    [
      'commit',
      'could not commit',
      [...WORK.slice(0, 4), ran('git commit -am fix', 128, 'fatal: no email')],
      ALONE,
      'fatal: no email',
    ],
    ['commit', 'did not commit', WORK.slice(0, 4), ALONE, 'committed nothing'],
    [
      'push',
      'could not push',
      [...WORK, tool('open_pull_request', 'git push failed.\nremote: read only', true)],
      ALONE,
      'remote: read only',
    ],
    ['push', 'did not push', WORK, ALONE, 'was never pushed'],
    [
      'pull request',
      'could not open it',
      [...WORK, tool('open_pull_request', 'the host is down', true)],
      { pullRequest: undefined, fresh: undefined },
      'the host is down',
    ],
    [
      'pull request',
      'does not close the issue',
      [...WORK, OPENED],
      { pullRequest: { ...PULL_REQUEST, body: 'See #1, closes #11' } },
      'does not say that it closes issue 1',
    ],
    [
      'verify',
      'broke the tests',
      [...WORK, OPENED],
      { fresh: { ...FRESH, passed: false, detail: '20 passed, 4 failed' } },
      '20 passed, 4 failed',
    ],
    [
      'verify',
      'changed the tests',
      [...WORK, OPENED],
      { fresh: { ...FRESH, judgesChanged: true } },
      'changes the tests',
    ],
  ])('with the step "%s" to blame when the agent %s', async (step, _what, calls, change, detail) => {
    const culprit = (await checksOf(calls, change)).find(({ ok }) => !ok);
    expect(culprit).toMatchObject({ step, detail: expect.stringContaining(detail) });
  });

  it('saying of later steps that they were not reached, and why', async () => {
    const checks = await checksOf([CLONED, ran('npm test', 127, 'npm: command not found')], ALONE);
    expect(new Set(checks.slice(2).map(({ detail }) => detail))).toEqual(
      new Set(['Not reached, because the step "test" failed.']),
    );
  });

  it('with every fault that can be seen, also behind the first', async () => {
    const checks = await checksOf([...WORK, OPENED], {
      pullRequest: { ...PULL_REQUEST, body: '' },
      fresh: { ...FRESH, passed: false },
    });
    expect(checks.filter(({ ok }) => !ok).map(({ step }) => step)).toEqual(['pull request', 'verify']);
  });
});
