import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { FaultKind } from '@swe/domain';
import { expectFault } from '@swe/testing/contracts';
import { ManualClock } from '@swe/testing/memory';
import { openLoopbackAppSyncEvents } from '@swe/testing/servers';
import type { LoopbackAppSyncEvents, Signer } from '@swe/testing/servers';
import { publishEvent } from './publish-event';
import { createSigner } from './sign-body';
import type { Credentials } from './sign-body';

const REGION = 'eu-west-1';
const TIMEOUT_MS = 300;
const signer: Signer = { accessKeyId: 'ASIA1', secretAccessKey: 'secret', sessionToken: 'token+/=' };

let clock: ManualClock;
let server: LoopbackAppSyncEvents;
let serverAheadMs: number;

beforeEach(async () => {
  serverAheadMs = 0;
  // The server says the real time in its `Date`.
  clock = new ManualClock(Date.now());
  const nowMs = () => clock.nowMs() + serverAheadMs;
  const expired = { ...signer, accessKeyId: 'ASIA0', expiresMs: clock.nowMs() };
  server = await openLoopbackAppSyncEvents({ region: REGION, signers: [signer, expired], nowMs });
});
afterEach(() => server.close());

interface Changes {
  readonly httpUrl?: string;
  readonly credentials?: () => Promise<Credentials>;
  readonly channel?: string;
}

function publish({ httpUrl = server.httpUrl, credentials = async () => signer, channel }: Changes = {}) {
  const sign = createSigner({ httpUrl, region: REGION, credentials, clock });
  const options = { httpUrl, sign, clock, timeoutMs: TIMEOUT_MS };
  return publishEvent(options, channel ?? '/sessions/s1', { sessionId: 's1' });
}

it('a request carries one event, which says nothing but the id', async () => {
  await publish();
  expect(server.published).toEqual([{ channel: '/sessions/s1', events: ['{"sessionId":"s1"}'] }]);
  expect(clock.sleeping).toBe(0);
});

it('an event that failed is a fault, though the request succeeded', async () => {
  server.publishing = 'fails';
  expect((await expectFault(publish(), 'transient')).message).toContain('Handler failed');
});

it.each<[string, () => Changes]>([
  [
    'an answer that does not come',
    () => {
      server.publishing = 'silent';
      return {};
    },
  ],
  ['credentials that do not come', () => ({ credentials: () => new Promise(() => undefined) })],
])('%s is waited for until the timeout, and no longer', async (_, prepare) => {
  let isOver = false;
  const publishing = expectFault(publish(prepare()), 'transient').finally(() => (isOver = true));
  await clock.advance(TIMEOUT_MS - 1);
  expect(isOver).toBe(false);
  await clock.advance(1);
  expect((await publishing).message).toContain('/sessions/s1');
});

it('expired credentials are `transient`, and to be renewed', async () => {
  const credentials = async () => ({ ...signer, accessKeyId: 'ASIA0' });
  expect((await expectFault(publish({ credentials }), 'transient')).message).toMatch(
    /^ExpiredTokenException: .*: renew the credentials/,
  );
});

it.each([
  [600_000, 'behind'],
  [-600_000, 'ahead of'],
])('a clock that is wrong is told as such, with what mends it: %d ms', async (ms, way) => {
  const wrong = new ManualClock(clock.nowMs() - ms);
  const sign = createSigner({ ...server, region: REGION, credentials: async () => signer, clock: wrong });
  const options = { httpUrl: server.httpUrl, sign, clock: wrong, timeoutMs: TIMEOUT_MS };
  const fault = await expectFault(publishEvent(options, '/sessions/s1', {}), 'transient');
  expect(fault.message).toMatch(new RegExp(`clock is (599|600|601) s ${way} AppSync.*synchronise it`));
});

it('a signature that is refused is `denied`; the token that AppSync quotes back goes nowhere', async () => {
  const credentials = async () => ({ ...signer, secretAccessKey: 'another' });
  const fault = await expectFault(publish({ credentials }), 'denied');
  expect(fault.message).toMatch(/clock.*region.*credentials/);
  expect(inspect(fault, { depth: 10, showHidden: true })).not.toContain(signer.sessionToken);
});

it('a server that is not there is `transient`', async () => {
  await server.close();
  await expectFault(publish(), 'transient');
});

it('credentials that cannot be had are `denied`', async () => {
  const error = Object.assign(new Error('no role'), { name: 'CredentialsProviderError' });
  await expectFault(publish({ credentials: () => Promise.reject(error) }), 'denied');
});

it('a role that may not publish is told as such', () =>
  answering(401, JSON.stringify({ errors: [DENIED] }), async (httpUrl) => {
    const { message } = await expectFault(publish({ httpUrl }), 'denied');
    expect(message).toMatch(
      /^UnauthorizedException: .*: allow .*appsync:EventPublish.* in the policy of the role/,
    );
  }));
const DENIED = {
  errorType: 'UnauthorizedException',
  message: 'You are not authorized to make this call.',
};

async function answering(status: number, body: string, check: (httpUrl: string) => Promise<unknown>) {
  const other = createServer((_, response) => response.writeHead(status, { location: '/other' }).end(body));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  try {
    await check(`http://127.0.0.1:${(other.address() as AddressInfo).port}`);
  } finally {
    other.closeAllConnections();
    other.close();
  }
}

it.each<[number, string, FaultKind]>([
  [401, '{"errors": [{"errorType": "UnauthorizedException", "message": "no"}]}', 'denied'],
  [403, '{"errors": [{"errorType": "UnrecognizedClientException", "message": "no"}]}', 'denied'],
  [403, '<html>', 'denied'],
  [429, '{"errors": [{"errorType": "LimitExceededException"}]}', 'throttled'],
  [429, '{}', 'throttled'],
  [500, '{"errors": [{"errorType": "InternalFailure"}]}', 'transient'],
  [503, '', 'transient'],
  [200, '<html>', 'transient'],
])('an answer %d %s is %s', (status, body, kind) =>
  answering(status, body, (httpUrl) => expectFault(publish({ httpUrl }), kind)),
);

it('another server’s answer, such as a redirection, is loud', () =>
  answering(302, '', (httpUrl) => expect(publish({ httpUrl })).rejects.toThrow('AppSync answered 302')));
