import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { openMachine } from './swe';
import type { Machine } from './swe';

jest.setTimeout(60_000);

let machine: Machine;
beforeEach(() => {
  machine = openMachine();
});
afterEach(() => machine.close());

describe('the demo', () => {
  it('ends in a pull request that it has checked from outside', async () => {
    const demo = await machine.swe(['demo']);
    expect(demo.stdout).toContain('rehearsal');
    expect(demo.stdout).toMatch(/Pull request: forge:\/\//);
    expect(demo.exitCode).toBe(0);
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
