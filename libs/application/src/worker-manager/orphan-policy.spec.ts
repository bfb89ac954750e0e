import { describe, expect, it } from '@jest/globals';
import { newSession } from '@swe/domain';
import type { Lease, Session, Worker } from '@swe/domain';
import { orphanReason } from './orphan-policy';
import type { OrphanFacts } from './orphan-policy';

const worker = (change: Partial<Worker> = {}): Worker => ({
  sessionId: 's1',
  generation: 2,
  workerId: 'i-2',
  state: 'running',
  ...change,
});

const lease: Lease = { sessionId: 's1', holder: 'agent', generation: 2, fence: 3, revision: 4 };

function facts(change: Partial<Session> = {}, rest: Partial<OrphanFacts> = {}): OrphanFacts {
  const message = { messageKey: 'm', origin: 'terminal:1', requester: 'local:ada', addressed: true } as const;
  const body = { kind: 'text', text: 'Go.' } as const;
  const session = newSession({ ...message, body, receivedAtMs: 0 }, 1);
  return {
    session: { ...session, generation: 2, status: 'asleep', ...change },
    lease: undefined,
    hasMail: false,
    ...rest,
  };
}

describe('a machine', () => {
  it.each<[string, Worker, OrphanFacts | undefined, ReturnType<typeof orphanReason>]>([
    ['of no session is an orphan', worker(), undefined, 'unknown-session'],
    [
      'of no session is one when it is stopped, too',
      worker({ state: 'stopped' }),
      undefined,
      'unknown-session',
    ],
    ['that is gone is none', worker({ state: 'terminated' }), undefined, undefined],
    ['of a session that ended is one', worker(), facts({ status: 'ended' }), 'ended'],
    [
      'whose manager is about to look is none',
      worker(),
      facts({ status: 'ended', manageAtMs: 9 }),
      undefined,
    ],
    ['whose agent saves its last work is none', worker(), facts({ status: 'ended' }, { lease }), undefined],
    ['that is up while a later one has its place is one', worker({ generation: 1 }), facts(), 'replaced'],
    [
      'that is up while a later one has its place is one, also when its manager looks later',
      worker({ generation: 1 }),
      facts({ manageAtMs: 9 }),
      'replaced',
    ],
    [
      'that is just started again is none',
      worker({ generation: 1 }),
      facts({ status: 'starting' }),
      undefined,
    ],
    ['that was started again is none', worker({ generation: 1 }), facts({}, { lease }), undefined],
    [
      'that is kept for the next start is none',
      worker({ generation: 1, state: 'stopped' }),
      facts({ manageAtMs: 9 }),
      undefined,
    ],
    ['that works is none', worker(), facts({ status: 'working' }, { lease }), undefined],
    ['that has mail to come up for is none', worker(), facts({}, { hasMail: true }), undefined],
    ['whose session goes on later is none', worker(), facts({ retryAtMs: 9 }), undefined],
    ['whose session wakes later is none', worker({ state: 'stopped' }), facts({ wakeAtMs: 9 }), undefined],
    ['that nobody will look at is one', worker({ state: 'stopped' }), facts(), 'forgotten'],
    [
      'that nobody will look at is one, also when it is up',
      worker(),
      facts({ status: 'waiting' }),
      'forgotten',
    ],
  ])('%s', (_name, listed, stored, expected) => {
    expect(orphanReason(listed, stored)).toBe(expected);
  });
});
