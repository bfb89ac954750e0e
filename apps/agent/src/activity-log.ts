import { toUsd } from '@swe/domain';
import type { AgentEvent, AgentObserver, Clock, Logger } from '@swe/domain';
import { waitingTimes } from './waiting-times';

const HEALTH_MS = 60_000;

export interface ActivityLogOptions {
  readonly clock: Pick<Clock, 'nowMs' | 'sleep'>;
  readonly logger: Pick<Logger, 'info'>;
  /** The process's memory that is in RAM. */
  readonly residentBytes: () => number;
}

/**
 * Logs what an agent does, without what was said or written, and once a minute that the process lives: how long ago it
 * last did something tells a long command from one that hangs.
 */
export function activityLog({ clock, logger, residentBytes }: ActivityLogOptions) {
  const startedAtMs = clock.nowMs();
  let lastAtMs = startedAtMs;
  let last = 'agent.started';
  const waits = waitingTimes(startedAtMs);

  const observe: AgentObserver = (event) => {
    lastAtMs = clock.nowMs();
    last = event.type;
    const facts = factsOf(event);
    const { workerReadyMs, ...waited } = waits.after(event, lastAtMs);
    if (facts !== undefined) logger.info(event.type, { ...facts, ...waited });
    if (workerReadyMs !== undefined) logger.info('worker.ready', { afterMs: workerReadyMs });
  };

  /** Until `signal` aborts. */
  async function keepReporting(signal: AbortSignal): Promise<void> {
    for (;;) {
      await clock.sleep(HEALTH_MS, signal);
      if (signal.aborted) return;
      const nowMs = clock.nowMs();
      logger.info('agent.alive', {
        upMs: nowMs - startedAtMs,
        last,
        lastAgoMs: nowMs - lastAtMs,
        residentBytes: residentBytes(),
      });
    }
  }

  return { observe, keepReporting };
}

/** What may be in a log; undefined for what is none of its business. */
function factsOf(event: AgentEvent): Readonly<Record<string, unknown>> | undefined {
  switch (event.type) {
    case 'text.streamed':
    case 'reasoning.streamed':
      return undefined;
    case 'session.opened':
    case 'workspace.restored':
      return {};
    case 'message.admitted':
      return { requester: event.requester };
    case 'step.started':
      return { step: event.step, model: event.model };
    case 'step.finished': {
      const { step, stop, usage, nanoUsd, durationMs, failure } = event;
      return {
        step,
        stop,
        usage,
        ...(nanoUsd !== undefined && { usd: toUsd(nanoUsd) }),
        durationMs,
        failure,
      };
    }
    case 'step.delayed': {
      const { reason, afterMs, model } = event;
      return { reason, afterMs, model };
    }
    case 'context.compacted': {
      const { bytesBefore, bytesAfter, isSummarised } = event;
      return { bytesBefore, bytesAfter, isSummarised };
    }
    case 'session.parked':
    case 'session.waiting':
      return { reason: event.reason, untilMs: event.untilMs };
    case 'tool.started':
      return { callId: event.callId, tool: event.name };
    case 'tool.finished': {
      const { callId, name: tool, isError, durationMs } = event;
      return { callId, tool, isError, durationMs };
    }
    case 'effect.started':
      return { callId: event.callId, effectKey: event.effectKey };
    case 'effect.finished':
      return { effectKey: event.effectKey, isError: event.isError };
    case 'post.delivered':
      return { effectKey: event.effectKey };
    case 'turn.finished':
      return { outcome: event.outcome.kind };
  }
}
