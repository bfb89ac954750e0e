import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createdKey, sessionPage, sessionResource } from '@swe/domain/api';
import { BOT, signature, TEAM } from '@swe/testing/servers';
import { ADA, CHANNEL, openCloud } from './cloud/cloud';
import type { Cloud } from './cloud/cloud';
import { openMachine } from './swe';

jest.setTimeout(300_000);

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
const WORDS = 'Grüße, 世界 🚕';

let folder: string;
let of: Cloud;
let storedBefore: number;
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'swe-ingress-')));
  of = await openCloud({ folder, path: process.env['PATH'] ?? '', model: [] });
});
afterAll(async () => {
  await of.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  storedBefore = await of.stored();
});

const mentionOf = (text: string, ts = '1700000000.000100'): string =>
  JSON.stringify({
    type: 'event_callback',
    team_id: TEAM.id,
    event_id: 'Ev1',
    event_time: 1_700_000_000,
    authorizations: [{ team_id: TEAM.id, user_id: BOT.userId, is_bot: true }],
    event: { type: 'app_mention', user: ADA, text: `<@${BOT.userId}> ${text}`, channel: CHANNEL, ts },
  });

function signed(body: string, ageMs = 0): Readonly<Record<string, string>> {
  const clock = { nowMs: () => Date.now() - ageMs };
  return signature(body, { signingSecret: of.slack.signingSecret, clock });
}

const post = (body: string, headers: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(of.url ?? '', { method: 'POST', body, headers: { 'content-type': JSON_TYPE, ...headers } });

/** What API Gateway makes of a request whose type it does not know as text. */
const eventOf = (body: string) => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: '/slack/events',
  rawQueryString: '',
  headers: { 'content-type': JSON_TYPE, ...signed(body) },
  requestContext: {
    domainName: 'api',
    http: { method: 'POST', path: '/slack/events', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1' },
  },
  body: Buffer.from(body).toString('base64'),
  isBase64Encoded: true,
});

/** What the ingress logged while `act` ran, line by line. */
async function loggedBy<T>(act: () => Promise<T>): Promise<{ given: T; log: readonly string[] }> {
  const before = of.ingress.log().length;
  const given = await act();
  // Its output has a way of its own: a request behind it has come through.
  await fetch(new URL('/health', of.url));
  return { given, log: of.ingress.log().slice(before).split('\n').filter(Boolean) };
}

const MINUTES_MS = 60_000;

interface BadInput {
  readonly body?: string;
  readonly headers?: (body: string) => Readonly<Record<string, string>>;
  readonly status: number;
  /** What the log says. */
  readonly log?: RegExp;
}

const OTHER_SIGNATURE = `v0=${'0'.repeat(64)}`;

