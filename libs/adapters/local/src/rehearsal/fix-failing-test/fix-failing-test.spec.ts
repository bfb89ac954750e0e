import { describe, expect, it } from '@jest/globals';
import type { Ending, ToolOutcome, ToolUse } from '../script';
import { fixFailingTest } from './fix-failing-test';

const TASK = `forge://shop/issues/4
<issue repository="forge://shop" number="4" state="open">
title: Wrong fee
author: ada

lateFee(2) gives the wrong fee
</issue>`;

const TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lateFee } from '../src/lending.js';

test("a late fee: it's by the day", () => {
  assert.equal(lateFee(0), 0);
  assert.equal(lateFee(2), 0.7);
});`;

const done = (text: string): ToolOutcome => ({ text, isError: false });
const refused = (text: string): ToolOutcome => ({ text, isError: true });

/** Tools over one small repository, whose tests really depend on the number in its source. */
function openShop(answers: Readonly<Record<string, (use: ToolUse) => ToolOutcome | undefined>> = {}) {
  const files = new Map([
    ['shop/package.json', '{"scripts": {"test": "node --test"}}'],
    ['shop/src/lending.js', 'export function lateFee(days) {\n  return Math.min(days * 0.53, 14);\n}\n'],
    ['shop/test/lending.test.js', TEST],
  ]);
  const uses: ToolUse[] = [];

  function runTests(): ToolOutcome {
    const rate = Number(/\* ([\d.]+)/.exec(files.get('shop/src/lending.js') ?? '')?.[1]);
    if (rate === 0.35) return done('# pass 1\n# fail 0\n[exit code 0 after 0.1 s]');
    return refused(`not ok 1 - a late fee: it's by the day
  ---
  expected: 0.7
  actual: ${2 * rate}
  stack: |-
    TestContext.<anonymous> (file:///home/worker/shop/test/lending.test.js:7:10)
  ...
# pass 0
# fail 1
[exit code 1 after 0.1 s]`);
  }

  function editFile({
    path,
    edits,
  }: {
    path: string;
    edits: { oldText: string; newText: string }[];
  }): ToolOutcome {
    for (const { oldText, newText } of edits)
      files.set(path, files.get(path)?.replace(oldText, newText) ?? '');
    return done('Changed');
  }

  function call(use: ToolUse): ToolOutcome {
    uses.push(use);
    const input = use.input as {
      path: string;
      command: string;
      edits: { oldText: string; newText: string }[];
    };
    const own = answers[use.name]?.(use);
    if (own !== undefined) return own;
    switch (use.name) {
      case 'clone_repository':
        return done('Cloned forge://shop into shop.\nbranch: swe/s1 (from main)\nlast commit: 1 First');
      case 'read_file': {
        const lines = files
          .get(input.path)
          ?.split('\n')
          .map((line, i) => `${i + 1}\t${line}`);
        return lines === undefined ? refused('no such file') : done(lines.join('\n'));
      }
      case 'search':
        return done('shop/src/lending.js:1:export function lateFee(days) {\n');
      case 'edit_file':
        return editFile(input);
      case 'bash':
        if (input.command.includes('test)')) return runTests();
        return done(
          input.command.includes('git diff)')
            ? '--- a/src/lending.js\n+++ b/src/lending.js\n'
            : '(no output)',
        );
      case 'open_pull_request':
        return done('Opened forge://shop/pulls/5 (1 commit, head 1234567890).');
      default:
        return done('ok');
    }
  }

  function play(task = TASK): Ending {
    const run = fixFailingTest(task);
    let step = run.next();
    while (step.done !== true) step = run.next(step.value.calls.map(call));
    return step.value;
  }

  const commands = (): readonly string[] =>
    uses.flatMap(({ input }) => (typeof input['command'] === 'string' ? [input['command']] : []));
  return { files, uses, play, commands };
}

describe('fixFailingTest', () => {
  it('repairs the number, opens a pull request and reports', () => {
    const shop = openShop();
    const { say: report, gaveUp } = shop.play();
    expect(gaveUp).toBe(false);
    expect(shop.files.get('shop/src/lending.js')).toContain('days * 0.35,');
    expect(report).toMatch(/^Opened forge:\/\/shop\/pulls\/5.*closes issue 4/);
    expect(report).toContain('rehearsal');
    const request = shop.uses.find(({ name }) => name === 'open_pull_request');
    expect(request?.input['body']).toContain('Closes #4');
    expect(request?.input['body']).toContain('`npm test` before the change: 0 passed, 1 failed.');
    expect(request?.input['body']).toContain('`npm test` after the change: 1 passed, 0 failed.');
  });

  it('says first that it is a rehearsal and not an intelligence', () => {
    const { value } = fixFailingTest(TASK).next();
    expect(value).toMatchObject({
      say: expect.stringMatching(/^This is a rehearsal: .* not an intelligence/),
    });
  });

  it('quotes what it takes from the repository when it commits', () => {
    const commit = openShop();
    commit.play();
    expect(commit.commands().find((command) => command.includes('git commit'))).toContain(
      `-m 'The test "a late fee: it'\\''s by the day" expected 0.7 and got 1.06: 0.53 should be 0.35.'`,
    );
  });

  it('runs node itself where there is no test script', () => {
    const shop = openShop({ bash: () => undefined });
    shop.files.set('shop/package.json', '{}');
    shop.play();
    expect(shop.commands()).toContain('(cd shop && node --test)');
  });

  it('undoes a guess that does not pass together with the next one', () => {
    const shop = openShop();
    const source = 'export function lateFee(days) {\n  return Math.max(0.1, days * 0.53);\n}\n';
    shop.files.set('shop/src/lending.js', source);
    shop.play();
    const edits = shop.uses.flatMap(({ name, input }) => (name === 'edit_file' ? [input['edits']] : []));
    expect(edits.length).toBeGreaterThan(1);
    for (const edit of edits.slice(1)) expect(edit).toHaveLength(2);
  });

  it('goes on when an edit was made already, before an interruption', () => {
    let edits = 0;
    const shop = openShop({
      edit_file: (use) => {
        edits += 1;
        if (edits > 1) return undefined;
        shop.files.set(
          'shop/src/lending.js',
          'export function lateFee(days) {\n  return Math.min(days * 0.35, 14);\n}\n',
        );
        return refused(`oldText does not occur in the file. ${use.name}`);
      },
    });
    expect(shop.play().say).toMatch(/^Opened/);
  });

  it('needs a repository', () => {
    expect(openShop().play('Make it better')).toEqual({
      say: expect.stringContaining('The task names no repository'),
      gaveUp: true,
    });
  });
});

