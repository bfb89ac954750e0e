import { describe, expect, it } from '@jest/globals';
import { expectFault } from '@swe/testing/contracts';
import { ManualClock } from '@swe/testing/memory';
import { authorizedFetch } from './authorized-fetch';
import { conditionalFetch } from './conditional-fetch';
import { patientFetch } from './patient-fetch';
import { redirectingFetch } from './redirecting-fetch';
import { answer, scriptedFetch } from './scripted-fetch';

const API = 'https://api.github.com';
const USER = `${API}/user`;
const post = { method: 'POST', body: '{"body":"Done."}' };

describe('patience', () => {
  it('waits for the limit by the clock, and asks again', async () => {
    const clock = new ManualClock();
    const { fetch, seen } = scriptedFetch(answer(429, { 'retry-after': '30' }), answer(201));
    const asked = patientFetch(fetch, clock)(USER, post);
    await clock.advance(29_999);
    expect(seen).toHaveLength(1);
    await clock.advance(1);
    expect((await asked).status).toBe(201);
    expect(seen.map(({ body }) => body)).toEqual([post.body, post.body]);
  });

  it('says how long it would take where that is too long', async () => {
    const { fetch, seen } = scriptedFetch(answer(403, { 'retry-after': '3600' }));
    const fault = await expectFault(patientFetch(fetch, new ManualClock())(USER), 'throttled');
    expect(fault.retryAfterMs).toBe(3_600_000);
    expect(seen).toHaveLength(1);
  });

  it.each([
    [
      'of REST',
      403,
      {},
      {
        documentation_url:
          'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
      },
    ],
    [
      'of GraphQL',
      200,
      { 'x-ratelimit-remaining': '0' },
      { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] },
    ],
  ])('knows a secondary limit %s that names no time', async (_name, status, headers, body) => {
    const clock = new ManualClock();
    const { fetch } = scriptedFetch(answer(status, headers, body), answer(200, {}, { data: {} }));
    const asked = patientFetch(fetch, clock)(`${API}/graphql`, post);
    await clock.advance(60_000);
    expect(await (await asked).json()).toEqual({ data: {} });
  });

  it('takes a refusal for what it is, its body still there to be read', async () => {
    const { fetch } = scriptedFetch(answer(403, {}, { message: 'Resource not accessible by integration' }));
    const response = await patientFetch(fetch, new ManualClock())(USER);
    expect(await response.json()).toEqual({ message: 'Resource not accessible by integration' });
  });

  it('reads again what the network lost, and writes nothing twice', async () => {
    const clock = new ManualClock();
    const lost = new TypeError('fetch failed');
    const reads = scriptedFetch(lost, answer(503), answer(200));
    const asked = patientFetch(reads.fetch, clock)(USER);
    await clock.advance(4_000);
    expect((await asked).status).toBe(200);
    const writes = scriptedFetch(lost, answer(201));
    await expect(patientFetch(writes.fetch, clock)(USER, post)).rejects.toBe(lost);
    expect(writes.seen).toHaveLength(1);
  });

  it('ends by its signal, also while it waits', async () => {
    const clock = new ManualClock();
    const { fetch, seen } = scriptedFetch(answer(429, { 'retry-after': '30' }), answer(200));
    const abort = new AbortController();
    const asked = expectFault(patientFetch(fetch, clock)(USER, { signal: abort.signal }), 'cancelled');
    await clock.advance(1_000);
    abort.abort();
    await asked;
    expect(seen).toHaveLength(1);
  });

  it('does not wait for ever for an answer', async () => {
    const clock = new ManualClock();
    let asked = 0;
    const silent: typeof fetch = (_input, init) => {
      asked += 1;
      return new Promise((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
      });
    };
    const waiting = expectFault(patientFetch(silent, clock)(USER), 'transient');
    await clock.advance(200_000);
    await waiting;
    expect(asked).toBe(3);
  });
});

