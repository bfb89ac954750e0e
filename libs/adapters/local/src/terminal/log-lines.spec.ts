import { expect, it } from '@jest/globals';
import { logLines } from './log-lines';

it('says when, what, and about whom, in one line', () => {
  let written = '';
  const clock = { nowMs: () => Date.UTC(2026, 0, 1, 8, 9, 10) };
  const logger = logLines({ write: (text) => (written += text), clock });
  logger.debug('session.looked-at', { action: 'nothing' });
  logger
    .with({ sessionId: 's1' })
    .warn('worker.unavailable', { reason: 'two\nlines\u001b[2J', path: undefined });
  expect(written).toBe('08:09:10  worker.unavailable  sessionId=s1  reason=two lines\n');
});