describe('fixFailingTest ends without a pull request and names the step', () => {
  const bash = (part: string, outcome: ToolOutcome) => ({
    bash: ({ input }: ToolUse) => (String(input['command']).includes(part) ? outcome : undefined),
  });

  it.each<[string, Parameters<typeof openShop>[0], string[]]>([
    [
      'the clone fails',
      { clone_repository: () => refused('git clone failed.\nfatal: no space left') },
      ['Cloning the repository failed:', '    fatal: no space left'],
    ],
    [
      'the test command is missing',
      bash('npm test', refused('bash: npm: command not found\n[exit code 127 after 0.0 s]')),
      ['The test command did not run:', '    bash: npm: command not found'],
    ],
    ['all tests pass', bash('npm test', done('# pass 9\n# fail 0\n')), ['All 9 tests pass already']],
    [
      'the test command passes and no count can be read',
      bash('npm test', done('nothing to do\n')),
      ["passes, and printed no counts of node's test runner", 'nothing to do'],
    ],
    ['there are no tests', bash('npm test', done('# pass 0\n# fail 0\n')), ['There are no tests']],
    [
      'no assertion compares numbers',
      bash('npm test', refused("not ok 1 - a\n  expected: 'a'\n  actual: 'b'\n# pass 0\n# fail 1")),
      ['no assertion in their output compares two numbers'],
    ],
    [
      'nothing defines the function',
      { search: () => done('No match.') },
      ['I found no definition of `lateFee`'],
    ],
    [
      'an edit is refused',
      { edit_file: () => refused('disk full') },
      ['Editing shop/src/lending.js failed:', '    disk full'],
    ],
    [
      'something else changed too',
      bash('git diff)', done('+++ b/src/lending.js\n+++ b/package-lock.json\n')),
      ['The diff should hold src/lending.js and nothing else:'],
    ],
    [
      'the commit fails',
      bash('git commit', refused('fatal: unable to write new index file\n[exit code 128 after 0.0 s]')),
      ['Committing failed:', '    fatal: unable to write new index file'],
    ],
    [
      'the push fails',
      { open_pull_request: () => refused('git push failed.\nremote: read only') },
      ['Pushing the branch or opening the pull request failed:', '    remote: read only'],
    ],
  ])('when %s', (_name, answers, words) => {
    const { say: report, gaveUp } = openShop(answers).play();
    expect(gaveUp).toBe(true);
    for (const part of [...words, 'I end here, without a pull request.']) expect(report).toContain(part);
    expect(report).not.toContain('Opened');
  });

  it('when no guess passes, with the source as it was', () => {
    const shop = openShop();
    const source = 'export function lateFee(days) {\n  return Math.floor(days) * 1e0 || 0.53;\n}\n';
    shop.files.set('shop/src/lending.js', source);
    expect(shop.play().say).toContain('makes the tests pass, and I know no other rules');
    expect(shop.files.get('shop/src/lending.js')).toBe(source);
  });
});