describe('the built ingress behind an HTTP API', () => {
  it.each<[string, BadInput]>([
    [
      'another signature',
      {
        headers: (body) => ({ ...signed(body), 'x-slack-signature': OTHER_SIGNATURE }),
        status: 401,
        log: /slack-request\.refused/,
      },
    ],
    ['no signature', { headers: () => ({}), status: 401, log: /slack-request\.refused/ }],
    [
      'a timestamp of six minutes ago',
      { headers: (body) => signed(body, 6 * MINUTES_MS), status: 401, log: /slack-request\.refused/ },
    ],
    [
      'a timestamp of in six minutes',
      { headers: (body) => signed(body, -6 * MINUTES_MS), status: 401, log: /slack-request\.refused/ },
    ],
    [
      'garbage, signed',
      { body: '\u0000{"type', status: 400, log: /request\.refused.*400|400.*request\.refused/ },
    ],
    [
      'garbage, unsigned',
      { body: '{"type', headers: () => ({}), status: 401, log: /slack-request\.refused/ },
    ],
    [
      '10 MB',
      {
        body: mentionOf('x'.repeat(10_000_000)),
        status: 413,
        log: /request\.refused.*413|413.*request\.refused/,
      },
    ],
    ['an unknown type', { body: '{"type":"app_rate_limited","team_id":"T"}', status: 200 }],
    [
      'an unknown event',
      { body: JSON.stringify({ ...JSON.parse(mentionOf('')), event: { type: 'team_join' } }), status: 200 },
    ],
  ])('answers %s, says so in its log, and stores nothing', async (_name, bad) => {
    const { body = mentionOf('Go.'), headers = (of) => signed(of), status, log: wanted } = bad;
    const { given, log } = await loggedBy(() => post(body, headers(body)));
    expect(given.status).toBe(status);
    if (wanted === undefined) expect(log).toEqual([]);
    else expect(log).toEqual([expect.stringMatching(wanted)]);
    expect(log.join('\n')).not.toContain(of.slack.signingSecret);
    expect(await of.stored()).toBe(storedBefore);
  });

  it('has nothing at any other path, and answers the question whose address it is', async () => {
    const { given } = await loggedBy(() => fetch(new URL('/admin', of.url), { method: 'POST', body: '{}' }));
    expect(given.status).toBe(404);
    const challenge = JSON.stringify({ type: 'url_verification', challenge: 'c1', token: 't' });
    const answer = await post(challenge, signed(challenge));
    expect(await answer.json()).toEqual({ challenge: 'c1' });
    expect(await of.stored()).toBe(storedBefore);
  });

  it('takes what comes in base64 byte for byte, and a delivery that is repeated once', async () => {
    const body = mentionOf(WORDS, '1700000001.000100');
    const event = eventOf(body);
    expect(await of.ingress.invoke(event)).toMatchObject({ statusCode: 200 });
    const again = { ...event, headers: { ...event.headers, 'x-slack-retry-num': '1' } };
    expect(await of.ingress.invoke(again)).toMatchObject({ statusCode: 200 });
    const inbox = await of.inbox(`slack:${TEAM.id}/${CHANNEL}/1700000001.000100`);
    expect(inbox.map(({ body }) => body)).toEqual([{ kind: 'text', text: WORDS }]);
  });

  it('takes a form, which an HTTP API gives in base64, byte for byte', async () => {
    const form = new URLSearchParams({
      command: '/swe',
      text: WORDS,
      team_id: TEAM.id,
      channel_id: CHANNEL,
      user_id: ADA,
      trigger_id: 'T1',
      response_url: '',
    }).toString();
    const answer = await post(form, { ...signed(form), 'content-type': FORM_TYPE });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    const inbox = await of.inbox(`aside:slack:${TEAM.id}/${CHANNEL}`);
    expect(inbox.map(({ body }) => body)).toEqual([{ kind: 'text', text: WORDS }]);
  });

  it('is a 503 for Slack to send again while its store is down, and then stores it once', async () => {
    const body = mentionOf('Later.', '1700000002.000100');
    const lame = await of.startIngress({ AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:9' });
    try {
      expect(await lame.invoke(eventOf(body))).toMatchObject({ statusCode: 503 });
      expect(lame.log()).toMatch(/request\.failed/);
    } finally {
      await lame.close();
    }
    const again = { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_error' };
    expect((await post(body, { ...signed(body), ...again })).status).toBe(200);
    expect((await post(body, { ...signed(body), ...again })).status).toBe(200);
    const inbox = await of.inbox(`slack:${TEAM.id}/${CHANNEL}/1700000002.000100`);
    expect(inbox.map(({ body: stored }) => stored)).toEqual([{ kind: 'text', text: 'Later.' }]);
  });

  it('serves the API to keys, the first of which is made at the table, and ends each response by itself', async () => {
    const machine = openMachine();
    try {
      const args = ['key', 'create', '--name', 'first', '--scope', 'admin', '--table', of.tableName];
      const { stdout, stderr } = await machine.swe(args, of.account);
      const admin = stdout.trim();
      expect(stderr).toMatch(/^Key k[0-9a-f]{16}, /);
      const call = (token: string, path: string, init: RequestInit = {}): Promise<Response> =>
        fetch(`${of.apiUrl}${path}`, {
          ...init,
          headers: { authorization: `Bearer ${token}`, ...init.headers },
        });
      const post = (token: string, path: string, body: object): Promise<Response> =>
        call(token, path, {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'idempotency-key': 'once' },
        });

      const made = await post(admin, '/keys', { name: 'CI', scopes: ['run'] });
      const { token } = createdKey.parse(await made.json());
      expect([(await call(token, '/keys')).status, (await call('none', '/sessions')).status]).toEqual([
        403, 401,
      ]);
      const begun = await Promise.all([1, 2].map(() => post(token, '/sessions', { task: WORDS })));
      const [first, again] = await Promise.all(
        begun.map(async (each) => sessionResource.parse(await each.json())),
      );
      const { id } = first!;
      expect(again?.id).toBe(id);
      expect(sessionPage.parse(await (await call(token, '/sessions?limit=1')).json()).items).toMatchObject([
        { id, title: WORDS },
      ]);

      const seqs: number[] = [];
      while (seqs.length < 3) {
        const headers = { 'last-event-id': String(seqs.length) };
        const text = await (await call(token, `/sessions/${id}/events`, { headers })).text();
        seqs.push(...Array.from(text.matchAll(/^id: (\d+)$/gm), ([, seq]) => Number(seq)));
      }
      expect(seqs).toEqual(seqs.map((_, i) => i + 1));
    } finally {
      machine.close();
    }
  });
});
