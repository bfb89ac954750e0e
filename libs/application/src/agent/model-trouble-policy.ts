import type { FaultKind } from '@swe/domain';

/** How long a failing provider is tried. By time, never by attempts: ten attempts are over in a second or an hour. */
export interface PatienceWithModels {
  /** A model that fails is called again for so long, then the next one is. */
  readonly retryForMs: number;
  /** The first pause is at most this long, each further one at most twice as long as the one before. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** When no model is left the session is put down for so long. */
  readonly parkMs: number;
}

export const DEFAULT_PATIENCE: PatienceWithModels = {
  retryForMs: 2 * 60_000,
  firstPauseMs: 1_000,
  longestPauseMs: 30_000,
  parkMs: 5 * 60_000,
};

/** A run of failures of one model, without an answer between them. */
export interface ModelTrouble {
  readonly kind: FaultKind;
  /** What the provider asked for. */
  readonly retryAfterMs: number | undefined;
  readonly failures: number;
  readonly sinceMs: number;
  /** Models that have not been tried. */
  readonly modelsLeft: number;
  /** A model that was tried before failed for a reason that passes. */
  readonly othersMayAnswer: boolean;
}

export type TroubleDecision =
  | { readonly do: 'retry'; readonly afterMs: number }
  | { readonly do: 'next-model' }
  | { readonly do: 'park'; readonly untilMs: number }
  | { readonly do: 'give-up' };

/**
 * What to do about a model call that failed. `nowMs` and `sinceMs` are of one clock. `fraction` in [0, 1) spreads the
 * pauses of many sessions over the whole interval (full jitter,
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/); what a provider asked for is a minimum.
 */
export function afterModelFailure(
  trouble: ModelTrouble,
  patience: PatienceWithModels,
  nowMs: number,
  fraction: number,
): TroubleDecision {
  const { kind, retryAfterMs = 0, failures, sinceMs, modelsLeft, othersMayAnswer } = trouble;
  if (!passes(kind)) {
    if (modelsLeft > 0) return { do: 'next-model' };
    return othersMayAnswer ? { do: 'park', untilMs: nowMs + patience.parkMs } : { do: 'give-up' };
  }

  const ceilingMs = Math.min(
    patience.longestPauseMs,
    patience.firstPauseMs * 2 ** Math.min(failures - 1, 30),
  );
  const afterMs = retryAfterMs + ceilingMs * fraction;
  if (nowMs + afterMs - sinceMs <= patience.retryForMs) return { do: 'retry', afterMs };
  if (modelsLeft > 0) return { do: 'next-model' };
  return { do: 'park', untilMs: nowMs + Math.max(patience.parkMs, afterMs) };
}

/** Whether a failure may be over the next time. */
export function passes(kind: FaultKind): boolean {
  return kind === 'transient' || kind === 'throttled' || kind === 'conflict';
}
