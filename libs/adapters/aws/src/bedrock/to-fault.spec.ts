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
  [403, 'AccessDeniedException', 'denied', /request access to the model in the Bedrock console of us-west-2/],
  [403, 'ExpiredTokenException', 'transient', /renew the credentials/],
  [403, 'ExpiredToken', 'transient', /renew the credentials/],
  [403, 'UnrecognizedClientException', 'denied', /does not know these credentials/],
  [403, 'InvalidSignatureException', 'denied', /this machine's clock/],
  [403, 'SignatureDoesNotMatch', 'denied', /this machine's clock/],
  [403, 'IncompleteSignatureException', 'denied', /not complete/],
  [403, 'SomethingNew', 'denied', /Slow down/],
  [404, 'ResourceNotFoundException', 'missing', /AWS_REGION to one that has it/],
  [400, 'ValidationException', 'invalid', /Slow down/],
  [400, 'SomethingNew', 'invalid', /Slow down/],
])('%d %s is %s, and says which model was asked where', async (status, type, kind, message) => {
  const { stop, failure } = await failureAfter({ status, error: { type, message: 'Slow down.' } });
  expect([stop, failure?.kind]).toEqual(['error', kind]);
  expect(failure?.message).toMatch(message);
  expect(failure?.message).toContain(`model ${MODEL_ID} in us-west-2`);
});

const USER = 'User: arn:aws:sts::111122223333:assumed-role/swe-main-agent/i-0a1b2c3d';
const MARKETPLACE = '(aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe)';
const NO_ACCESS = /may not use model .*, request access to the model in the Bedrock console of us-west-2/;

it.each<[number, string, string, string, RegExp]>([
  [
    403,
    'AccessDeniedException',
    "You don't have access to the model with the specified model ID.",
    'denied',
    NO_ACCESS,
  ],
  [
    403,
    'AccessDeniedException',
    `Model access is denied due to IAM user or service role is not authorized to perform the required AWS Marketplace actions ${MARKETPLACE} to enable access to this model.`,
    'denied',
    NO_ACCESS,
  ],
  [
    403,
    'AccessDeniedException',
    `${USER} is not authorized to perform: bedrock:InvokeModelWithResponseStream on resource: arn:aws:bedrock:us-west-2::foundation-model/anthropic.claude because no identity-based policy allows the bedrock:InvokeModelWithResponseStream action`,
    'denied',
    /: allow bedrock:InvokeModelWithResponseStream in the policy of the role swe-main-agent/,
  ],
  [
    404,
    'ResourceNotFoundException',
    'Model use case details have not been submitted for this account. Fill out the Anthropic use case details form before using the model. If you have already filled out the form, try again in 15 minutes.',
    'denied',
    NO_ACCESS,
  ],
  [
    400,
    'ValidationException',
    'The model returned the following errors: You have not filled out the required use-case form for this model.',
    'denied',
    NO_ACCESS,
  ],
  [400, 'ValidationException', 'Operation not allowed', 'denied', NO_ACCESS],
  [
    400,
    'ValidationException',
    'The provided model identifier is invalid.',
    'missing',
    /there is no model .* in us-west-2, correct SWE_MODEL, or AWS_REGION/,
  ],
  [
    400,
    'ValidationException',
    'Invocation of model ID anthropic.claude with on-demand throughput isn\u2019t supported. Retry your request with the ID or ARN of an inference profile that contains this model.',
    'invalid',
    /by an inference profile alone.*SWE_MODEL/,
  ],
  [
    403,
    'InvalidSignatureException',
    'Signature expired: 20261122T174101Z is now earlier than 20261122T174504Z (20261122T175004Z - 5 min.)',
    'transient',
    /clock is off by more than five minutes/,
  ],
])('%d %s: "%s" is %s, and told with what mends it', async (status, type, message, kind, mend) => {
  const { failure } = await failureAfter({ status, error: { type, message } });
  expect(failure).toMatchObject({ kind, message: expect.stringMatching(mend) });
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
