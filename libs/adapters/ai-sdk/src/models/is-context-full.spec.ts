import { describe, expect, it } from '@jest/globals';
import { APICallError } from '@ai-sdk/provider';
import { isContextFull } from './is-context-full';
import { readVendorError } from './vendor-error';

const refused = (statusCode: number, body: object) =>
  new APICallError({
    message: 'Bad Request',
    url: 'http://127.0.0.1/v1',
    requestBodyValues: {},
    statusCode,
    responseBody: JSON.stringify(body),
  });
const anthropic = (type: string, message: string) => ({ type: 'error', error: { type, message } });

describe('a context that is full', () => {
  it.each<[string, number, object, boolean]>([
    [
      'Anthropic',
      400,
      anthropic('invalid_request_error', 'prompt is too long: 250000 tokens > 200000 maximum'),
      true,
    ],
    [
      'Anthropic, with the room for the answer',
      400,
      anthropic(
        'invalid_request_error',
        'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000',
      ),
      true,
    ],
    ['Anthropic, by bytes', 413, anthropic('request_too_large', 'Request exceeds the maximum size'), true],
    [
      'OpenAI',
      400,
      {
        error: {
          message: 'Too much.',
          type: 'invalid_request_error',
          param: 'input',
          code: 'context_length_exceeded',
        },
      },
      true,
    ],
    [
      'llama.cpp',
      400,
      {
        error: {
          code: 400,
          message: 'too much',
          type: 'exceed_context_size_error',
          n_prompt_tokens: 14429,
          n_ctx: 8192,
        },
      },
      true,
    ],
    [
      'vLLM',
      400,
      {
        object: 'error',
        message: "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.",
        type: 'BadRequestError',
        param: null,
        code: 400,
      },
      true,
    ],
    [
      'another bad request',
      400,
      anthropic('invalid_request_error', 'messages.1: roles must alternate'),
      false,
    ],
    [
      'a rate limit that speaks of tokens',
      429,
      anthropic('rate_limit_error', 'maximum context length is'),
      false,
    ],
  ])('%s', (_name, status, body, expected) => {
    expect(isContextFull(readVendorError(refused(status, body)))).toBe(expected);
  });
});
