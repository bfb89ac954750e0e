import { describe, expect, it } from '@jest/globals';
import { Fault, sessionScope, toNanoUsd } from '@swe/domain';
import type { ApiScope } from '@swe/domain';
import {
  API_PATH,
  messageResource,
  OPERATIONS,
  problemDocument,
  sessionPage,
  sessionResource,
} from '@swe/domain/api';
import type { Operation, OperationId } from '@swe/domain/api';
import { memoryForgeApi, openMemoryApi } from '@swe/testing/memory';
import type { MemoryApi } from '@swe/testing/memory';
import { openHttpApi } from './http-api';
import type { HttpApiOptions } from './http-api';

const UNLIMITED = { burst: 1_000_000, perSecond: 1 };
const openApi = (options: HttpApiOptions = {}): MemoryApi =>
  openMemoryApi(
    (ports, rules) =>
      openHttpApi(ports, rules, { rate: UNLIMITED, forge: memoryForgeApi(), ...options })[API_PATH],
  );

const TASK = { task: 'The fare is wrong.', repository: 'https://github.com/acme/shop' };

const BODIES: Partial<Record<OperationId, unknown>> = {
  createSession: TASK,
  sendMessage: { text: 'Go on.' },
  createKey: { name: 'CI', scopes: ['run'] },
  addForgeRepository: { source: '/home/ada/shop' },
};

async function begin(of: MemoryApi, token: string, key = 'once', more: object = {}): Promise<string> {
  const headers = { 'idempotency-key': key };
  const sent = await of.send('POST', '/sessions', { token, headers, body: { ...TASK, ...more } });
  return sessionResource.parse(await sent.json()).id;
}

/** What an operation answers to somebody: about a session and a key that are not theirs. */
async function call(
  of: MemoryApi,
  id: OperationId,
  token: string | undefined,
  at: { sessionId: string; keyId: string },
) {
  const { method, path }: Operation = OPERATIONS[id];
  const known = { ...at, repositoryName: 'shop', pullNumber: '2' };
  const url = path.replaceAll(/\{(\w+)\}/g, (_, name) => known[name as keyof typeof known]);
  const stop = new AbortController();
  const sent = { token, body: BODIES[id], signal: stop.signal };
  const response = await of.send(method.toUpperCase(), url, sent);
  stop.abort();
  return response;
}

const SCOPES: readonly ApiScope[] = ['read', 'run', 'admin'];
/** What is somebody else's is an admin's to act on. */
const OF_OTHERS: readonly OperationId[] = ['sendMessage', 'stopSession', 'endSession'];

function expected(id: OperationId, scope: ApiScope): number {
  const operation: Operation = OPERATIONS[id];
  const isAllowed = SCOPES.indexOf(scope) >= SCOPES.indexOf(operation.scope);
  return isAllowed && (scope === 'admin' || !OF_OTHERS.includes(id)) ? operation.success.status : 403;
}

const ids = Object.keys(OPERATIONS) as OperationId[];

