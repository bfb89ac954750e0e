import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openLoopbackAppSyncEvents } from './loopback-appsync-events';
import type { LoopbackAppSyncEvents } from './loopback-appsync-events';
import { openRealtime } from './realtime-fixture';
import { signWithBotocore } from './sign-with-botocore';

const region = 'eu-west-1';
const signer = { accessKeyId: 'ASIA1', secretAccessKey: 'secret', sessionToken: 'token+/=' };
/** The first call fetches botocore. */
const TIMEOUT_MS = 180_000;

let server: LoopbackAppSyncEvents;
beforeEach(async () => {
  server = await openLoopbackAppSyncEvents({ region, signers: [signer] });
});
afterEach(() => server.close());

/** What botocore signs; the host is in it only when it is asked for. */
function sign(body: string, headers: Record<string, string> = {}, by = signer): Record<string, string> {
  return signWithBotocore({ url: `${server.httpUrl}/event`, region, signer: by, headers, body });
}

describe('what botocore signs', () => {
  const body = JSON.stringify({ channel: '/sessions/s1', events: ['1'] });

  async function publish(sent: string, headers: Record<string, string>): Promise<number> {
    const response = await fetch(`${server.httpUrl}/event`, { method: 'POST', headers, body: sent });
    return response.status;
  }

  it(
    'is accepted, and refused once it is tampered with',
    async () => {
      const headers = sign(body, { 'content-type': 'application/json' });
      expect(await publish(body, headers)).toBe(200);
      expect(await publish(body.replace('s1', 's2'), headers)).toBe(400);
      expect(await publish(body, { ...headers, 'content-type': 'text/plain' })).toBe(400);
      expect(await publish(body, { ...headers, 'X-Amz-Security-Token': 'another' })).toBe(403);
      expect(await publish(body, sign(body, {}, { ...signer, secretAccessKey: 'another' }))).toBe(400);
      expect(server.published).toHaveLength(1);
    },
    TIMEOUT_MS,
  );

  it(
    'connects and subscribes',
    async () => {
      const host = new URL(server.httpUrl).host;
      const realtime = await openRealtime(server, sign('{}', { host }));
      realtime.send({ type: 'connection_init' });
      expect(await realtime.next()).toMatchObject({ type: 'connection_ack' });
      const channel = '/sessions/s1';
      const authorization = sign(JSON.stringify({ channel }), { host });
      realtime.send({ type: 'subscribe', id: '1', channel: '/sessions/s2', authorization });
      expect(await realtime.next()).toMatchObject({ type: 'subscribe_error', id: '1' });
      realtime.send({ type: 'subscribe', id: '2', channel, authorization });
      expect(await realtime.next()).toEqual({ type: 'subscribe_success', id: '2' });
      realtime.close();
    },
    TIMEOUT_MS,
  );
});
