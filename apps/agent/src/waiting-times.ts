import type { AgentEvent } from '@swe/domain';

/** How long people waited for what an event tells, in milliseconds. */
export interface WaitingTimes {
  /** For a machine: from the first message that was there before this process, to its admission. Once. */
  readonly workerReadyMs?: number;
  /** From the oldest message that nothing was posted after, to a post. */
  readonly firstPostMs?: number;
  /** From the oldest message that has no outcome, to an answer. */
  readonly answerMs?: number;
}

/** Follows what an agent does, to tell how long people waited. The clocks of ingress and machine are taken as one. */
export function waitingTimes(startedAtMs: number) {
  let isFirst = true;
  let unposted: number | undefined;
  let unanswered: number | undefined;

  function after(event: AgentEvent, nowMs: number): WaitingTimes {
    const since = (atMs: number): number => Math.max(0, nowMs - atMs);
    switch (event.type) {
      case 'message.admitted': {
        const { receivedAtMs = nowMs } = event;
        const metMachine = !isFirst || receivedAtMs >= startedAtMs;
        isFirst = false;
        unposted ??= receivedAtMs;
        unanswered ??= receivedAtMs;
        return metMachine ? {} : { workerReadyMs: since(receivedAtMs) };
      }
      case 'post.delivered': {
        const waited = unposted === undefined ? {} : { firstPostMs: since(unposted) };
        unposted = undefined;
        return waited;
      }
      case 'turn.finished': {
        const isAnswer = event.outcome.kind === 'answered';
        const waited = isAnswer && unanswered !== undefined ? { answerMs: since(unanswered) } : {};
        unanswered = undefined;
        return waited;
      }
      default:
        return {};
    }
  }

  return { after };
}
