import { describe, expect, it } from '@jest/globals';
import { APICallError, InvalidResponseDataError, UnsupportedFunctionalityError } from '@ai-sdk/provider';
import type { FaultKind } from '@swe/domain';
import { toFault } from './to-fault';

function refused(
  statusCode: number | undefined,
  body: unknown,
  responseHeaders: Record<string, string> = {},
) {
  return new APICallError({
    message: 'Bad Gateway',
    url: 'http://127.0.0.1/v1',
    requestBodyValues: {},
    responseHeaders,
    responseBody: typeof body === 'string' ? body : JSON.stringify(body),
    ...(statusCode === undefined ? {} : { statusCode }),
  });
}
const anthropic = (type: string) => ({ type: 'error', error: { type, message: 'said the vendor' } });
const openAi = (type: string, code: string | null = null) => ({
  error: { message: 'said the vendor', type, param: null, code },
});
const said = 'said the vendor';

describe('a failure', () => {
  it.each<[string, unknown, FaultKind, string]>([
    // https://platform.claude.com/docs/en/api/errors
    ['400', refused(400, anthropic('invalid_request_error')), 'invalid', said],
    ['401', refused(401, anthropic('authentication_error')), 'denied', said],
    ['402', refused(402, anthropic('billing_error')), 'denied', said],
    ['403', refused(403, anthropic('permission_error')), 'denied', said],
    ['404', refused(404, anthropic('not_found_error')), 'missing', said],
    ['429', refused(429, anthropic('rate_limit_error')), 'throttled', said],
    ['500', refused(500, anthropic('api_error')), 'transient', said],
    ['529', refused(529, anthropic('overloaded_error')), 'throttled', said],
    // https://platform.openai.com/docs/guides/error-codes
    ['an unknown model', refused(404, openAi('invalid_request_error', 'model_not_found')), 'missing', said],
    ['no quota', refused(429, openAi('insufficient_quota', 'insufficient_quota')), 'denied', said],
    ['a rate', refused(429, openAi('requests', 'rate_limit_exceeded')), 'throttled', said],
    ['a web page of a proxy', refused(502, '<html>'), 'transient', 'Bad Gateway'],
    ['a timeout of a proxy', refused(408, ''), 'transient', 'Bad Gateway'],
    ['a redirect', refused(307, ''), 'invalid', 'Bad Gateway'],
    [
      'an error that is text',
      refused(404, { error: 'model "x" not found' }),
      'missing',
      'model "x" not found',
    ],
    // In a stream there is no status of HTTP, but what the SDK reads from the event.
    [
      'an error event',
      { message: said, type: 'overloaded_error', statusCode: 529, data: {} },
      'throttled',
      said,
    ],
    ['an error chunk', { message: said, type: 'server_error', code: 503 }, 'transient', said],
    [
      'a failed response',
      { message: said, type: 'response.failed', code: 'rate_limit_exceeded', statusCode: 429, data: {} },
      'throttled',
      said,
    ],
    ['no connection', refused(undefined, ''), 'transient', 'Bad Gateway'],
    [
      'a cut connection',
      Object.assign(new TypeError('terminated'), {
        cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
      }),
      'transient',
      'other side closed',
    ],
    [
      'an unknown host',
      Object.assign(new Error('not found'), { code: 'ENOTFOUND' }),
      'transient',
      'not found',
    ],
    ['no address at all', Object.assign(new TypeError('bad'), { code: 'ERR_INVALID_URL' }), 'invalid', 'bad'],
    [
      'an answer that makes no sense',
      new InvalidResponseDataError({ data: 1, message: 'odd' }),
      'transient',
      'odd',
    ],
    [
      'what the provider cannot send',
      new UnsupportedFunctionalityError({ functionality: 'x', message: 'no x' }),
      'invalid',
      'no x',
    ],
    ['a time limit of the connection', new DOMException('too slow', 'TimeoutError'), 'transient', 'too slow'],
    ['a bug', new RangeError('oops'), 'invalid', 'oops'],
    ['no error at all', 'oops', 'invalid', 'oops'],
  ])('%s', (_name, error, kind, message) => {
    const fault = toFault(error);
    expect(fault).toMatchObject({ kind, message, retryAfterMs: undefined });
    expect(fault.cause).toBe(error);
  });

  const date = 'Sun, 22 Nov 2026 10:00:00 GMT';
  it.each<[string, number, Record<string, string>, FaultKind, number | undefined]>([
    ['in seconds', 429, { 'retry-after': '7' }, 'throttled', 7_000],
    ['in parts of seconds', 429, { 'retry-after': '0.5' }, 'throttled', 500],
    ['at a date', 429, { 'retry-after': 'Sun, 22 Nov 2026 10:00:30 GMT', date }, 'throttled', 30_000],
    ['at a date that is over', 429, { 'retry-after': 'Sun, 22 Nov 2026 09:00:00 GMT', date }, 'throttled', 0],
    [
      'at a date without a clock',
      429,
      { 'retry-after': 'Sun, 22 Nov 2026 10:00:30 GMT' },
      'throttled',
      undefined,
    ],
    ['in milliseconds', 429, { 'retry-after-ms': '1250', 'retry-after': '2' }, 'throttled', 1_250],
    ['in words', 429, { 'retry-after': 'soon' }, 'throttled', undefined],
    ['of a server that is down', 503, { 'retry-after': '120' }, 'throttled', 120_000],
    ['of a refusal', 401, { 'retry-after': '120' }, 'denied', undefined],
  ])('says when to come back: %s', (_name, status, headers, kind, retryAfterMs) => {
    expect(toFault(refused(status, '', headers))).toMatchObject({ kind, retryAfterMs });
  });

  it('says its status when it says nothing else', () => {
    const error = new APICallError({ message: '', url: '', requestBodyValues: {}, statusCode: 503 });
    expect(toFault(error).message).toBe('HTTP 503');
  });

  it('is bounded, also when it is its own cause', () => {
    const error = Object.assign(new Error('x'.repeat(5_000)), { cause: undefined as unknown });
    error.cause = error;
    expect(toFault(error).message).toHaveLength(1_000);
  });
});
