import { describe, expect, it } from '@jest/globals';
import { readReport } from './warden';

describe('readReport', () => {
  // Printed by bash 5.2.
  it.each([
    ['an exit code', '7\n', { exitCode: 7, signal: null }],
    ['success', '0\n', { exitCode: 0, signal: null }],
    ['a signal', 'Terminated\n143\n', { exitCode: null, signal: 'SIGTERM' }],
    [
      'a fatal signal',
      'warden: line 5:     2 Killed    ( exec env )\n137\n',
      { exitCode: null, signal: 'SIGKILL' },
    ],
  ])('tells %s', (_what, said, exit) => {
    expect(readReport(said)).toEqual(exit);
  });

  it.each(['', 'Terminated\n', '13'])('waits for the rest of %j', (said) => {
    expect(readReport(said)).toBeUndefined();
  });
});
