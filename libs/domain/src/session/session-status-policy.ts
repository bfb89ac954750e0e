import { Fault } from '../fault';
import type { SessionStatus } from './session';

/** What can happen to a session, as seen by whoever writes its status. */
export type SessionEvent =
  | 'message.received'
  | 'worker.starting'
  | 'worker.unavailable'
  /** Its messages have come to an end without a machine. */
  | 'work.absent'
  /** The machine is up and found nothing to do yet. */
  | 'worker.ready'
  | 'turn.started'
  /** Also without a machine, when it was put down. */
  | 'turn.finished'
  /** No model answers; the turn goes on later. */
  | 'turn.parked'
  /** What it waits for takes long: nothing is held for it meanwhile. */
  | 'turn.waits'
  | 'idle.elapsed'
  | 'worker.stopped'
  | 'session.ended'
  | 'session.failed';

/**
 * The session's state machine. A pair that is absent cannot happen. A message that arrives while a worker drains
 * changes nothing here: the manager reads the inbox head again once the worker is seen stopped, and queues then.
 */
const TRANSITIONS: Readonly<Record<SessionStatus, Partial<Record<SessionEvent, SessionStatus>>>> = {
  queued: {
    'message.received': 'queued',
    'worker.starting': 'starting',
    'worker.unavailable': 'queued',
    'work.absent': 'asleep',
    'worker.ready': 'queued',
    'turn.started': 'working',
    'turn.finished': 'asleep',
    'worker.stopped': 'queued',
    'session.ended': 'ended',
    'session.failed': 'failed',
  },
  starting: {
    'message.received': 'starting',
    'worker.starting': 'starting',
    'worker.unavailable': 'queued',
    'worker.ready': 'waiting',
    'turn.started': 'working',
    'turn.finished': 'asleep',
    'worker.stopped': 'queued',
    'session.ended': 'ended',
    'session.failed': 'failed',
  },
  working: {
    'message.received': 'working',
    'worker.starting': 'starting',
    'worker.ready': 'working',
    'turn.started': 'working',
    'turn.finished': 'waiting',
    'turn.parked': 'queued',
    'turn.waits': 'waiting',
    'worker.stopped': 'queued',
    'session.ended': 'ended',
    'session.failed': 'failed',
  },
  waiting: {
    'message.received': 'waiting',
    'worker.starting': 'starting',
    'worker.ready': 'waiting',
    'turn.started': 'working',
    'turn.finished': 'waiting',
    'idle.elapsed': 'draining',
    'worker.stopped': 'asleep',
    'session.ended': 'ended',
    'session.failed': 'failed',
  },
  draining: {
    'message.received': 'draining',
    'worker.starting': 'starting',
    'worker.ready': 'waiting',
    'turn.started': 'working',
    'turn.finished': 'draining',
    'worker.stopped': 'asleep',
    'session.ended': 'ended',
    'session.failed': 'failed',
  },
  asleep: {
    'message.received': 'queued',
    'worker.starting': 'starting',
    'worker.ready': 'waiting',
    'turn.started': 'working',
    'turn.finished': 'asleep',
    'worker.stopped': 'asleep',
    'session.ended': 'ended',
    'session.failed': 'failed',
  },
  failed: {
    'message.received': 'queued',
    'worker.starting': 'starting',
    'worker.ready': 'failed',
    'session.failed': 'failed',
    'turn.started': 'working',
    'worker.stopped': 'failed',
    'session.ended': 'ended',
  },
  ended: {
    'worker.ready': 'ended',
    'worker.stopped': 'ended',
    'session.ended': 'ended',
    'session.failed': 'ended',
  },
};

/** The status after `event`. Throws `Fault('invalid')` for an event that cannot happen in `status`. */
export function nextStatus(status: SessionStatus, event: SessionEvent): SessionStatus {
  const next = TRANSITIONS[status][event];
  if (next === undefined) throw new Fault('invalid', `a session that is ${status} cannot see ${event}`);
  return next;
}
