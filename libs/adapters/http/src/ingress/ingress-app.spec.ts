import { describe, expect, it } from '@jest/globals';
import { Fault } from '@swe/domain';
import { handle } from 'hono/aws-lambda';
import { ingressApp } from './ingress-app';
import type { RequestHandler } from './ingress-app';

const MAX_BYTES = 1_000_000;

function open(handle: RequestHandler = async () => new Response('taken')) {
  const logged: { level: string; event: string; [field: string]: unknown }[] = [];
  const log =
    (level: string) =>
    (event: string, fields: object = {}) =>
      void logged.push({ level, event, ...fields });
  const app = ingressApp({
    posts: { '/slack/events': { handle, maxBodyBytes: MAX_BYTES } },
    logger: { warn: log('warn'), error: log('error') },
  });
  return { app, logged };
}

const post = (body: string): RequestInit => ({ method: 'POST', body });

/** As https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html shows it, version 2.0. */
const lambdaEvent = (body: string, isBase64Encoded: boolean) => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: '/slack/events',
  rawQueryString: '',
  headers: { 'content-type': 'application/json', 'x-slack-signature': 'v0=abc' },
  requestContext: {
    accountId: '123456789012',
    apiId: 'api-id',
    authentication: null,
    authorizer: {},
    domainName: 'id.execute-api.us-east-1.amazonaws.com',
    domainPrefix: 'id',
    http: {
      method: 'POST',
      path: '/slack/events',
      protocol: 'HTTP/1.1',
      sourceIp: '192.0.2.1',
      userAgent: 'agent',
    },
    requestId: 'id',
    routeKey: '$default',
    stage: '$default',
    time: '12/Mar/2020:19:03:58 +0000',
    timeEpoch: 1583348638390,
  },
  body,
  isBase64Encoded,
});

describe('an ingress', () => {
  it.each([
    ['as text', false],
    ['in base64, as API Gateway sends what it takes for binary', true],
  ])('gets a body byte for byte that Lambda is given %s', async (_name, isBase64Encoded) => {
    const body = '{"text":"Grüße, 日本 👩‍💻"}';
    const got: (string | null)[] = [];
    const { app } = open(async (request) => {
      got.push(Buffer.from(await request.arrayBuffer()).toString(), request.headers.get('x-slack-signature'));
      return new Response('taken');
    });
    const given = isBase64Encoded ? Buffer.from(body).toString('base64') : body;
    const answer = await handle(app)(
      lambdaEvent(given, isBase64Encoded) as Parameters<ReturnType<typeof handle>>[0],
    );
    expect(got).toEqual([body, 'v0=abc']);
    expect(answer).toMatchObject({ statusCode: 200, body: 'taken', isBase64Encoded: false });
  });

  it('says that it runs', async () => {
    const response = await open().app.request('/health');
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });

  it.each<[string, unknown, number, string]>([
    ['what is wrong with it', new Fault('invalid', 'no JSON'), 400, 'warn'],
    ['a store that is down', new Fault('transient', 'no answer'), 503, 'error'],
    ['a store that refuses', new Fault('denied', 'no rights'), 503, 'error'],
    ['a bug', new Error('oops'), 500, 'error'],
  ])('answers a request by its status: %s', async (_name, error, status, level) => {
    const { app, logged } = open(async () => Promise.reject(error));
    const response = await app.request('/slack/events', post('{}'));
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.text()).not.toContain((error as Error).message);
    expect(logged).toEqual([expect.objectContaining({ level, status, reason: (error as Error).message })]);
  });

  it.each([
    ['that says its length', { 'content-length': String(MAX_BYTES + 1) }],
    ['that does not', {}],
  ])('takes no body above what its path takes, of a request %s', async (_name, headers) => {
    const { app, logged } = open(async (request) => new Response(String((await request.text()).length)));
    const tooLarge = { ...post('x'.repeat(MAX_BYTES + 1)), headers };
    expect((await app.request('/slack/events', tooLarge)).status).toBe(413);
    expect(logged).toEqual([expect.objectContaining({ event: 'request.refused', status: 413 })]);
    const largest = await app.request('/slack/events', post('x'.repeat(MAX_BYTES)));
    expect([largest.status, await largest.text()]).toEqual([200, String(MAX_BYTES)]);
  });

  it('has nothing at other paths', async () => {
    const { app } = open();
    expect((await app.request('/slack/other', post('{}'))).status).toBe(404);
    expect((await app.request('/slack/events')).status).toBe(404);
  });
});
