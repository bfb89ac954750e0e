import { expect, it } from '@jest/globals';
import { pushRefusal } from './push-refusal';

const REF = 'HEAD:refs/heads/swe/s';

// As https://git-scm.com/docs/git-push#_output has it with --porcelain.
it.each([
  [
    'a branch that has other commits',
    `!\t${REF}\t[rejected] (fetch first)`,
    'conflict',
    /git fetch fork swe\/s\)/,
  ],
  [
    'a host that says no',
    `!\t${REF}\t[remote rejected] (hook declined)`,
    'denied',
    /only a person can change that/,
  ],
  ['a connection that broke', 'fatal: the remote end hung up', 'invalid', /call open_pull_request again;/],
  ['words that look like it', 'remote: ! [rejected]', 'invalid', /stands below/],
])('%s: what to do, that nothing is lost, and what git said', (_name, printed, kind, mend) => {
  const output = { head: printed, tail: '', omittedBytes: 0, totalBytes: 1, spoolPath: '', spooledBytes: 1 };
  const result = {
    end: 'exited',
    exitCode: 1,
    signal: null,
    output,
    cwd: 'shop',
    leftovers: 0,
    durationMs: 0,
  } as const;
  const fault = pushRefusal(result, { directory: 'shop', branch: 'swe/s', remote: 'fork' });
  expect(fault.kind).toBe(kind);
  expect(fault.message).toMatch(mend);
  expect(fault.message).toContain('Your commits are kept in shop.');
  expect(fault.message).toContain(printed);
});
