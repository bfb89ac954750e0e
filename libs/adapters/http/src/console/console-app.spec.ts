import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock, MemoryApiKeys } from '@swe/testing/memory';
import { authenticate } from '../authenticate';
import { consoleApp } from './console-app';
import { SignIn } from './sign-in';
import { fromObjects, readStaticFiles, toObjects } from './static-files';

const COOKIE = 'swe_test';
const OWN = 'http://127.0.0.1:4711';
const SCRIPT = 'console.log(1);'.repeat(100);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swe-console-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(folder, 'assets', 'index-1a2b.js'), SCRIPT);
  writeFileSync(join(folder, 'notes.txt'), 'not for anybody');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function open() {
  const [keys, clock] = [new MemoryApiKeys(), new ManualClock()];
  let ids = 0;
  const random = { id: () => (ids += 1).toString(16).padStart(8, '0').padEnd(32, '0') };
  const next: string[] = [];
  const requester = 'local:ada';
  const signIn = new SignIn({ keys, clock, random, requester, onUsed: (token) => next.push(token) });
  const logger = { warn: () => undefined, error: () => undefined };
  const { fetch } = consoleApp({
    files: await readStaticFiles(folder),
    cookie: COOKIE,
    keys,
    clock,
    logger,
    signIn,
  });
  const send = async (path: string, init: RequestInit = {}) => fetch(new Request(`${OWN}${path}`, init));
  return { keys, clock, signIn, next, send };
}

type Open = Awaited<ReturnType<typeof open>>;
const cookieIn = (response: Response): string =>
  /^swe_test=(\S*);/.exec(response.headers.get('set-cookie') ?? '')?.[1] ?? '';
const keyOf = ({ keys, clock }: Open, token: string) =>
  authenticate({ keys, clock }, new Headers({ cookie: `${COOKIE}=${token}` }), COOKIE);

describe('signing in', () => {
  it('lets a browser in for a token, once, as the person who started it', async () => {
    const of = await open();
    const { token } = of.signIn;
    const first = await of.send(`/sign-in?token=${token}`);
    expect([first.status, first.headers.get('location')]).toEqual([303, '/']);
    expect(first.headers.get('set-cookie')).toMatch(/; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Strict$/);
    expect(await keyOf(of, cookieIn(first))).toMatchObject({ actsAs: 'local:ada', scopes: ['admin'] });

    const again = await of.send(`/sign-in?token=${token}`);
    expect([again.headers.get('location'), again.headers.get('set-cookie')]).toEqual([
      '/?sign-in=used',
      null,
    ]);
    expect(of.next).toEqual([of.signIn.token]);
    expect(cookieIn(await of.send(`/sign-in?token=${of.signIn.token}`))).not.toBe('');
  });

  it.each(['', 'x', '0'.repeat(64)])('lets nobody in for %j', async (token) => {
    const of = await open();
    expect((await of.send(`/sign-in?token=${token}`)).headers.get('set-cookie')).toBeNull();
    expect(await of.keys.list()).toEqual([]);
  });

  it('lets a browser in for a key, and for nothing else, from a page of its own', async () => {
    const of = await open();
    const key = cookieIn(await of.send(`/sign-in?token=${of.signIn.token}`));
    const post = (body: string, origin = OWN) =>
      of.send('/sign-in', { method: 'POST', body, headers: { origin } });
    const entered = await post(key);
    expect([entered.status, cookieIn(entered)]).toEqual([200, key]);
    expect((await post(`${key.slice(0, -1)}x`)).status).toBe(401);
    expect((await post(key, 'https://evil.example')).status).toBe(403);
    await of.clock.advance(31 * 24 * 60 * 60_000);
    expect((await post(key)).status).toBe(401);
  });

  it('ends with its key, where that was made for it', async () => {
    const of = await open();
    const token = cookieIn(await of.send(`/sign-in?token=${of.signIn.token}`));
    const headers = { cookie: `${COOKIE}=${token}`, origin: OWN };
    const forged = { ...headers, origin: 'https://evil.example' };
    expect((await of.send('/sign-out', { method: 'POST', headers: forged })).status).toBe(403);
    expect(await keyOf(of, token)).toBeDefined();
    const out = await of.send('/sign-out', { method: 'POST', headers });
    expect(out.headers.get('set-cookie')).toMatch(/^swe_test=; .*Max-Age=0/);
    expect(await keyOf(of, token)).toBeUndefined();
  });
});

describe('the files of the page', () => {
  it('are the page for each of its paths, never kept without asking', async () => {
    const { send } = await open();
    for (const path of ['/', '/new', '/sessions/sabc', '/repositories/my.shop/pulls/1']) {
      const page = await send(path);
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(page.headers.get('cache-control')).toBe('no-cache');
    }
  });

  it('may load nothing from elsewhere, and be in no frame', async () => {
    const { headers } = await (await open()).send('/');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('are compressed for who can read that, and kept for ever under a name that changes', async () => {
    const { send } = await open();
    const path = '/assets/index-1a2b.js';
    const packed = await send(path, { headers: { 'accept-encoding': 'gzip, deflate, br' } });
    expect(packed.headers.get('content-encoding')).toBe('br');
    expect(packed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(brotliDecompressSync(Buffer.from(await packed.arrayBuffer())).toString()).toBe(SCRIPT);
    const plain = await send(path);
    expect([plain.headers.get('content-encoding'), await plain.text()]).toEqual([null, SCRIPT]);
    const etag = plain.headers.get('etag') ?? '';
    const known = await send(path, { headers: { 'if-none-match': etag } });
    expect([known.status, await known.text()]).toEqual([304, '']);
  });

  it.each([
    '/assets/other.js',
    '/notes.txt',
    '/../package.json',
    '/%2e%2e/package.json',
    '/assets/..%2f..%2fx.js',
  ])('are no others: %s', async (path) => {
    expect((await (await open()).send(path)).status).toBe(404);
  });

  it('are the same after they were kept as bytes under names', async () => {
    const files = await readStaticFiles(folder);
    const objects = await toObjects(files);
    expect([...objects.keys()].toSorted()).toEqual([
      'assets/index-1a2b.js',
      'assets/index-1a2b.js.br',
      'assets/index-1a2b.js.gz',
      'index.html',
      'index.html.br',
      'index.html.gz',
    ]);
    const contentsOf = async (of: typeof files): Promise<unknown> =>
      Promise.all(
        [...of].map(async ([path, { packed, ...file }]) => [
          path,
          file,
          await packed('br'),
          await packed('gzip'),
        ]),
      );
    expect(await contentsOf(fromObjects(objects))).toEqual(await contentsOf(files));
  });

  it('are none where the page is not built', async () => {
    expect((await readStaticFiles(join(folder, 'nowhere'))).size).toBe(0);
  });
});
