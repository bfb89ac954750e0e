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
  Ledger,
  ModelFinished,
  ModelRequest,
  PricedModel,
  PriceOf,
  ReservationKey,
  SpendingCaps,
  WantedCall,
} from '@swe/domain';
import type { SessionRun } from './session-run';

/** What the agent goes by when it spends. */
export interface SpendingRules extends SpendingCaps {
  readonly priceOf: PriceOf;
  /** The model that sums up for another, for little; undefined where nobody is to. */
  summariserOf?(modelId: string): string | undefined;
}

/** A model call whose worst case is set aside. */
export interface ReservedCall {
  readonly key: ReservationKey;
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

/** Sets aside what the session's next step may cost at most, or says why it must not be made. */
export function reserveCall(
  run: SessionRun,
  spending: SpendingRules,
  model: string,
  request: Omit<ModelRequest, 'messages'>,
): Promise<ReservedCall | CallDenial> {
  const fixedTokens = fixedTokensOf(request);
  const inputTokens = inputTokensOf(run, model, fixedTokens);
  return reserve(run, spending, model, { ...request, inputTokens, fixedTokens });
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
export function reserveAlone(
  run: SessionRun,
  spending: SpendingRules,
  model: string,
  request: ModelRequest,
): Promise<ReservedCall | CallDenial> {
  const fixedTokens = fixedTokensOf(request);
  const said = request.messages.reduce((sum, { content }) => sum + contentTokens(content), 0);
  return reserve(run, spending, model, { ...request, inputTokens: fixedTokens + said, fixedTokens });
}

async function reserve(
  { ports: { ledger, clock }, session, callNumber }: SessionRun,
  spending: SpendingRules,
  model: string,
  call: WantedCall & { readonly fixedTokens: number },
): Promise<ReservedCall | CallDenial> {
  const price = spending.priceOf(model);
  if (price === undefined) return { denied: 'price', model };
  const amountNanoUsd = worstCaseNanoUsd(price, call);
  const key = { sessionId: session.id, callNumber: callNumber + 1 };
  const scopes = scopesOf(session, spending, model, clock.nowMs());
  try {
    await ledger.reserve(key, scopes, amountNanoUsd);
  } catch (error) {
    if (!isFault(error, 'denied')) throw error;
    const full = scopes.find(({ name }) => name === error.scope);
    if (full?.capNanoUsd === undefined) throw error;
    return { denied: 'cap', scope: full.name, capNanoUsd: full.capNanoUsd, wantedNanoUsd: amountNanoUsd };
  }
  return { key, amountNanoUsd, price, fixedTokens: call.fixedTokens };
}

/**
 * Counts what a call cost, and gives it: by what its provider reported, unless that is nothing; nothing where it never
 * took the call; otherwise its worst case, as an estimate. Counted before its answer is written down, so that nothing which is written down is left to be counted.
 */
export async function settleCall(
  { ports: { ledger } }: SessionRun,
  { key, amountNanoUsd, price }: ReservedCall,
  { usage, failure, stop }: Pick<ModelFinished, 'usage' | 'failure' | 'stop'>,
): Promise<number> {
  // A server that counts nothing reports nothing: no call is without a token.
  if (usage !== undefined && Object.values(usage).some((tokens) => tokens > 0)) {
    const spentNanoUsd = billNanoUsd(price, usage);
    await ledger.settle(key, spentNanoUsd, false);
    return spentNanoUsd;
  }
  // Too long a request is refused as well.
  if (failure?.isUncharged === true || stop === 'context-full') {
    await ledger.release(key);
    return 0;
  }
  await ledger.settle(key, amountNanoUsd, true);
  return amountNanoUsd;
}

/**
 * Closes what a process that died had set aside: a call that was never written down never went out; one that was may
 * have cost its worst case. `callNumber` is that of the last call that was written down.
 */
export async function settleLeftCalls(
  ledger: Pick<Ledger, 'listReserved' | 'release' | 'settle'>,
  sessionId: string,
  callNumber: number,
): Promise<void> {
  for (const { key, amountNanoUsd } of await ledger.listReserved(sessionId)) {
    if (key.callNumber > callNumber) await ledger.release(key);
    else await ledger.settle(key, amountNanoUsd, true);
  }
}
