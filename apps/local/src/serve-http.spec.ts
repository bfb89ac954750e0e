import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { PostRoute } from '@swe/adapter-http/ingress';
import { serveHttp } from './serve-http';

const echo: PostRoute = {
  maxBodyBytes: 1_000_000,
  handle: async (request) => new Response(await request.arrayBuffer()),
};

let ended: AbortController;
let keeping: Promise<void>[];
beforeEach(() => {
  ended = new AbortController();
  keeping = [];
});
afterEach(async () => {
  ended.abort();
  await Promise.all(keeping);
});

/** What it says, and where it is. */
async function open(httpPort = 0): Promise<{ readonly line: string; readonly url: string }> {
  let line = '';
  const logger = { warn() {}, error() {} };
  const program = { out: (text: string) => (line += text) };
  const keep = await serveHttp(program, { httpPort }, { posts: { '/events': echo }, logger });
  keeping.push(keep(ended.signal));
  return { line, url: /http:[^ ]+/.exec(line)?.[0] ?? '' };
}

it('says where it is, also where its port is in use', async () => {
  const first = await open();
  expect(first.line).toBe(`Listening on ${first.url} (/health, /events).\n`);
  const port = Number(new URL(first.url).port);
  const second = await open(port);
  expect(second.line).toBe(`Port ${port} is in use: listening on ${second.url} (/health, /events).\n`);
});

it.each([
  ['that says its length', (body: string) => ({ body })],
  ['in chunks', (body: string) => ({ body: new Blob([body]).stream(), duplex: 'half' as const })],
])('takes a request %s, refuses one too large, and goes on', async (_name, bodyOf) => {
  const { url } = await open();
  const post = (body: string) => fetch(`${url}/events`, { method: 'POST', ...bodyOf(body) });
  const taken = await post('x'.repeat(1_000_000));
  expect([taken.status, (await taken.text()).length]).toEqual([200, 1_000_000]);
  // Whoever goes on sending may find the connection closed before they read why.
  const refused = await post('x'.repeat(1_000_001)).catch(() => undefined);
  expect([413, undefined]).toContain(refused?.status);
  expect((await post('x')).status).toBe(200);
});
