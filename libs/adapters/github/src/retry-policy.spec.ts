import { describe, expect, it } from '@jest/globals';
import { afterAnswer, afterFailure, isRepeatable, MAX_WAIT_MS } from './retry-policy';
import type { RetryDecision } from './retry-policy';

const nowMs = Date.UTC(2026, 0, 1);
const read = { attempt: 1, isRepeatable: true, nowMs };
const take: RetryDecision = { do: 'take' };

function decide(
  status: number,
  headers: Record<string, string>,
  {
    saysTooMany = false,
    attempt = read,
  }: { readonly saysTooMany?: boolean; readonly attempt?: typeof read } = {},
): RetryDecision {
  return afterAnswer({ status, headers: new Headers(headers), saysTooMany }, attempt);
}

const resetIn = (seconds: number, date?: string): Record<string, string> => ({
  'x-ratelimit-remaining': '0',
  'x-ratelimit-reset': String(nowMs / 1_000 + seconds),
  ...(date !== undefined && { date }),
});

describe('what is asked again', () => {
  it.each<[string, RetryDecision, RetryDecision]>([
    ['an answer is taken', decide(200, {}), take],
    ['so is the last one within the limit', decide(200, resetIn(30)), take],
    ['a refusal is taken', decide(403, { 'x-ratelimit-remaining': '4999' }), take],
    ['retry-after is waited for', decide(403, { 'retry-after': '30' }), { do: 'wait', ms: 30_000 }],
    ['up to a minute', decide(429, { 'retry-after': '61' }), { do: 'refuse', retryAfterMs: 61_000 }],
    ['the reset is waited for', decide(403, resetIn(20)), { do: 'wait', ms: 21_000 }],
    ['by 429 as well', decide(429, resetIn(20)), { do: 'wait', ms: 21_000 }],
    ['a far one is not', decide(403, resetIn(1_800)), { do: 'refuse', retryAfterMs: 1_801_000 }],
    [
      "by the server's clock",
      decide(403, resetIn(20, new Date(nowMs - 10_000).toUTCString())),
      { do: 'wait', ms: 31_000 },
    ],
    [
      'a minute, where no time is named',
      decide(403, {}, { saysTooMany: true }),
      { do: 'wait', ms: MAX_WAIT_MS },
    ],
    [
      'a third time is refused',
      decide(429, {}, { attempt: { ...read, attempt: 3 } }),
      { do: 'refuse', retryAfterMs: MAX_WAIT_MS },
    ],
    [
      'a write that was refused for its number was not done',
      decide(429, { 'retry-after': '1' }, { attempt: { ...read, isRepeatable: false } }),
      { do: 'wait', ms: 1_000 },
    ],
    ["a server's failure is asked again", decide(502, {}), { do: 'wait', ms: 1_000 }],
    ['with growing pauses', decide(502, {}, { attempt: { ...read, attempt: 2 } }), { do: 'wait', ms: 3_000 }],
    ['and then taken', decide(502, {}, { attempt: { ...read, attempt: 3 } }), take],
    ['a write may have been done', decide(502, {}, { attempt: { ...read, isRepeatable: false } }), take],
    ['also where nothing came back', afterFailure({ ...read, isRepeatable: false }), take],
  ])('%s', (_name, decision, expected) => {
    expect(decision).toEqual(expected);
  });

  it.each([
    ['GET', 'https://api.github.com/user', true],
    ['PATCH', 'https://api.github.com/repos/o/r/pulls/1', true],
    ['PUT', 'https://api.github.com/x', true],
    ['DELETE', 'https://api.github.com/x', true],
    ['POST', 'https://api.github.com/repos/o/r/issues/1/comments', false],
    ['POST', 'https://api.github.com/graphql', true],
    ['POST', 'https://git.acme.example/api/graphql', true],
  ])('%s %s may be repeated: %s', (method, url, expected) => {
    expect(isRepeatable(method, url)).toBe(expected);
  });
});
