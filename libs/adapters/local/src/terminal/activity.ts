import type { AgentEvent, Clock } from '@swe/domain';

/** What an agent does right now, as far as its events tell. Times are monotonic milliseconds. */
export interface Activity {
  /** What it waits for, the latest last, by names of their own. */
  readonly running: readonly Running[];
  /** The agent asked the person something. */
  readonly asks: boolean;
  /** What the person said and the agent hasn't read yet. */
  readonly unread: readonly string[];
}

export type Running =
  | { readonly kind: 'model'; readonly does: 'thinks' | 'answers'; readonly sinceMs: number }
  | { readonly kind: 'tool'; readonly callId: string; readonly name: string; readonly sinceMs: number }
  /** Nothing happens until then. */
  | { readonly kind: 'pause'; readonly why: string; readonly untilMs: number };

export const IDLE: Activity = { running: [], asks: false, unread: [] };

/** What the agent does once `event` has happened. */
export function activityAfter(
  activity: Activity,
  event: AgentEvent,
  clock: Pick<Clock, 'monotonicMs' | 'nowMs'>,
): Activity {
  const { running, unread } = activity;
  const nowMs = clock.monotonicMs();
  const busyWith = (...next: readonly Running[]): Activity => ({ ...activity, asks: false, running: next });
  switch (event.type) {
    case 'message.admitted': {
      const at = unread.indexOf(event.text);
      return { ...activity, asks: false, unread: at < 0 ? unread : unread.toSpliced(at, 1) };
    }
    case 'step.started':
      return busyWith({ kind: 'model', does: 'thinks', sinceMs: nowMs });
    case 'text.streamed':
      return busyWith(
        ...running.map((each) => (each.kind === 'model' ? { ...each, does: 'answers' as const } : each)),
      );
    case 'step.finished':
      return busyWith();
    case 'step.delayed':
      return busyWith({ kind: 'pause', why: 'the model is asked again', untilMs: nowMs + event.afterMs });
    case 'session.parked': {
      const leftMs = event.untilMs - clock.nowMs();
      return busyWith({ kind: 'pause', why: 'no model answers; next try', untilMs: nowMs + leftMs });
    }
    case 'session.waiting': {
      const leftMs = event.untilMs - clock.nowMs();
      return busyWith({
        kind: 'pause',
        why: `waits for ${event.reason}; looks again`,
        untilMs: nowMs + leftMs,
      });
    }
    case 'tool.started':
      return busyWith(...running, { kind: 'tool', callId: event.callId, name: event.name, sinceMs: nowMs });
    case 'tool.finished':
      return busyWith(...running.filter((each) => each.kind !== 'tool' || each.callId !== event.callId));
    case 'turn.finished':
      return {
        running: [],
        unread,
        asks: event.outcome.kind === 'answered' && event.outcome.asksBack === true,
      };
    default:
      return activity;
  }
}
