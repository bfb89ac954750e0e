import { describe, expect, it } from '@jest/globals';
import { sessionIdOf } from '../session/session-id';
import { isSessionBranch, sessionBranch, sessionOfBranch } from './session-branch';

const own = sessionIdOf('terminal:1', 1);
const other = sessionIdOf('terminal:2', 1);

describe("a session's branch", () => {
  it('names the session, and the issue by its number only', () => {
    expect(sessionBranch('sabc')).toBe('swe/sabc');
    expect(sessionBranch('sabc', 12)).toBe('swe/sabc-issue-12');
  });

  it('tells whose it is', () => {
    expect(sessionOfBranch(sessionBranch(own))).toBe(own);
    expect(sessionOfBranch(sessionBranch(own, 7))).toBe(own);
    expect(sessionOfBranch(`${sessionBranch(own)}x`)).toBeUndefined();
    expect(sessionOfBranch('main')).toBeUndefined();
  });

  it.each([
    [sessionBranch(own), true],
    [sessionBranch(own, 7), true],
    [`${sessionBranch(own)}-second-try`, true],
    [sessionBranch(other), false],
    [`${sessionBranch(own)}x`, false],
    [`${sessionBranch(own)}/x`, false],
    [`x/${sessionBranch(own)}`, false],
    [`swe/`, false],
    ['main', false],
    ['', false],
  ])('is told from others: %j is one: %s', (branch, expected) => {
    expect(isSessionBranch(own, branch)).toBe(expected);
  });
});
