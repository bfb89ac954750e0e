/** An answer of GitHub's, as far as it decides whether it is asked again. */
export interface AnswerFacts {
  readonly status: number;
  readonly headers: Headers;
  /** Its body says that there were too many requests, where status and headers leave that open. */
  readonly saysTooMany: boolean;
}

export interface AttemptFacts {
  /** From 1. */
  readonly attempt: number;
  /** Done twice it is as done once. */
  readonly isRepeatable: boolean;
  readonly nowMs: number;
}

export type RetryDecision =
  | { readonly do: 'take' }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'refuse'; readonly retryAfterMs: number };

/** Whoever asks holds a lease or a person's attention meanwhile. */
export const MAX_WAIT_MS = 60_000;
const MAX_ATTEMPTS = 3;
const PAUSE_MS = 1_000;
/** Servers' clocks tell whole seconds. */
const ROUNDING_MS = 1_000;

/**
 * Whether to take an answer, or to ask again: after the time that GitHub names, else a minute
 * (https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately).
 * What was refused for too many requests has not been done, whatever it was.
 */
export function afterAnswer(answer: AnswerFacts, attempt: AttemptFacts): RetryDecision {
  if (isTooMany(answer)) {
    const ms = limitMs(answer.headers, attempt.nowMs);
    const isWorthIt = ms <= MAX_WAIT_MS && attempt.attempt < MAX_ATTEMPTS;
    return isWorthIt ? { do: 'wait', ms } : { do: 'refuse', retryAfterMs: ms };
  }
  return answer.status >= 500 ? afterFailure(attempt) : { do: 'take' };
}

/** What to do when nothing came back, or a server's failure. */
export function afterFailure({ attempt, isRepeatable }: AttemptFacts): RetryDecision {
  if (!isRepeatable || attempt >= MAX_ATTEMPTS) return { do: 'take' };
  return { do: 'wait', ms: PAUSE_MS * 3 ** (attempt - 1) };
}

/**
 * Reads, and writes that set what they name. A query of GraphQL is a POST as well: no mutation is sent to it that can't
 * be repeated.
 */
export function isRepeatable(method: string, url: string): boolean {
  return method !== 'POST' || /\/graphql$/.test(new URL(url).pathname);
}

function isTooMany({ status, headers, saysTooMany }: AnswerFacts): boolean {
  if (status === 429 || saysTooMany) return true;
  return status === 403 && (headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0');
}

function limitMs(headers: Headers, nowMs: number): number {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  if (Number.isFinite(seconds)) return seconds * 1_000;
  const resetSeconds = Number(headers.get('x-ratelimit-reset') ?? Number.NaN);
  if (headers.get('x-ratelimit-remaining') !== '0' || !Number.isFinite(resetSeconds)) return MAX_WAIT_MS;
  // By the server's own clock, which is what the reset is told by.
  const serverMs = Date.parse(headers.get('date') ?? '') || nowMs;
  return Math.max(0, resetSeconds * 1_000 - serverMs) + ROUNDING_MS;
}
