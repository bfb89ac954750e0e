import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { readTestReport } from './test-report';

/** Recorded from one failing run with Node 20.20, 22.23 and 24.21. */
const recorded = (name: string): string =>
  readFileSync(new URL(`./fixtures/${name}.txt`, import.meta.url), 'utf8');

describe('readTestReport', () => {
  it.each([
    'node-20-tap',
    'node-20-spec',
    'node-22-tap',
    'node-22-spec',
    'node-24-tap',
    'node-24-spec',
    'node-24-spec-in-colour',
  ])('reads the failed comparison and the counts of %s', (name) => {
    expect(readTestReport(recorded(name))).toMatchObject({
      passed: 1,
      comparisons: [
        {
          test: 'a late fee grows by the day',
          file: '/srv/workspace/shop/test/lending.test.js',
          line: 7,
          expected: 0.3,
          actual: 0.5,
        },
      ],
    });
  });

  it('has no counts for a command that did not run', () => {
    const output = 'bash: line 1: npm: command not found\n[exit code 127 after 0.0 s]';
    expect(readTestReport(output)).toEqual({ passed: undefined, failed: undefined, comparisons: [] });
  });
});
