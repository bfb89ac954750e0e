import {
  billNanoUsd,
  contentTokens,
  entryTokens,
  isFault,
  scopesOf,
  textTokens,
  worstCaseNanoUsd,
} from '@swe/domain';
import type {
  Bill,
  Ledger,
  LedgerScope,
  ModelFinished,
  ModelRequest,
  PricedModel,
  PriceOf,
  ReservationKey,
  Session,
  SessionChange,
  SpendingCaps,
  WantedCall,
} from '@swe/domain';
import type { Purse } from './purse';
import type { SessionRun } from './session-run';

/** What the agent goes by when it spends. */
export interface SpendingRules extends SpendingCaps {
  readonly priceOf: PriceOf;
  /** The model that sums up for another, for little; undefined where nobody is to. */
  summariserOf?(modelId: string): string | undefined;
}

/** A model call that is to be made, and what it may cost at most. */
export interface PlannedCall {
  readonly key: ReservationKey;
  readonly model: string;
  readonly scopes: readonly LedgerScope[];
  readonly amountNanoUsd: number;
  readonly price: PricedModel;
  /** What of its input goes with every call, at most. */
  readonly fixedTokens: number;
}

/** Why a model call must not go out. */
export type CallDenial = { readonly denied: 'price'; readonly model: string } | DeniedByCap;

export interface DeniedByCap {
  readonly denied: 'cap';
  /** The ledger's, whose cap it is. */
  readonly scope: string;
  readonly capNanoUsd: number;
  readonly wantedNanoUsd: number;
}

type Fixed = Pick<ModelRequest, 'system' | 'tools'>;

/** What goes with every call has at most so many tokens. */
export function fixedTokensOf({ system, tools }: Fixed): number {
  return textTokens(system) + textTokens(JSON.stringify(tools));
}

/** The session's next step, at its worst case; undefined where nobody knows the model's price. */
export function planStep(
  run: SessionRun,
  spending: SpendingRules,
  model: string,
  request: Omit<ModelRequest, 'messages'>,
): PlannedCall | undefined {
  const fixedTokens = fixedTokensOf(request);
  const inputTokens = inputTokensOf(run, model, fixedTokens);
  return plan(run, spending, model, { ...request, inputTokens, fixedTokens });
}

/** A long session was far more than what is left of it: where all of that would count, what is shown is added up. */
function inputTokensOf(
  { inputBound, context, unwritten }: SessionRun,
  model: string,
  fixedTokens: number,
): number {
  const ofAll = inputBound.tokens(model, fixedTokens);
  if (ofAll <= context.size.bytes + fixedTokens) return ofAll;
  const shown = context.messages.reduce((sum, { content }) => sum + contentTokens(content), 0);
  const fresh = unwritten.reduce((sum, entry) => sum + entryTokens(entry), 0);
  return Math.min(ofAll, fixedTokens + shown + fresh);
}

/** The same of a call that is no step: all there is of its input is in it. */
export function planAlone(
  run: SessionRun,
  spending: SpendingRules,
  model: string,
  request: ModelRequest,
): PlannedCall | undefined {
  const fixedTokens = fixedTokensOf(request);
  const said = request.messages.reduce((sum, { content }) => sum + contentTokens(content), 0);
  return plan(run, spending, model, { ...request, inputTokens: fixedTokens + said, fixedTokens });
}

function plan(
  { ports: { clock }, session, parentCapNanoUsd, callNumber }: SessionRun,
  spending: SpendingRules,
  model: string,
  call: WantedCall & { readonly fixedTokens: number },
): PlannedCall | undefined {
  const price = spending.priceOf(model);
  if (price === undefined) return undefined;
  return {
    key: { sessionId: session.id, callNumber: callNumber + 1 },
    model,
    scopes: scopesOf(session, { ...spending, parentCapNanoUsd }, model, clock.nowMs()),
    amountNanoUsd: worstCaseNanoUsd(price, call),
    price,
    fixedTokens: call.fixedTokens,
  };
}

/** Sets aside what a call may cost at most, or says which cap it does not fit under. */
export async function reserveCall(
  ledger: Pick<Ledger, 'reserve'>,
  { key, scopes, amountNanoUsd }: Pick<PlannedCall, 'key' | 'scopes' | 'amountNanoUsd'>,
): Promise<DeniedByCap | undefined> {
  try {
    await ledger.reserve(key, scopes, amountNanoUsd);
    return undefined;
  } catch (error) {
    if (!isFault(error, 'denied')) throw error;
    const full = scopes.find(({ name }) => name === error.scope);
    if (full?.capNanoUsd === undefined) throw error;
    return { denied: 'cap', scope: full.name, capNanoUsd: full.capNanoUsd, wantedNanoUsd: amountNanoUsd };
  }
}

/**
 * Sets a call's worst case aside and writes down that it is made, both at once: it goes out when both are stored. What
 * the calls before cost is counted by then. One that is denied stays in the journal as begun and never answered, like
 * one that its process died in; but nothing is set aside for it, so that nothing is counted.
 */
export async function beginCall(
  run: SessionRun,
  planned: PlannedCall,
  purse: Purse,
  facts: { readonly purpose?: 'summary'; readonly fixedTokens?: number; readonly session?: SessionChange },
): Promise<DeniedByCap | undefined> {
  const { ledger, clock } = run.ports;
  await purse.settled();
  const { session = {}, ...told } = facts;
  const call = { callNumber: planned.key.callNumber, model: planned.model, ...told };
  run.stage({ entries: [{ kind: 'model-call-started', atMs: clock.nowMs(), ...call }], session });
  const [reserved, written, watched] = await Promise.allSettled([
    reserveCall(ledger, planned),
    run.commit(),
    purse.watch(planned.scopes),
  ]);
  if (written.status === 'rejected') throw written.reason;
  if (reserved.status === 'rejected') throw reserved.reason;
  if (watched.status === 'rejected') throw watched.reason;
  return reserved.value;
}

/**
 * What a call cost: by what its provider reported, unless that is nothing; nothing where it never took the call;
 * otherwise its worst case, as an estimate.
 */
export function billOf(
  { amountNanoUsd, price }: Pick<PlannedCall, 'amountNanoUsd' | 'price'>,
  { usage, failure, stop }: Pick<ModelFinished, 'usage' | 'failure' | 'stop'>,
): Bill {
  // A server that counts nothing reports nothing: no call is without a token.
  if (usage !== undefined && Object.values(usage).some((tokens) => tokens > 0)) {
    return { nanoUsd: billNanoUsd(price, usage), isEstimated: false };
  }
  // Too long a request is refused as well.
  const isUncharged = failure?.isUncharged === true || stop === 'context-full';
  return isUncharged ? { nanoUsd: 0, isEstimated: false } : { nanoUsd: amountNanoUsd, isEstimated: true };
}

/**
 * Closes what a process that died had set aside: a call that was never written down never went out; one whose bill is
 * written down costs that; any other may have cost its worst case.
 */
export async function settleLeftCalls(
  ledger: Pick<Ledger, 'listReserved' | 'release' | 'settle'>,
  run: Pick<SessionRun, 'callNumber' | 'billOf'> & { readonly session: Pick<Session, 'id'> },
): Promise<void> {
  for (const { key, amountNanoUsd } of await ledger.listReserved(run.session.id)) {
    const worstCase = { nanoUsd: amountNanoUsd, isEstimated: true };
    const { nanoUsd, isEstimated } = run.billOf(key.callNumber) ?? worstCase;
    if (key.callNumber > run.callNumber) await ledger.release(key);
    else await ledger.settle(key, nanoUsd, isEstimated);
  }
}
