import { addUsage } from '@swe/domain';
import type { FaultKind, LanguageModel, ModelFinished, ModelRequest } from '@swe/domain';
import { callModel } from './call-model';
import { throwIfLeaving } from './leaving';
import { afterModelFailure, passes } from './model-trouble-policy';
import type { PatienceWithModels } from './model-trouble-policy';
import type { SessionRun } from './session-run';

export interface StepOptions {
  /** Of one model call. */
  readonly maxMs: number;
  readonly patience: PatienceWithModels;
  /** Which of the models is asked; the turn stays with the one that answered last. */
  readonly line: { at: number };
}

/** No model answers. */
export interface NoAnswer {
  readonly parkedUntilMs: number;
  readonly reason: string;
}

/**
 * Asks the model for its next answer, again and then another model when one fails, as long as there is patience.
 * Each try is a model call of its own in the journal; none of its failures becomes conversation. A call that the machine
 * has to leave stays without an answer, and `Leaving` is thrown.
 */
export async function takeStep(
  run: SessionRun,
  request: Omit<ModelRequest, 'messages'>,
  { maxMs, patience, line }: StepOptions,
  signal: AbortSignal,
): Promise<ModelFinished | NoAnswer> {
  const { clock, logger, models, observe, random } = run.ports;
  /** Why the models before could not answer, one by one. */
  const givenUp: { readonly kind: FaultKind; readonly reason: string }[] = [];
  for (let failures = 1, sinceMs = clock.monotonicMs(); ; failures += 1) {
    const model = models[line.at] ?? models[0];
    const answer = await callOnce(run, model, request, maxMs, signal);
    if (answer.stop !== 'error') return answer;

    const { kind, message: reason, retryAfterMs } = answer.failure ?? UNKNOWN;
    const modelsLeft = models.length - 1 - line.at;
    const nowMs = clock.monotonicMs();
    const othersMayAnswer = givenUp.some((other) => passes(other.kind));
    const trouble = { kind, retryAfterMs, failures, sinceMs, modelsLeft, othersMayAnswer };
    const decision = afterModelFailure(trouble, patience, nowMs, random.fraction());
    logger.warn('model.failed', {
      sessionId: run.session.id,
      model: model.id,
      kind,
      reason,
      then: decision.do,
    });
    const reasons = [...givenUp.map((other) => other.reason), reason].join('; ');
    switch (decision.do) {
      case 'give-up':
        return { ...answer, failure: { kind, message: reasons } };
      case 'park':
        return { parkedUntilMs: clock.nowMs() + decision.untilMs - nowMs, reason: reasons };
      case 'next-model':
        givenUp.push({ kind, reason });
        line.at += 1;
        failures = 0;
        sinceMs = nowMs;
        observe({ type: 'step.delayed', reason, afterMs: 0, model: models[line.at]?.id ?? model.id });
        break;
      case 'retry':
        observe({ type: 'step.delayed', reason, afterMs: decision.afterMs, model: model.id });
        await clock.sleep(decision.afterMs, signal);
    }
    throwIfLeaving(signal);
    if (signal.aborted) return { type: 'finished', stop: 'cancelled', content: [] };
  }
}

const UNKNOWN = { kind: 'transient', message: 'unknown failure', retryAfterMs: undefined } as const;

/** One model call, journalled before it goes out and after it came back. A failed one is no step. */
async function callOnce(
  run: SessionRun,
  model: LanguageModel,
  request: Omit<ModelRequest, 'messages'>,
  maxMs: number,
  signal: AbortSignal,
): Promise<ModelFinished> {
  const { clock, observe } = run.ports;
  const callNumber = run.callNumber + 1;
  const step = run.session.totals.steps + 1;
  run.stage({
    entries: [{ kind: 'model-call-started', atMs: clock.nowMs(), callNumber, model: model.id }],
    session: { model: model.id },
  });
  await run.commit();
  observe({ type: 'step.started', step, model: model.id });

  const startedMs = clock.monotonicMs();
  const { effort } = run;
  const { messages } = run.context;
  const answer = await callModel(
    { ...run.ports, model },
    { ...request, messages, effort },
    callNumber,
    maxMs,
    signal,
  );
  throwIfLeaving(signal);
  const { stop, usage } = answer;
  const told = {
    durationMs: clock.monotonicMs() - startedMs,
    ...(usage === undefined ? {} : { usage }),
    ...(answer.failure === undefined ? {} : { failure: answer.failure.message }),
  };
  const { totals } = run.session;
  run.stage({
    entries: [
      {
        kind: 'model-call-finished',
        atMs: clock.nowMs(),
        callNumber,
        model: model.id,
        content: [...answer.content],
        stop,
        ...told,
      },
    ],
    session: {
      // The machine is good for something: deaths are counted from here.
      ...(stop !== 'error' && { startAttempts: undefined }),
      totals: {
        steps: stop === 'error' ? totals.steps : step,
        usage: usage === undefined ? totals.usage : addUsage(totals.usage, usage),
      },
    },
  });
  observe({ type: 'step.finished', step, stop, ...told });
  return answer;
}
