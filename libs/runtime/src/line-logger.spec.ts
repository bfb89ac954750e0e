import { expect, it } from '@jest/globals';
import { lineLogger } from './line-logger';

it('gives each fact as one line, with the fields bound before', () => {
  const lines: string[] = [];
  lineLogger((line) => lines.push(line))
    .with({ sessionId: 's1' })
    .warn('session.lost', { reason: 'a\nb' });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toEqual({
    level: 40,
    time: expect.any(Number),
    event: 'session.lost',
    sessionId: 's1',
    reason: 'a\nb',
  });
});