describe('who may do what with the API', () => {
  it.each(ids.flatMap((id) => SCOPES.map((scope) => [id, scope, expected(id, scope)] as const)))(
    '%s of another’s, with a key for %s: %i',
    async (id, scope, status) => {
      const of = openApi();
      const other = await of.key(['run']);
      const sessionId = await begin(of, other.token);
      const { token } = await of.key([scope]);
      const response = await call(of, id, token, { sessionId, keyId: other.id });
      expect(response.status).toBe(status);
      if (status === 403) expect(problemDocument.parse(await response.json()).status).toBe(403);
    },
  );

  it.each(OF_OTHERS)('%s of one’s own, with a key for run', async (id) => {
    const of = openApi();
    const { id: keyId, token } = await of.key(['run']);
    const sessionId = await begin(of, token);
    expect((await call(of, id, token, { sessionId, keyId })).status).toBe(202);
  });

  describe('a private session', () => {
    const PRIVATE = { isPrivate: true };
    const ofOne = ids.filter((id) => OPERATIONS[id].path.includes('{sessionId}'));
    const expectedOf = (id: OperationId, scope: ApiScope): number => {
      const { success, scope: needed }: Operation = OPERATIONS[id];
      if (SCOPES.indexOf(scope) < SCOPES.indexOf(needed)) return 403;
      return scope === 'admin' ? success.status : 404;
    };
    it.each(ofOne.flatMap((id) => SCOPES.map((scope) => [id, scope, expectedOf(id, scope)] as const)))(
      'of another: %s with a key for %s: %i',
      async (id, scope, status) => {
        const of = openApi();
        const other = await of.key(['run']);
        const sessionId = await begin(of, other.token, 'once', PRIVATE);
        const { token } = await of.key([scope]);
        const response = await call(of, id, token, { sessionId, keyId: other.id });
        expect(response.status).toBe(status);
        if (status !== 404) return;
        const none = await call(of, id, token, { sessionId: `s${'a'.repeat(20)}`, keyId: other.id });
        const told = async (by: Response) => (await by.text()).replaceAll(/s[a-z2-7]{20}/g, '<id>');
        expect(await told(response)).toBe(await told(none));
      },
    );

    it.each(ofOne)('of one’s own: %s', async (id) => {
      const of = openApi();
      const { id: keyId, token } = await of.key(['run']);
      const sessionId = await begin(of, token, 'once', PRIVATE);
      expect((await call(of, id, token, { sessionId, keyId })).status).toBe(OPERATIONS[id].success.status);
    });

    it('is its requester’s from whichever browser', async () => {
      const of = openApi();
      const [one, other] = [0, 1].map(() => of.key(['run'], { actsAs: 'cognito:ada' }));
      const id = await begin(of, (await one)?.token ?? '', 'once', PRIVATE);
      const seen = await of.send('GET', `/sessions/${id}`, { token: (await other)?.token });
      expect(await seen.json()).toMatchObject({ id, isPrivate: true, requester: 'cognito:ada' });
    });

    it.each<[string, string, number]>([
      ['its requester', 'ada', 2],
      ['a member', 'bob', 1],
      ['an admin', 'admin', 2],
    ])('is counted for %s in lists and costs, or not', async (_name, who, count) => {
      const of = openApi();
      const keys = {
        ada: await of.key(['run']),
        bob: await of.key(['run']),
        admin: await of.key(['admin']),
      };
      for (const [key, more] of Object.entries({ open: {}, private: PRIVATE })) {
        const id = await begin(of, keys.ada.token, key, more);
        const model = 'anthropic/claude-sonnet-5-5';
        const bill = { nanoUsd: 1_000, isEstimated: false };
        const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 };
        const { append } = await of.work(id);
        await append(
          { kind: 'model-call-started', atMs: 1, callNumber: 1, model },
          {
            kind: 'model-call-finished',
            ...{ atMs: 2, callNumber: 1, model, content: [], stop: 'end-turn', usage, durationMs: 1, bill },
          },
        );
      }
      const { token } = keys[who as keyof typeof keys];
      const lengthOf = async (path: string): Promise<number> =>
        ((await (await of.send('GET', path, { token })).json()) as { items: unknown[] }).items.length;
      expect([await lengthOf('/sessions'), await lengthOf('/costs?by=session')]).toEqual([count, count]);
    });

    it('has private children, and is nobody else’s parent', async () => {
      const of = openApi();
      const [ada, bob] = [await of.key(['run']), await of.key(['run'])];
      const parent = await begin(of, ada.token, 'once', PRIVATE);
      const child = await begin(of, ada.token, 'child', { parent });
      expect((await of.send('GET', `/sessions/${child}`, { token: bob.token })).status).toBe(404);
      const refused = await of.send('POST', '/sessions', { token: bob.token, body: { ...TASK, parent } });
      expect(problemDocument.parse(await refused.json())).toMatchObject({
        status: 422,
        detail: expect.stringContaining('There is no session'),
      });
    });
  });

  const bad: readonly (readonly [string, (of: MemoryApi) => Promise<string | undefined>])[] = [
    ['no key', async () => undefined],
    ['what is no key', async () => 'secret'],
    ['an unknown key', async () => `swe_k${'0'.repeat(16)}_${'0'.repeat(64)}`],
    ['another secret', async (of) => `${(await of.key(['admin'])).token.slice(0, -64)}${'f'.repeat(64)}`],
    [
      'a key that has expired',
      async (of) => (await of.key(['admin'], { expiresAtMs: of.clock.nowMs() })).token,
    ],
    [
      'a key that was revoked',
      async (of) => {
        const { id, token } = await of.key(['admin']);
        await of.keys.revoke(id);
        return token;
      },
    ],
  ];
  it.each(bad.flatMap(([name, tokenOf]) => ids.map((id) => [name, id, tokenOf] as const)))(
    'with %s nobody does %s',
    async (_name, id, tokenOf) => {
      const of = openApi();
      const other = await of.key(['run']);
      const sessionId = await begin(of, other.token);
      const response = await call(of, id, await tokenOf(of), { sessionId, keyId: other.id });
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      expect(problemDocument.parse(await response.json()).title).toBe('Unauthorized');
    },
  );

  it('anybody may read the document, and nothing beside it', async () => {
    const of = openApi();
    const document = await of.send('GET', '/openapi.json');
    expect([document.status, await document.json()]).toEqual([
      200,
      expect.objectContaining({ openapi: '3.1.1' }),
    ]);
    expect((await of.send('GET', '/other')).status).toBe(404);
    expect((await of.send('PUT', '/sessions')).status).toBe(404);
  });

  it('a key that calls too often is told when to come back, another is not', async () => {
    const of = openApi({ rate: { burst: 2, perSecond: 0.5 } });
    const [{ token }, other] = [await of.key(['read']), await of.key(['read'])];
    const status = async (by = token) => (await of.send('GET', '/models', { token: by })).status;
    expect([await status(), await status()]).toEqual([200, 200]);
    const refused = await of.send('GET', '/models', { token });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '2']);
    expect(await status(other.token)).toBe(200);
    await of.clock.advance(2_000);
    expect([await status(), await status()]).toEqual([200, 429]);
  });
});

