import type { Session } from '@swe/domain';

/** No machine is to be started before a time. */
export interface StartHold {
  readonly untilMs: number;
  readonly cause: string;
}

/** One session's machine may not come up for reasons of its own, and is tried a bounded number of times. */
const SESSIONS = 3;
const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 30 * 60_000;

/**
 * Whether machines come up at all, as told by sessions: when those of several ended before they took up their work, and
 * none took it up since, something that all share is broken, such as their image. Then one is started at a time, with
 * doubling pauses, until one comes up; else each message would launch machines in vain.
 */
export function holdStarts(
  sessions: readonly Pick<Session, 'status' | 'startAttempts' | 'bootedAtMs' | 'bootFailedAtMs'>[],
  nowMs: number,
): StartHold | undefined {
  const lastBootMs = Math.max(0, ...sessions.map(({ bootedAtMs = 0 }) => bootedAtMs));
  const failing = sessions.filter(({ bootFailedAtMs = 0 }) => bootFailedAtMs > lastBootMs);
  if (failing.length < SESSIONS) return undefined;
  const attempts = failing.reduce((sum, { startAttempts = 1 }) => sum + startAttempts, 0);
  const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempts - SESSIONS, 20));
  const untilMs = Math.max(...failing.map(({ bootFailedAtMs = 0 }) => bootFailedAtMs)) + pauseMs;
  const isOneTried = sessions.some(({ status }) => status === 'starting');
  if (nowMs >= untilMs && !isOneTried) return undefined;
  return {
    untilMs: Math.max(untilMs, nowMs + FIRST_PAUSE_MS),
    cause: `The machines of ${failing.length} sessions ended before they took up their work, so few are started now.`,
  };
}
