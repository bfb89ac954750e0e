import { describe, expect, it } from '@jest/globals';
import { isFault } from '../fault';
import { sessionStatus } from './session';
import type { SessionStatus } from './session';
import { nextStatus } from './session-status-policy';
import type { SessionEvent } from './session-status-policy';

const statuses: readonly SessionStatus[] = [
  'queued',
  'starting',
  'working',
  'waiting',
  'draining',
  'asleep',
  'failed',
  'ended',
];

// Read down: what each event makes of a session in each status, in the order above. `-` cannot happen.
const table: Readonly<Record<SessionEvent, string>> = {
  'message.received': 'queued starting working waiting draining queued queued -',
  'worker.starting': 'starting starting starting starting starting starting starting -',
  'worker.unavailable': 'queued queued - - - - - -',
  'work.absent': 'asleep - - - - - - -',
  'worker.ready': 'queued waiting working waiting waiting waiting failed ended',
  'turn.started': 'working working working working working working working -',
  'turn.finished': 'asleep asleep waiting waiting draining asleep - -',
  'turn.parked': '- - queued - - - - -',
  'turn.waits': '- - waiting - - - - -',
  'idle.elapsed': '- - - draining - - - -',
  'worker.stopped': 'queued queued queued asleep asleep asleep failed ended',
  'session.ended': 'ended ended ended ended ended ended ended ended',
  'session.failed': 'failed failed failed failed failed failed failed ended',
};

const cases = Object.entries(table).flatMap(([event, row]) =>
  row.split(' ').map((next, i) => [statuses[i]!, event as SessionEvent, next] as const),
);

function attempt(status: SessionStatus, event: SessionEvent): string {
  try {
    return nextStatus(status, event);
  } catch (error) {
    if (!isFault(error, 'invalid')) throw error;
    return '-';
  }
}

describe('the state of a session', () => {
  it('has a row for each event and a column for each status', () => {
    expect([...statuses].sort()).toEqual([...sessionStatus.options].sort());
    expect(cases).toHaveLength(13 * 8);
  });

  it.each(cases)('%s, %s: %s', (status, event, expected) => {
    expect(attempt(status, event)).toBe(expected);
  });

  it('names what cannot happen', () => {
    expect(() => nextStatus('ended', 'turn.started')).toThrow(
      'a session that is ended cannot see turn.started',
    );
  });
});
