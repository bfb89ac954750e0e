import { expect, it } from '@jest/globals';
import { EXIT_CODES } from './exit-codes';
import { showRunResult } from './run-result';
import type { RunResult } from './run-result';

const pullRequest = {
  repository: 'forge://shop',
  headBranch: 'swe/s1',
  number: 2,
  url: 'forge://shop/pulls/2',
};
const result: RunResult = {
  sessionId: 's1',
  verdict: { kind: 'done' },
  pullRequests: [{ ...pullRequest, cloneUrl: "/home/ada's repositories/shop.git" }],
};

function show(change: Partial<RunResult>, json = false) {
  const output = { out: '', err: '' };
  const exitCode = showRunResult({ ...result, ...change }, json, {
    out: (text) => (output.out += text),
    err: (text) => (output.err += text),
  });
  return { exitCode, ...output };
}

it('says how to fetch the pull request, for any path', () => {
  const fetch = `git fetch '/home/ada'\\''s repositories/shop.git' swe/s1:swe/s1`;
  expect(show({})).toEqual({
    exitCode: EXIT_CODES.done,
    out: `\nPull request: forge://shop/pulls/2\nTo look at it: ${fetch}\n`,
    err: '',
  });
});

it.each([
  [
    { kind: 'failed', reason: 'no \u001b[31mmodel\nand more' } as const,
    EXIT_CODES.failed,
    'swe: Failed. no model\n',
  ],
  [{ kind: 'asks-back' } as const, EXIT_CODES.asksBack, ''],
  [{ kind: 'stopped' } as const, EXIT_CODES.stopped, ''],
])('%j has its exit code, and a failure its reason', (verdict, exitCode, err) => {
  expect(show({ verdict, pullRequests: [] })).toEqual({ exitCode, out: '', err });
});

it('says it so that a shell takes no branch for a command', () => {
  const headBranch = 'swe/s1-$(reboot)';
  expect(show({ pullRequests: [{ ...pullRequest, headBranch, cloneUrl: '/shop.git' }] }).out).toContain(
    `git fetch /shop.git '${headBranch}:${headBranch}'\n`,
  );
});

it('is one line of JSON for a script', () => {
  const { out } = show({}, true);
  expect(JSON.parse(out)).toMatchObject({
    type: 'run.finished',
    sessionId: 's1',
    exitCode: 0,
    verdict: { kind: 'done' },
  });
});
