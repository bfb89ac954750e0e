import { describe, expect, it } from '@jest/globals';
import type { NewJournalEntry } from '@swe/domain';
import {
  API_PATH,
  costList,
  sessionEvent,
  sessionPage,
  sessionResource,
  settingsResource,
} from '@swe/domain/api';
import { memoryForgeApi, openMemoryApi } from '@swe/testing/memory';
import { openHttpApi } from './http-api';

const COOKIE = 'swe_test';
const OWN = 'http://127.0.0.1';
const openApi = () =>
  openMemoryApi((ports, rules) => {
    const setup = {
      connected: { slack: false, github: true },
      toolServers: ['docs'],
      monthlyUsd: { all: 100, requester: undefined, repository: undefined },
    };
    return openHttpApi(ports, { ...rules, setup }, { cookie: COOKIE, forge: memoryForgeApi() })[API_PATH];
  });

const LONG = `${'a'.repeat(40_000)}${'z'.repeat(40_000)}`;
const MODEL = 'anthropic/claude-sonnet-5-5';

const work: readonly NewJournalEntry[] = [
  {
    kind: 'message-admitted',
    atMs: 1,
    inboxSeq: 1,
    requester: 'local:ada',
    content: [{ type: 'text', text: 'Fix it.' }],
  },
  { kind: 'model-call-started', atMs: 2, callNumber: 1, model: MODEL },
  {
    kind: 'model-call-finished',
    atMs: 3,
    callNumber: 1,
    model: MODEL,
    content: [
      { type: 'reasoning', provider: 'p', text: 'a thought', opaque: 'a thought' },
      { type: 'tool-call', callId: 'c', name: 'write_file', input: { path: 'x', content: [LONG] } },
    ],
    stop: 'tool-use',
    usage: { inputTokens: 1_000, outputTokens: 10, cacheReadTokens: 3_000, cacheWriteTokens: 0 },
    durationMs: 20,
    bill: { nanoUsd: 5_000_000, isEstimated: false },
  },
  { kind: 'tool-started', atMs: 4, callId: 'c', name: 'write_file' },
  {
    kind: 'tool-finished',
    atMs: 5,
    callId: 'c',
    name: 'write_file',
    content: [{ type: 'text', text: LONG }],
    isError: false,
    durationMs: 1,
  },
];

async function begun() {
  const of = openApi();
  const { token } = await of.key(['admin'], { actsAs: 'local:ada' });
  const made = await of.send('POST', '/sessions', { token, body: { task: 'Fix it.' } });
  const session = sessionResource.parse(await made.json());
  const { append, end } = await of.work(session.id);
  await append(...work);
  await end('Done.');
  return { of, token, session };
}

describe('what the console asks for', () => {
  it('events with what tools were asked and gave, cut where that is long, and without thoughts', async () => {
    const { of, token, session } = await begun();
    const response = await of.send('GET', `/sessions/${session.id}/events?detail=full`, { token });
    const text = await response.text();
    expect(text).not.toContain('a thought');
    const events = [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) =>
      sessionEvent.parse(JSON.parse(data)),
    );
    expect(events[0]).toMatchObject({ said: { text: 'Fix it.', leftOut: 0 } });
    expect(events[2]).toMatchObject({ costUsd: 0.005, durationMs: 20, calls: [{ callId: 'c' }] });
    expect(JSON.stringify(events[2]).length).toBeLessThan(20_000);
    const [, , , , gave] = events;
    expect(gave).toMatchObject({ type: 'tool.finished', output: { leftOut: 64_000 } });
    const { output } = gave as { output?: { text: string } };
    expect(output?.text).toMatch(/^a{8000}\n…\nz{8000}$/);
  });

  it('sessions with their cost and last line, for whoever wants them', async () => {
    const { of, token, session } = await begun();
    const list = async (query: string) =>
      sessionPage.parse(await (await of.send('GET', `/sessions${query}`, { token })).json()).items;
    expect(await list('?detail=full')).toMatchObject([
      { id: session.id, requester: 'local:ada', lastLine: 'Done.', cost: { budgetUsd: 10 } },
    ]);
    expect((await list(''))[0]).not.toHaveProperty('cost');
  });

  it.each([
    ['model', MODEL],
    ['requester', 'local:ada'],
    ['month', '1970-01'],
  ])('costs by %s', async (by, name) => {
    const { of, token } = await begun();
    const response = await of.send('GET', `/costs?by=${by}`, { token });
    const { items, isPartial } = costList.parse(await response.json());
    expect(items).toMatchObject([{ name, calls: 1, usage: { cacheReadTokens: 3_000 }, unknownCalls: 0 }]);
    expect(items[0]?.usd).toBeGreaterThan(0);
    expect(isPartial).toBe(false);
    const other = await of.send('GET', `/costs?by=${by}&month=2026-01`, { token });
    expect(costList.parse(await other.json()).items).toEqual([]);
  });

  it('settings, and who asks', async () => {
    const { of, token } = await begun();
    const settings = settingsResource.parse(await (await of.send('GET', '/settings', { token })).json());
    expect(settings).toMatchObject({
      caller: { requester: 'local:ada', scopes: ['admin'] },
      budgets: { sessionUsd: 10, monthUsd: 100 },
      isRehearsal: false,
      connected: { slack: false, github: true },
      hasForge: true,
      toolServers: ['docs'],
    });
  });

  it('no forge, where there is none', async () => {
    const of = openMemoryApi((ports, rules) => openHttpApi(ports, rules)[API_PATH]);
    const { token } = await of.key(['admin']);
    expect((await of.send('GET', '/forge/repositories', { token })).status).toBe(404);
    const { hasForge } = settingsResource.parse(await (await of.send('GET', '/settings', { token })).json());
    expect(hasForge).toBe(false);
  });
});

describe('a key in a cookie', () => {
  const body = { task: 'Go.' };
  const cookie = (token: string) => `other=1; ${COOKIE}=${token}`;

  it('opens what the key opens', async () => {
    const of = openApi();
    const { token } = await of.key(['admin']);
    const headers = { cookie: cookie(token), origin: OWN };
    expect((await of.send('GET', '/sessions', { headers: { cookie: cookie(token) } })).status).toBe(200);
    expect((await of.send('POST', '/sessions', { headers, body })).status).toBe(201);
  });

  it.each([
    ['of another site', 'https://evil.example'],
    ['of another port', 'http://127.0.0.1:3000'],
    ['of a sandbox', 'null'],
    ['that is not told', undefined],
  ])('changes nothing for a page %s', async (_name, origin) => {
    const of = openApi();
    const { token, id } = await of.key(['admin']);
    const headers = { cookie: cookie(token), ...(origin !== undefined && { origin }) };
    expect((await of.send('POST', '/sessions', { headers, body })).status).toBe(403);
    expect((await of.send('DELETE', `/keys/${id}`, { headers })).status).toBe(403);
    expect((await of.store.list({ limit: 1 })).items).toEqual([]);
    expect(await of.keys.find(id)).toBeDefined();
  });

  it('is none under another name, and where nobody expects cookies', async () => {
    const of = openApi();
    const { token } = await of.key(['admin']);
    const headers = { cookie: `swe_other=${token}` };
    expect((await of.send('GET', '/sessions', { headers })).status).toBe(401);
    const bare = openMemoryApi((ports, rules) => openHttpApi(ports, rules)[API_PATH]);
    const other = await bare.key(['admin']);
    const given = { cookie: `${COOKIE}=${other.token}; =${other.token}` };
    expect((await bare.send('GET', '/sessions', { headers: given })).status).toBe(401);
  });
});
