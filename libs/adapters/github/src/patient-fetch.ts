import { Fault } from '@swe/domain';
import type { Clock } from '@swe/domain';
import { z } from 'zod';
import { afterAnswer, afterFailure, isRepeatable } from './retry-policy';
import type { AnswerFacts, RetryDecision } from './retry-policy';

type Outcome = { readonly response: Response } | { readonly error: unknown };

/** One request, headers included; what is asked for may take its time to arrive. */
const DEADLINE_MS = 60_000;

/** https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit */
const restRefusal = z.object({ documentation_url: z.string().regex(/rate-limits?\b/) });
/** https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#exceeding-the-rate-limit */
const graphqlRefusal = z.object({
  errors: z
    .array(z.object({ type: z.string() }))
    .refine((all) => all.some((e) => /^RATE_LIMIT/.test(e.type))),
});

/**
 * Asks again by `clock` where that may help: see `retry-policy.ts`. Throws `throttled` with its time where the wait is
 * too long, and `cancelled` when the request's signal aborts.
 */
export function patientFetch(inner: typeof fetch, clock: Clock): typeof fetch {
  return async (input, init = {}) => {
    const url = String(input);
    const method = init.method ?? 'GET';
    const signal = init.signal ?? undefined;
    for (let attempt = 1; ; attempt += 1) {
      throwIfAborted(signal);
      const outcome = await ask(inner, url, init, clock);
      throwIfAborted(signal);
      const facts = { attempt, isRepeatable: isRepeatable(method, url), nowMs: clock.nowMs() };
      const decision =
        'error' in outcome
          ? afterError(outcome.error, facts)
          : afterAnswer(await factsOf(outcome.response), facts);
      if (decision.do === 'refuse') throw tooMany(decision.retryAfterMs);
      if (decision.do === 'take') {
        if ('error' in outcome) throw outcome.error;
        return outcome.response;
      }
      if ('response' in outcome) await outcome.response.body?.cancel();
      await clock.sleep(decision.ms, signal);
    }
  };
}

/** What our own rules refuse stays refused. */
function afterError(error: unknown, facts: Parameters<typeof afterFailure>[0]): RetryDecision {
  return error instanceof Fault && error.kind !== 'transient' ? { do: 'take' } : afterFailure(facts);
}

async function ask(inner: typeof fetch, url: string, init: RequestInit, clock: Clock): Promise<Outcome> {
  const late = new AbortController();
  const done = new AbortController();
  void clock.sleep(DEADLINE_MS, done.signal).then(() => {
    if (!done.signal.aborted) late.abort(new Fault('transient', 'GitHub did not answer in time'));
  });
  const signal = init.signal ? AbortSignal.any([init.signal, late.signal]) : late.signal;
  try {
    return { response: await inner(url, { ...init, signal }) };
  } catch (error) {
    return { error };
  } finally {
    done.abort();
  }
}

async function factsOf(response: Response): Promise<AnswerFacts> {
  const { status, headers } = response;
  return { status, headers, saysTooMany: await saysTooMany(response) };
}

async function saysTooMany(response: Response): Promise<boolean> {
  const { status, headers } = response;
  const mayBeGraphql =
    status === 200 && (headers.get('x-ratelimit-remaining') === '0' || headers.has('retry-after'));
  if (status !== 403 && !mayBeGraphql) return false;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  return (status === 403 ? restRefusal : graphqlRefusal).safeParse(body).success;
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new Fault('cancelled', 'called off', { cause: signal.reason });
}

function tooMany(retryAfterMs: number): Fault {
  return new Fault('throttled', 'GitHub: too many requests', { retryAfterMs });
}
