import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openForge } from '@swe/adapter-local/forge';
import type { PullRequest } from '@swe/domain';
import { ManualClock } from '@swe/testing/memory';
import { openMachine } from './swe';
import type { Machine } from './swe';

let machine: Machine;
beforeEach(() => {
  machine = openMachine();
});
afterEach(() => machine.close());

/** As the forge keeps it. */
async function pullRequestAt(url: string): Promise<PullRequest> {
  const [, repository = '', number = ''] = /^(.*)\/pulls\/(\d+)$/.exec(url) ?? [];
  const env = { PATH: process.env['PATH'] ?? '', HOME: machine.folder };
  const forge = openForge({ folder: join(machine.folder, 'swe', 'forge'), env, clock: new ManualClock() });
  try {
    return await forge.host.pullRequest(repository, Number(number));
  } finally {
    forge.close();
  }
}

describe('the demo', () => {
  it('ends in a pull request that it has checked from outside, with what the harness saw of its checks', async () => {
    const demo = await machine.swe(['demo']);
    expect(demo.stdout).toContain('rehearsal');
    expect(demo.exitCode).toBe(0);
    const [, url = ''] = /Pull request: (forge:\S+)/.exec(demo.stdout) ?? [];
    const { body } = await pullRequestAt(url);
    expect(body).toMatch(
      /\n## Verification\n[\s\S]*\n- `\(cd \S+ && npm test\)` \(tests\): exit code 0, on what is pushed\n/,
    );
  });

  it.each([
    [
      'clone',
      'git',
      'for arg; do [ "$arg" = clone ] && { echo broken >&2; exit 1; }; done; exec "$REAL" "$@"',
    ],
    ['push', 'git', 'for arg; do [ "$arg" = push ] && { echo broken >&2; exit 1; }; done; exec "$REAL" "$@"'],
    ['test', 'npm', 'echo broken >&2; exit 127'],
  ])('with a broken %s step fails and says which step', async (step, program, script) => {
    machine.replaceProgram(program, script);
    const demo = await machine.swe(['demo']);
    expect(demo.exitCode).not.toBe(0);
    expect(demo.stderr).toMatch(new RegExp(`The ${step} step failed`));
  });
});
