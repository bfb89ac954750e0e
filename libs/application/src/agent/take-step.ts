import { addUsage, capOf, sessionScope } from '@swe/domain';
import type { FaultKind, LanguageModel, ModelFinished, ModelRequest } from '@swe/domain';
import { callModel } from './call-model';
import { fitContext } from './fit-context';
import type { NoFit } from './fit-context';
import { readWishes } from './follow-wishes';
import { stageNearCap, stageNearSharedCaps } from './near-caps';
import type { Purse } from './purse';
import { throwIfLeaving } from './leaving';
import { afterModelFailure, passes } from './model-trouble-policy';
import type { ModelLine } from './model-line';
import type { PatienceWithModels } from './model-trouble-policy';
import { beginCall, billOf, planStep, reserveCall } from './reserve-call';
import type { CallDenial, DeniedByCap, PlannedCall, SpendingRules } from './reserve-call';
import type { SessionRun } from './session-run';

export interface StepOptions {
  /** Of one model call. */
  readonly maxMs: number;
  readonly patience: PatienceWithModels;
  readonly line: ModelLine;
  readonly spending: SpendingRules;
  readonly purse: Purse;
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
  { maxMs, patience, line, spending, purse }: StepOptions,
  signal: AbortSignal,
): Promise<ModelFinished | NoAnswer | NoFit | CallDenial> {
  const { clock, logger, observe, random } = run.ports;
  /** Why the models before could not answer, one by one. */
  const givenUp: { readonly kind: FaultKind; readonly reason: string }[] = [];
  for (let failures = 1, sinceMs = clock.monotonicMs(); ; failures += 1) {
    const { model, modelsLeft } = await line.current();
    const unfit = await fitContext(run, model, request, { maxMs, spending, purse }, signal);
    if (unfit !== undefined) return unfit;
    if (signal.aborted) return CANCELLED;
    const answer = await callOnce(run, model, request, { maxMs, spending, purse }, signal);
    if ('denied' in answer || answer.stop !== 'error') return answer;

    const { kind, message: reason, retryAfterMs } = answer.failure ?? UNKNOWN;
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
        failures = 0;
        sinceMs = nowMs;
        observe({ type: 'step.delayed', reason, afterMs: 0, model: (await line.pass()).id });
        break;
      case 'retry':
        observe({ type: 'step.delayed', reason, afterMs: decision.afterMs, model: model.id });
        await clock.sleep(decision.afterMs, signal);
    }
    throwIfLeaving(signal);
    if (signal.aborted) return CANCELLED;
  }
}

/** Calls in a row that read less from the provider's cache than was predicted. */
const CALLS_APART = 2;

const CANCELLED: ModelFinished = { type: 'finished', stop: 'cancelled', content: [] };
const UNKNOWN = { kind: 'transient', message: 'unknown failure', retryAfterMs: undefined } as const;

/**
 * One model call: it goes out once its worst case is reserved and it is journalled. When it came back it is settled and
 * journalled along with what follows. A failed one is no step.
 */
async function callOnce(
  run: SessionRun,
  model: LanguageModel,
  request: Omit<ModelRequest, 'messages'>,
  { maxMs, spending, purse }: Pick<StepOptions, 'maxMs' | 'spending' | 'purse'>,
  signal: AbortSignal,
): Promise<ModelFinished | CallDenial> {
  const { clock, observe } = run.ports;
  const planned = planStep(run, spending, model.id, request);
  if (planned === undefined) return { denied: 'price', model: model.id };
  const { callNumber } = planned.key;
  const step = run.session.totals.steps + 1;
  const denial = await beginAsWished(run, planned, { spending, purse });
  if (denial !== undefined) return denial;
  observe({ type: 'step.started', step, callNumber, model: model.id });

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
  const bill = billOf(planned, answer);
  const spentNanoUsd = purse.pay(planned, bill);
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
        bill,
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
  stageNearCap(run, spending, spentNanoUsd);
  stageNearSharedCaps(run, purse);
  observe({ type: 'step.finished', step, stop, nanoUsd: bill.nanoUsd, ...told });
  warnOfMiss(run, model.id);
  return answer;
}

/** One call apart may be the provider's chance; from the second on each costs several times what it should. */
function warnOfMiss({ ports: { logger }, session, cacheMiss }: SessionRun, model: string): void {
  if (cacheMiss?.inARow === CALLS_APART) {
    logger.warn('cache.missed', { sessionId: session.id, model, ...cacheMiss });
  }
}

/** More may have been granted since the session's wishes were read: nobody is asked for what they have given. */
async function beginAsWished(
  run: SessionRun,
  planned: PlannedCall,
  { spending, purse }: Pick<StepOptions, 'spending' | 'purse'>,
): Promise<DeniedByCap | undefined> {
  const { model, fixedTokens, scopes } = planned;
  const denial = await beginCall(run, planned, purse, { fixedTokens, session: { model } });
  if (denial?.scope.startsWith(sessionScope('')) !== true) return denial;
  await readWishes(run);
  const isOwn = denial.scope === sessionScope(run.session.id);
  const capNanoUsd = isOwn
    ? capOf(run.session, spending.capNanoUsd)
    : (run.parentCapNanoUsd ?? spending.capNanoUsd);
  if (capNanoUsd <= denial.capNanoUsd) return denial;
  const raised = scopes.map((scope) => (scope.name === denial.scope ? { ...scope, capNanoUsd } : scope));
  return reserveCall(run.ports.ledger, { ...planned, scopes: raised });
}
