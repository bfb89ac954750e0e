import { expect, it } from '@jest/globals';
import type { LogFields, Logger } from '@swe/domain';
import { alsoTo } from './also-to';

function noting(name: string, said: unknown[], bound: LogFields = {}): Logger {
  const note = (level: string) => (event: string, fields?: LogFields) =>
    void said.push([name, level, event, { ...bound, ...fields }]);
  return {
    debug: note('debug'),
    info: note('info'),
    warn: note('warn'),
    error: note('error'),
    with: (fields) => noting(name, said, { ...bound, ...fields }),
  };
}

it('tells both, at the same level, with what was bound', () => {
  const said: unknown[] = [];
  const logger = alsoTo(noting('a', said), noting('b', said)).with({ sessionId: 's1' });
  logger.warn('worker.undead', { generation: 2 });
  logger.debug('session.looked-at');
  expect(said).toEqual([
    ['a', 'warn', 'worker.undead', { sessionId: 's1', generation: 2 }],
    ['b', 'warn', 'worker.undead', { sessionId: 's1', generation: 2 }],
    ['a', 'debug', 'session.looked-at', { sessionId: 's1' }],
    ['b', 'debug', 'session.looked-at', { sessionId: 's1' }],
  ]);
});