describe('conditional requests', () => {
  it('cost nothing where nothing has changed', async () => {
    const { fetch, seen } = scriptedFetch(
      answer(200, { etag: '"1"', link: '<next>' }, { login: 'octocat' }),
      answer(304),
      answer(200, { etag: '"2"' }, { login: 'hubot' }),
      answer(304),
    );
    const asked = conditionalFetch(fetch);
    const logins: unknown[] = [];
    for (let i = 0; i < 4; i += 1) logins.push(await (await asked(USER)).json());
    expect(logins.map((each) => (each as { login: string }).login)).toEqual([
      'octocat',
      'octocat',
      'hubot',
      'hubot',
    ]);
    expect(seen.map(({ headers }) => headers.get('if-none-match'))).toEqual([null, '"1"', '"1"', '"2"']);
  });

  it('take what is told beside the body from the newest answer', async () => {
    const { fetch } = scriptedFetch(
      answer(200, { etag: '"1"', link: '<next>', 'x-oauth-scopes': 'repo' }),
      answer(304, { 'x-oauth-scopes': 'gist' }),
      answer(304),
    );
    const asked = conditionalFetch(fetch);
    const scopes: unknown[] = [];
    for (let i = 0; i < 3; i += 1) {
      const { headers } = await asked(USER);
      scopes.push([headers.get('x-oauth-scopes'), headers.get('link')]);
    }
    expect(scopes).toEqual([
      ['repo', '<next>'],
      ['gist', '<next>'],
      ['gist', '<next>'],
    ]);
  });

  it('forget the oldest', async () => {
    const urls = Array.from({ length: 201 }, (_, i) => `${USER}/${i}`);
    const { fetch, seen } = scriptedFetch(
      ...urls.map(() => answer(200, { etag: '"1"' })),
      answer(200, { etag: '"1"' }),
      answer(304),
    );
    const asked = conditionalFetch(fetch);
    for (const url of [...urls, `${USER}/0`, `${USER}/200`]) await asked(url);
    expect(seen.slice(-2).map(({ headers }) => headers.get('if-none-match'))).toEqual([null, '"1"']);
  });
});

describe('redirects', () => {
  it('are followed with the same method and body', async () => {
    const moved = answer(307, { location: `${API}/repositories/1/issues/1/comments` });
    const { fetch, seen } = scriptedFetch(answer(301, { location: '/repositories/1' }), moved, answer(201));
    expect((await redirectingFetch(fetch)(`${API}/repos/o/r`, post)).status).toBe(201);
    expect(seen.map(({ url, method, body }) => [url, method, body])).toEqual([
      [`${API}/repos/o/r`, 'POST', post.body],
      [`${API}/repositories/1`, 'POST', post.body],
      [`${API}/repositories/1/issues/1/comments`, 'POST', post.body],
    ]);
  });

  it('take no words elsewhere, and end', async () => {
    const away = scriptedFetch(answer(307, { location: 'https://evil.example/' }));
    await expectFault(redirectingFetch(away.fetch)(USER, post), 'denied');
    const round = scriptedFetch(...Array.from({ length: 6 }, () => answer(302, { location: USER })));
    await expectFault(redirectingFetch(round.fetch)(USER), 'invalid');
  });

  it('take the token nowhere else', async () => {
    const log = 'https://logs.example/1?signed';
    const { fetch, seen } = scriptedFetch(answer(302, { location: log }), answer(200));
    await redirectingFetch(authorizedFetch(fetch, API, async () => 'secret'))(`${API}/log`);
    expect(seen.map(({ url, headers }) => [url, headers.get('authorization')])).toEqual([
      [`${API}/log`, 'Bearer secret'],
      [log, null],
    ]);
  });
});

describe('a token that is refused', () => {
  it('is asked for once more', async () => {
    const { fetch, seen } = scriptedFetch(answer(401), answer(200));
    const authorized = authorizedFetch(fetch, API, async (refused) => (refused === 'old' ? 'new' : 'old'));
    expect((await authorized(USER)).status).toBe(200);
    expect(seen.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer old', 'Bearer new']);
  });

  it('is not sent twice', async () => {
    const { fetch, seen } = scriptedFetch(answer(401));
    expect((await authorizedFetch(fetch, API, async () => 'same')(USER)).status).toBe(401);
    expect(seen).toHaveLength(1);
  });
});

describe('a token', () => {
  const authorized = (token: string) => {
    const { fetch, seen } = scriptedFetch(answer(200));
    return { asked: authorizedFetch(fetch, API, async () => token)(USER), seen };
  };

  it.each(['ghp_secret\nghp_other', 'ghp_secret\u0001', 'ghp_secret…', 'ghp secret', ''])(
    'that can be none is refused, and not told: %j',
    async (token) => {
      const { asked, seen } = authorized(token);
      const fault = await expectFault(asked, 'denied');
      expect(`${fault.stack} ${String(fault.cause)}`).not.toContain('secret');
      expect(seen).toEqual([]);
    },
  );

  it('is taken without the end of its line, as a file has it', async () => {
    const { asked, seen } = authorized('ghp_secret\n');
    await asked;
    expect(seen[0]?.headers.get('authorization')).toBe('Bearer ghp_secret');
  });
});
