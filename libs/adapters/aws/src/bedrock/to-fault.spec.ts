import { afterEach, expect, it } from '@jest/globals';
import { openLoopbackBedrock } from '@swe/testing/servers';
import type { LoopbackRefusal } from '@swe/testing/servers';
import { ask, MODEL_ID, openClient, openModel } from './bedrock-fixture';
import { toFault } from './to-fault';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function failureAfter(refusal: LoopbackRefusal) {
  const server = await openLoopbackBedrock([refusal]);
  const client = openClient(server.url);
  closing.push(
    () => server.close(),
    () => client.destroy(),
  );
  const finished = await ask(openModel(client));
  expect(server.requests).toHaveLength(1);
  return finished;
}

/**
 * Names and statuses:
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html#API_runtime_ConverseStream_Errors
 * and https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html
 */
it.each<[number, string, string, RegExp]>([
  [429, 'ThrottlingException', 'throttled', /Slow down/],
  [429, 'ModelNotReadyException', 'transient', /Slow down/],
  [429, 'TooManyTokensTodayException', 'throttled', /Slow down/],
  [400, 'ServiceQuotaExceededException', 'throttled', /Slow down/],
  [503, 'ServiceUnavailableException', 'transient', /Slow down/],
  [500, 'InternalServerException', 'transient', /Slow down/],
  [424, 'ModelErrorException', 'transient', /Slow down/],
  [424, 'ModelStreamErrorException', 'transient', /Slow down/],
  [408, 'ModelTimeoutException', 'transient', /Slow down/],
  [502, 'SomethingNew', 'transient', /Slow down/],
  [403, 'AccessDeniedException', 'denied', /Model access.*InvokeModelWithResponseStream/],
  [403, 'ExpiredTokenException', 'denied', /have expired: sign in again/],
  [403, 'ExpiredToken', 'denied', /have expired: sign in again/],
  [403, 'UnrecognizedClientException', 'denied', /does not know these credentials/],
  [403, 'InvalidSignatureException', 'denied', /clock of this machine/],
  [403, 'SignatureDoesNotMatch', 'denied', /clock of this machine/],
  [403, 'IncompleteSignatureException', 'denied', /not complete/],
  [403, 'SomethingNew', 'denied', /Slow down/],
  [404, 'ResourceNotFoundException', 'missing', /whether the region has it/],
  [400, 'ValidationException', 'invalid', /Slow down/],
  [400, 'SomethingNew', 'invalid', /Slow down/],
])('%d %s is %s, and says which model was asked where', async (status, type, kind, message) => {
  const { stop, failure } = await failureAfter({ status, error: { type, message: 'Slow down.' } });
  expect([stop, failure?.kind]).toEqual(['error', kind]);
  expect(failure?.message).toMatch(message);
  expect(failure?.message).toContain(`model ${MODEL_ID} in us-west-2`);
});

// Not over a wire: the SDK doesn't know the errors of Jest's other realm as errors, and loses their code.
it.each([
  ['ECONNREFUSED', { attempts: 1 }],
  ['ENOTFOUND', undefined],
])('a connection that fails with %s is transient, and says where', (code, $metadata) => {
  const error = Object.assign(new Error(`connect ${code}`), { code, $metadata });
  expect(toFault(error, { modelId: 'm', region: 'us-east-9' })).toMatchObject({
    kind: 'transient',
    message: expect.stringMatching(/model m in us-east-9/),
    cause: error,
  });
});

it('a vendor that says when to come back is waited for', async () => {
  const error = { type: 'ServiceUnavailableException', message: 'Later.' };
  const { failure } = await failureAfter({ status: 503, error, headers: { 'retry-after': '2.5' } });
  expect(failure).toMatchObject({ kind: 'throttled', retryAfterMs: 2_500 });
});

it.each([
  'Input is too long for requested model.',
  'The model returned the following errors: prompt is too long: 200049 tokens > 200000 maximum',
  'The model returned the following errors: input length and `max_tokens` exceed context limit: 199000 + 8192 > 200000',
])('a full context is no error: %s', async (message) => {
  const finished = await failureAfter({ status: 400, error: { type: 'ValidationException', message } });
  expect(finished).toEqual({ type: 'finished', stop: 'context-full', content: [] });
});

it('a conversation that Bedrock counts too long fills the context', async () => {
  const server = await openLoopbackBedrock([], { contextTokens: 10 });
  const client = openClient(server.url);
  closing.push(
    () => server.close(),
    () => client.destroy(),
  );
  expect(await ask(openModel(client))).toMatchObject({ stop: 'context-full' });
});