describe('a session of the API', () => {
  it('is one, however often and at once its creation is asked for', async () => {
    const of = openApi();
    const { token } = await of.key(['run']);
    const made = await Promise.all(Array.from({ length: 5 }, () => begin(of, token)));
    expect(new Set(made).size).toBe(1);
    const { items } = await of.store.list({ limit: 10 });
    expect(items.map(({ id, requester }) => [id, requester])).toEqual([
      [made[0], expect.stringMatching(/^key:k[0-9a-f]{16}$/)],
    ]);
    expect(await of.store.readInbox(made[0] ?? '', 0)).toMatchObject([
      { body: { text: 'The fare is wrong.\n\nRepository: https://github.com/acme/shop' } },
    ]);
  });

  it('is another one for another key, and for a call without an idempotency key', async () => {
    const of = openApi();
    const [ada, bob] = [await of.key(['run']), await of.key(['run'])];
    const first = await of.send('POST', '/sessions', { token: ada.token, body: TASK });
    const again = { 'idempotency-key': first.headers.get('idempotency-key') ?? '' };
    const repeated = await of.send('POST', '/sessions', { token: ada.token, body: TASK, headers: again });
    const { id } = sessionResource.parse(await first.json());
    expect(sessionResource.parse(await repeated.json()).id).toBe(id);
    expect(first.headers.get('location')).toBe(`/api/v1/sessions/${id}`);
    const others = [await begin(of, ada.token), await begin(of, bob.token)];
    expect(new Set([id, ...others]).size).toBe(3);
  });

  it.each([
    ['words', { task: 'Something else.' }, false],
    ['a budget', { ...TASK, budgetUsd: 3 }, false],
    ['a model', { ...TASK, model: 'anthropic/claude-opus-5-5' }, false],
    ['words, after it has ended', { task: 'Something else.' }, true],
  ])('is not begun by an idempotency key that stood for other %s', async (_name, body, hasEnded) => {
    const of = openApi();
    const { token } = await of.key(['run']);
    const id = await begin(of, token);
    if (hasEnded) await (await of.work(id)).end('Done.');
    const headers = { 'idempotency-key': 'once' };
    const response = await of.send('POST', '/sessions', { token, headers, body });
    expect([response.status, problemDocument.parse(await response.json()).detail]).toEqual([
      422,
      expect.stringContaining('Idempotency-Key'),
    ]);
    expect((await of.store.list({ limit: 2 })).items).toHaveLength(1);
    expect(await begin(of, token)).toBe(id);
  });

  it('has what its requester wishes for', async () => {
    const of = openApi();
    const { token } = await of.key(['run']);
    const issue = 'https://github.com/acme/shop/issues/3';
    const body = { issue, base: 'next', model: 'anthropic/claude-opus-5-5', budgetUsd: 2.5 };
    const made = sessionResource.parse(await (await of.send('POST', '/sessions', { token, body })).json());
    expect(made).toMatchObject({
      cost: { spentUsd: 0, budgetUsd: 2.5 },
      lastLine: 'The session waits for a machine.',
    });
    expect(await of.store.load(made.id)).toMatchObject({
      issue: { repository: 'https://github.com/acme/shop', number: 3 },
      wishedModel: 'anthropic/claude-opus-5-5',
    });
  });

  it.each<[string, unknown, string]>([
    ['no task', {}, '#/task'],
    ['an empty task', { task: ' ' }, '#/task'],
    ['a branch of no repository', { task: 'Go.', base: 'next' }, '#/base'],
    ['a repository with a password', { task: 'Go.', repository: 'https://a:b@host/a/b' }, '#/repository'],
    ['a model that nobody knows', { task: 'Go.', model: 'anthropic/none' }, '#/model'],
    ['no budget', { task: 'Go.', budgetUsd: 0 }, '#/budgetUsd'],
    ['what there is not', { task: 'Go.', secret: 1 }, '#'],
  ])('is not begun with %s, and says where that is', async (_name, body, pointer) => {
    const of = openApi();
    const { token } = await of.key(['run']);
    const response = await of.send('POST', '/sessions', { token, body });
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(problemDocument.parse(await response.json())).toMatchObject({
      status: 422,
      errors: [{ pointer }],
    });
    expect((await of.store.list({ limit: 1 })).items).toEqual([]);
  });

  describe('that is to work for another', () => {
    const spend = async (of: MemoryApi, sessionId: string, usd: number): Promise<void> => {
      const key = { sessionId, callNumber: 1 };
      await of.ledger.reserve(key, [{ name: sessionScope(sessionId) }], toNanoUsd(usd));
      await of.ledger.settle(key, toNanoUsd(usd), false);
    };
    const create = (of: MemoryApi, token: string, more: object, key = 'child') =>
      of.send('POST', '/sessions', {
        token,
        headers: { 'idempotency-key': key },
        body: { ...TASK, ...more },
      });

    it.each<[string, { readonly budgetUsd?: number }, number, number]>([
      ['no more than is left there', {}, 4, 6],
      ['what is set for all, where more is left', {}, 0, 10],
      ['what it is given of that', { budgetUsd: 5 }, 4, 5],
    ])('has %s', async (_name, more, spentUsd, budgetUsd) => {
      const of = openApi();
      const { token } = await of.key(['run']);
      const parent = await begin(of, token);
      await spend(of, parent, spentUsd);
      const made = sessionResource.parse(await (await create(of, token, { parent, ...more })).json());
      expect(made).toMatchObject({ parent, cost: { budgetUsd } });
      const { items } = sessionPage.parse(await (await of.send('GET', '/sessions', { token })).json());
      expect(items.map((each) => each.parent)).toEqual(expect.arrayContaining([parent, undefined]));
    });

    it('may name anybody’s with a key for admin', async () => {
      const of = openApi();
      const parent = await begin(of, (await of.key(['run'])).token);
      expect((await create(of, (await of.key(['admin'])).token, { parent })).status).toBe(201);
    });

    it('is the same one when it is asked for again, also after that has ended', async () => {
      const of = openApi();
      const { token } = await of.key(['run']);
      const parent = await begin(of, token);
      const made = sessionResource.parse(await (await create(of, token, { parent })).json());
      await (await of.work(parent)).end('Done.');
      const again = await create(of, token, { parent });
      expect([again.status, sessionResource.parse(await again.json()).id]).toEqual([201, made.id]);
    });

    it.each<[string, (of: MemoryApi, token: string) => Promise<object>, string, RegExp]>([
      [
        'one that there is not',
        async () => ({ parent: `s${'a'.repeat(20)}` }),
        '#/parent',
        /There is no session/,
      ],
      [
        'another key’s',
        async (of) => ({ parent: await begin(of, (await of.key(['run'])).token) }),
        '#/parent',
        /Only the key/,
      ],
      [
        'one that has ended',
        async (of, token) => {
          const parent = await begin(of, token);
          await (await of.work(parent)).end('Done.');
          return { parent };
        },
        '#/parent',
        /has ended/,
      ],
      [
        'a child',
        async (of, token) => {
          const first = await create(of, token, { parent: await begin(of, token) }, 'first-child');
          return { parent: sessionResource.parse(await first.json()).id };
        },
        '#/parent',
        /is a child itself: name its parent s/,
      ],
      [
        'one that has less left than it is given',
        async (of, token) => {
          const parent = await begin(of, token);
          await spend(of, parent, 4);
          return { parent, budgetUsd: 6.5 };
        },
        '#/budgetUsd',
        /has \$6\.00 left/,
      ],
    ])('is not begun for %s, and says why', async (_name, requestOf, pointer, why) => {
      const of = openApi();
      const { token } = await of.key(['run']);
      const response = await create(of, token, await requestOf(of, token));
      expect(problemDocument.parse(await response.json())).toMatchObject({
        status: 422,
        detail: expect.stringMatching(why),
        errors: [{ pointer }],
      });
    });

    it('is granted no more in words than is left there', async () => {
      const of = openApi();
      const { token } = await of.key(['run']);
      const parent = await begin(of, token);
      const { id } = sessionResource.parse(await (await create(of, token, { parent })).json());
      await spend(of, parent, 7);
      const say = async (text: string): Promise<unknown> => {
        const sent = await of.send('POST', `/sessions/${id}/messages`, { token, body: { text } });
        return messageResource.parse(await sent.json()).outcome;
      };
      expect(await say('budget 4')).toMatchObject({ text: expect.stringContaining('at most $3.00 here') });
      expect(await say('budget 3')).toMatchObject({ text: expect.stringContaining('is $3.00 now') });
    });
  });

  it.each([
    ['what is no JSON', '{"task', 400],
    ['too much', JSON.stringify({ task: 'x'.repeat(1_000_001) }), 413],
  ])('is not begun with %s', async (_name, body, status) => {
    const of = openApi();
    const { token } = await of.key(['run']);
    expect((await of.send('POST', '/sessions', { token, body })).status).toBe(status);
  });

  it('takes a message once, tells what came of it, and takes no more once it has ended', async () => {
    const of = openApi();
    const { token } = await of.key(['run']);
    const id = await begin(of, token);
    const headers = { 'idempotency-key': 'm' };
    const say = () =>
      of.send('POST', `/sessions/${id}/messages`, { token, headers, body: { text: 'And test it.' } });
    const said = await Promise.all([say(), say()]);
    expect(await Promise.all(said.map((each) => each.json()))).toEqual(
      Array.from({ length: 2 }, () => expect.objectContaining({ number: 2, text: 'And test it.' })),
    );
    const stop = await of.send('POST', `/sessions/${id}/stop`, { token, headers });
    expect([stop.status, problemDocument.parse(await stop.json()).status]).toEqual([422, 422]);
    const other = await begin(of, token, 'other');
    await (await of.work(other)).end('# Done\n\nIt works.');
    const messages = await of.send('GET', `/sessions/${other}/messages`, { token });
    expect(await messages.json()).toMatchObject({
      items: [{ number: 1, outcome: { kind: 'answered', text: '# Done\n\nIt works.', asksBack: false } }],
    });
    const seen = await of.send('GET', `/sessions/${other}`, { token });
    expect(await seen.json()).toMatchObject({ status: 'ended', lastLine: '# Done' });
    const late = await of.send('POST', `/sessions/${other}/messages`, { token, body: { text: 'More.' } });
    expect([late.status, problemDocument.parse(await late.json()).detail]).toEqual([
      409,
      `Session ${other} has ended. Begin a new one.`,
    ]);
  });

  it.each([
    ['budget 20', 'The budget of this session is $20.00 now; $0.00 is spent.', [20e9, undefined, undefined]],
    [
      'model anthropic/claude-opus-5-5',
      expect.stringContaining('opus'),
      [undefined, 'anthropic/claude-opus-5-5', undefined],
    ],
    [
      'allow workflows',
      expect.stringContaining('once its words were taken up'),
      [undefined, undefined, undefined],
    ],
  ])('grants its requester what is said in these words, at once: %s', async (text, result, granted) => {
    const of = openApi();
    const { token } = await of.key(['run']);
    const id = await begin(of, token);
    const said = await of.send('POST', `/sessions/${id}/messages`, { token, body: { text } });
    expect(await said.json()).toMatchObject({ text, outcome: { kind: 'command-result', text: result } });
    const { capNanoUsd, wishedModel, workflowLeave } = (await of.store.load(id)) ?? {};
    expect([capNanoUsd, wishedModel, workflowLeave]).toEqual(granted);
  });

  it('is listed with others by status, page by page, each once and newest first', async () => {
    const of = openApi();
    const { token } = await of.key(['run']);
    const made: string[] = [];
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      made.unshift(await begin(of, token, key));
      await of.clock.advance(1);
    }
    for (const id of [made[0], made[3]]) await (await of.work(id ?? '')).end('Done.');
    const listed: string[] = [];
    for (let after: string | undefined = ''; after !== undefined;) {
      const cursor: string = after === '' ? '' : `&after=${after}`;
      const page = await of.send('GET', `/sessions?status=queued&limit=2${cursor}`, { token });
      const { items, next } = (await page.json()) as { items: { id: string }[]; next?: string };
      listed.push(...items.map(({ id }) => id));
      after = next;
    }
    expect(listed).toEqual([made[1], made[2], made[4]]);
  });

  it('shows nothing of what was said to somebody alone', async () => {
    const of = openApi();
    const { token } = await of.key(['admin']);
    const aside = { origin: 'aside:slack:T/C/1', requester: 'slack:T/eve', addressed: true, messageKey: 'x' };
    const body = { kind: 'text', text: 'cost' } as const;
    const { sessionId } = await of.store.receive({ ...aside, body, receivedAtMs: 1 });
    expect(await (await of.send('GET', '/sessions', { token })).json()).toEqual({ items: [] });
    for (const path of ['', '/messages', '/events']) {
      expect((await of.send('GET', `/sessions/${sessionId}${path}`, { token })).status).toBe(404);
    }
  });
});

