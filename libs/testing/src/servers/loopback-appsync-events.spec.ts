import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openLoopbackAppSyncEvents } from './loopback-appsync-events';
import type { LoopbackAppSyncEvents } from './loopback-appsync-events';
import { openRealtime } from './realtime-fixture';
import type { Realtime } from './realtime-fixture';
import { canonicalRequest, signatureOf, stringToSign } from './sigv4';
import type { Signer } from './verify-sigv4';

const region = 'eu-west-1';
const nowMs = Date.UTC(2026, 0, 1);
const signer: Signer = { accessKeyId: 'ASIA1', secretAccessKey: 'secret', roleSessionName: 's1' };

let server: LoopbackAppSyncEvents;
beforeEach(async () => {
  const onSubscribe = (caller: Signer, channel: string) =>
    channel.startsWith(`/sessions/${caller.roleSessionName}`);
  server = await openLoopbackAppSyncEvents({ region, signers: [signer], nowMs: () => nowMs, onSubscribe });
});
afterEach(() => server.close());

function sign(body: string, secretAccessKey = signer.secretAccessKey): Record<string, string> {
  const date = '20260101T000000Z';
  const scope = `20260101/${region}/appsync/aws4_request`;
  const headers = { host: new URL(server.httpUrl).host, 'x-amz-date': date };
  const names = Object.keys(headers);
  const canonical = canonicalRequest({ method: 'POST', path: '/event', headers, body }, names);
  const signature = signatureOf(stringToSign(canonical, date, scope), secretAccessKey, scope).toString('hex');
  const credential = `AWS4-HMAC-SHA256 Credential=${signer.accessKeyId}/${scope}`;
  const authorization = `${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { ...headers, authorization };
}

async function publish(request: object, headers = sign(JSON.stringify(request))) {
  const body = JSON.stringify(request);
  const response = await fetch(`${server.httpUrl}/event`, { method: 'POST', headers, body });
  return { status: response.status, body: (await response.json()) as unknown };
}

async function connect(): Promise<Realtime> {
  const realtime = await openRealtime(server, sign('{}'));
  realtime.send({ type: 'connection_init' });
  expect(await realtime.next()).toEqual({ type: 'connection_ack', connectionTimeoutMs: 300_000 });
  return realtime;
}

function subscribe(realtime: Realtime, id: string, channel: string): Promise<unknown> {
  realtime.send({ type: 'subscribe', id, channel, authorization: sign(JSON.stringify({ channel })) });
  return realtime.next();
}

/** https://docs.aws.amazon.com/appsync/latest/eventapi/publish-http.html */
describe('publishing', () => {
  const channel = 'sessions/s1';
  const five = Array.from({ length: 5 }, (_, i) => JSON.stringify({ event: i }));

  it('up to five events of JSON succeed, each with an identifier', async () => {
    const successful = five.map((_, index) => ({ identifier: expect.any(String), index }));
    expect(await publish({ channel, events: five })).toEqual({
      status: 200,
      body: { failed: [], successful },
    });
    expect(server.published).toEqual([{ channel: '/sessions/s1', events: five }]);
  });

  it('events can fail though the request succeeds', async () => {
    server.publishing = 'fails';
    const { status, body } = await publish({ channel, events: ['1'] });
    const failed = [{ identifier: expect.any(String), index: 0, message: 'Handler failed' }];
    expect({ status, body }).toEqual({ status: 200, body: { failed, successful: [] } });
    expect(server.published).toEqual([]);
  });

  it.each([
    ['six events', { channel, events: [...five, '6'] }],
    ['no events', { channel, events: [] }],
    ['an event that is no JSON', { channel, events: ['{'] }],
    ['a channel with a dot', { channel: 'sessions/1.2', events: ['1'] }],
    ['a channel of six segments', { channel: 'a/b/c/d/e/f', events: ['1'] }],
    ['a wildcard', { channel: 'sessions/*', events: ['1'] }],
    ['no channel', { events: ['1'] }],
  ])('%s is a bad request', async (_, request) => {
    const errors = [{ errorType: 'BadRequestException', message: expect.any(String) }];
    expect(await publish(request)).toEqual({ status: 400, body: { errors } });
  });

  it('a signature that does not match is refused with what should have been signed', async () => {
    const request = { channel, events: ['1'] };
    const { status, body } = await publish(request, sign(JSON.stringify(request), 'another'));
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toMatch(/BadRequestException.*The Canonical String.*POST/);
  });
});

/** https://docs.aws.amazon.com/appsync/latest/eventapi/event-api-websocket-protocol.html */
describe('subscribing', () => {
  it('a subscriber gets the events of its channel until it leaves', async () => {
    const realtime = await connect();
    expect(await subscribe(realtime, '1', '/sessions/s1')).toEqual({ type: 'subscribe_success', id: '1' });
    expect(await subscribe(realtime, '2', '/sessions/s1/*')).toEqual({ type: 'subscribe_success', id: '2' });
    await publish({ channel: '/sessions/s1', events: ['"a"'] });
    expect(await realtime.next()).toEqual({ type: 'data', id: '1', event: '"a"' });
    await publish({ channel: '/sessions/s1/x', events: ['"b"'] });
    expect(await realtime.next()).toEqual({ type: 'data', id: '2', event: '"b"' });
    server.dataForm = 'array';
    await publish({ channel: '/sessions/s1', events: ['"c"'] });
    expect(await realtime.next()).toEqual({ type: 'data', id: '1', event: ['"c"'] });
    realtime.send({ type: 'unsubscribe', id: '1' });
    expect(await realtime.next()).toEqual({ type: 'unsubscribe_success', id: '1' });
    await publish({ channel: '/sessions/s1', events: ['"d"'] });
    server.keepAlive();
    expect(await realtime.next()).toEqual({ type: 'ka' });
    realtime.close();
    await server.until(() => server.connections === 0);
  });

  it.each([
    ['/sessions/s2', 'UnauthorizedException'],
    ['/sessions/1.2', 'BadRequestException'],
    ['/*', 'BadRequestException'],
  ])('%s is refused: %s', async (channel, errorType) => {
    const realtime = await connect();
    const errors = [{ errorType, message: expect.any(String) }];
    expect(await subscribe(realtime, '1', channel)).toEqual({ type: 'subscribe_error', id: '1', errors });
    expect(server.subscriptions).toEqual([]);
    realtime.close();
  });

  it('what is signed for one channel opens no other', async () => {
    const realtime = await connect();
    const authorization = sign('{"channel":"/sessions/s1"}');
    realtime.send({ type: 'subscribe', id: '1', channel: '/sessions/s1/x', authorization });
    expect(await realtime.next()).toMatchObject({ type: 'subscribe_error', id: '1' });
    realtime.close();
  });

  it('a connection whose signature is refused is told, and ended', async () => {
    const realtime = await openRealtime(server, sign('{}', 'another'));
    const errors = [{ errorType: 'BadRequestException', message: expect.any(String) }];
    expect(await realtime.next()).toEqual({ type: 'connection_error', errors });
    await server.until(() => server.connections === 0);
    expect(server.connected).toBe(0);
  });

  it('without authorisation there is no connection', async () => {
    const realtime = await openRealtime(server, {});
    expect(await realtime.next()).toMatchObject({
      type: 'connection_error',
      errors: [{ errorType: 'MissingAuthenticationTokenException' }],
    });
  });

  it('while it is down there is none at all', async () => {
    server.realtime = 'down';
    await expect(openRealtime(server, sign('{}'))).rejects.toThrow('no connection');
  });
});