describe('keys', () => {
  it('are shown once, open what they are for, and are revoked', async () => {
    const of = openApi();
    const { token } = await of.key(['admin']);
    const body = { name: 'CI', scopes: ['run'], expiresInDays: 1 };
    const made = await of.send('POST', '/keys', { token, body });
    const created = (await made.json()) as { id: string; token: string };
    expect(made.headers.get('cache-control')).toBe('no-store');
    const open = async () => (await of.send('GET', '/models', { token: created.token })).status;
    expect(await open()).toBe(200);
    const listed = await (await of.send('GET', '/keys', { token })).text();
    expect(listed).toContain(created.id);
    expect(listed).not.toMatch(new RegExp(`${created.token}|${created.token.slice(-64)}|hash`, 'i'));
    expect((await of.send('DELETE', `/keys/${created.id}`, { token })).status).toBe(204);
    expect(await open()).toBe(401);
    expect((await of.send('DELETE', `/keys/${created.id}`, { token })).status).toBe(404);
    expect(JSON.stringify(of.logged)).not.toContain(created.token);
  });

  it('expire', async () => {
    const of = openApi();
    const { token } = await of.key(['admin'], { expiresAtMs: Date.UTC(2100) });
    const made = await of.send('POST', '/keys', {
      token,
      body: { name: 'CI', scopes: ['read'], expiresInDays: 1 },
    });
    const created = (await made.json()) as { token: string };
    await of.clock.advance(24 * 60 * 60_000 - 1);
    expect((await of.send('GET', '/models', { token: created.token })).status).toBe(200);
    await of.clock.advance(1);
    expect((await of.send('GET', '/models', { token: created.token })).status).toBe(401);
  });
});

it.each([
  ['a store that is down', new Fault('transient', 'no answer from 10.0.0.1'), 503],
  ['a damaged journal', new Fault('invalid', 'the journal is damaged'), 500],
  ['a bug', new Error('oops'), 500],
])('what fails here is told as that, and no more: %s', async (_name, error, status) => {
  const of = openApi();
  const { token } = await of.key(['read']);
  of.store.list = () => Promise.reject(error);
  const response = await of.send('GET', '/sessions', { token });
  expect(response.status).toBe(status);
  expect(await response.text()).not.toContain(error.message);
  expect(of.logged).toContainEqual(
    expect.objectContaining({ event: 'request.failed', reason: error.message }),
  );
});
