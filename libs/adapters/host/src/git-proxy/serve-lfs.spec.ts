import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { GitProxy } from './git-proxy';
import { openProxyAt } from './git-proxy-fixture';
import { LFS_JSON } from './serve-lfs';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}
type Answer = (seen: Seen, outgoing: ServerResponse) => void;

let proxy: GitProxy;
let origin: string;
let seen: Seen[];
/** What the host, which also stores the objects, answers. */
let answer: Answer;
const host = createServer((incoming, outgoing) => void take(incoming, outgoing));

async function take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  const { method, url, headers } = incoming;
  const request = { method, url, headers, body: Buffer.concat(pieces).toString() };
  seen.push(request);
  answer(request, outgoing);
}

beforeEach(async () => {
  seen = [];
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
  proxy = await openProxyAt([origin], {
    isOfSession: (repository) => repository.endsWith('/acme/shop'),
    credentials: {
      credential: async (_repository, purpose) => ({ username: 'u', password: `token-to-${purpose}` }),
    },
  });
});
afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  host.closeAllConnections();
  await new Promise((resolve) => host.close(resolve));
});

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const value = Object.values(proxy.environment).find((text) => text.startsWith('Authorization: ')) ?? '';
  const address = path.startsWith('http') ? path : `${proxy.url}/${new URL(origin).host}${path}`;
  return fetch(address, { ...init, headers: { authorization: value.slice(15), ...init.headers } });
}
function batch(operation: string, repository = 'acme/shop', more: object = {}): Promise<Response> {
  return ask(`/${repository}.git/info/lfs/objects/batch`, {
    method: 'POST',
    headers: { accept: LFS_JSON, 'content-type': LFS_JSON },
    body: JSON.stringify({
      operation,
      transfers: ['lfs-standalone-file', 'basic'],
      ref: { name: 'refs/heads/main' },
      objects: [{ oid: 'a'.repeat(64), size: 5 }],
      ...more,
    }),
  });
}
const basic = (password: string) => `Basic ${Buffer.from(`u:${password}`).toString('base64')}`;
const json = (value: object, status = 200): Answer => {
  return (_seen, outgoing) => {
    outgoing.writeHead(status, { 'content-type': LFS_JSON });
    outgoing.end(JSON.stringify(value));
  };
};

/** As in https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md */
const DOWNLOAD = () => ({
  transfer: 'basic',
  objects: [
    {
      oid: 'a'.repeat(64),
      size: 5,
      actions: {
        download: {
          href: `${origin}/store/a?X-Amz-Signature=s3cret`,
          header: { Authorization: 'RemoteAuth s3cret' },
          expires_in: 3600,
        },
      },
    },
    { oid: 'b'.repeat(64), size: 1, error: { code: 404, message: 'Object does not exist' } },
  ],
});
type Told = {
  objects: { authenticated?: boolean; actions?: Record<string, { href: string; header?: object }> }[];
};

describe('git-lfs through the git proxy', () => {
  it('is told where objects are, without what opens them', async () => {
    answer = json(DOWNLOAD());
    const response = await batch('download');
    const text = await response.text();
    expect(response.headers.get('content-type')).toBe(LFS_JSON);
    expect(text).not.toContain('s3cret');
    const { objects } = JSON.parse(text) as Told;
    expect(objects[0]).toMatchObject({ authenticated: true, actions: { download: { expires_in: 3600 } } });
    expect(objects[0]?.actions?.['download']?.href).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/-\/lfs\/[\w-]{32}$/);
    expect(objects[1]).toMatchObject({ error: { code: 404 } });
    expect(seen[0]?.headers['authorization']).toBe(basic('token-to-read'));
    expect(JSON.parse(seen[0]?.body ?? '')).toMatchObject({
      transfers: ['basic'],
      ref: { name: 'refs/heads/main' },
    });
  });

  it('fetches an object at its ticket, also where the store sends it on', async () => {
    answer = json(DOWNLOAD());
    const { objects } = (await (await batch('download')).json()) as Told;
    const href = objects[0]?.actions?.['download']?.href ?? '';
    answer = ({ url }, outgoing) => {
      if (url === '/store/a?X-Amz-Signature=s3cret') outgoing.writeHead(302, { location: '/moved' }).end();
      else outgoing.end('hello');
    };
    expect(await (await ask(href)).text()).toBe('hello');
    expect(seen.slice(1).map(({ headers }) => headers['authorization'])).toEqual(
      Array(2).fill('RemoteAuth s3cret'),
    );
    expect((await ask(href, { method: 'PUT', body: 'x' })).status).toBe(404);
    expect((await ask(`${href}x`)).status).toBe(404);
    expect((await fetch(href)).status).toBe(403);
  });

  it('is not sent on to another place', async () => {
    answer = json(DOWNLOAD());
    const { objects } = (await (await batch('download')).json()) as Told;
    answer = (_seen, outgoing) => void outgoing.writeHead(302, { location: 'http://127.0.0.1:1/x' }).end();
    const response = await ask(objects[0]?.actions?.['download']?.href ?? '');
    expect(response.status).toBe(404);
    expect(response.headers.get('location')).toBeNull();
  });

  it('stores and verifies an object', async () => {
    answer = json({
      objects: [
        {
          oid: 'a'.repeat(64),
          size: 5,
          actions: {
            upload: { href: `${origin}/put`, header: { 'X-Amz-Token': 's3cret' } },
            verify: { href: `${origin}/verify`, header: { Authorization: 'RemoteAuth s3cret' } },
          },
        },
      ],
    });
    const { objects } = (await (await batch('upload')).json()) as Told;
    expect(seen[0]?.headers['authorization']).toBe(basic('token-to-push'));
    answer = (_seen, outgoing) => void outgoing.end();
    const { upload, verify } = objects[0]?.actions ?? {};
    expect((await ask(upload?.href ?? '', { method: 'PUT', body: 'hello' })).status).toBe(200);
    expect((await ask(verify?.href ?? '', { method: 'POST', body: '{}' })).status).toBe(200);
    expect(seen.slice(1)).toMatchObject([
      {
        method: 'PUT',
        url: '/put',
        body: 'hello',
        headers: { 'content-length': '5', 'x-amz-token': 's3cret' },
      },
      { method: 'POST', url: '/verify', headers: { authorization: 'RemoteAuth s3cret' } },
    ]);
    // The proxy's own key stays here.
    expect(JSON.stringify(seen)).not.toContain('Bearer');
  });

  it("stores nothing in others' repositories, and reads those as a stranger", async () => {
    answer = json(DOWNLOAD());
    const refused = await batch('upload', 'public/lib');
    expect(refused.status).toBe(403);
    expect(await refused.json()).toEqual({ message: expect.stringContaining("none of this session's") });
    expect(seen).toEqual([]);
    expect((await batch('download', 'public/lib')).status).toBe(200);
    expect(seen[0]?.headers['authorization']).toBeUndefined();
  });

  it('locks are refused as what is not there', async () => {
    const response = await ask('/acme/shop.git/info/lfs/locks/verify', { method: 'POST', body: '{}' });
    expect(response.status).toBe(501);
    expect(seen).toEqual([]);
  });

  it.each<[string, () => Promise<Response>, Answer, number]>([
    ['no JSON', () => ask('/acme/shop/info/lfs/objects/batch', { method: 'POST', body: '{' }), json({}), 400],
    ['another operation', () => batch('delete'), json({}), 400],
    ['more than a batch', () => batch('download', 'acme/shop', { x: 'x'.repeat(5 << 20) }), json({}), 400],
    ['a host that refuses', () => batch('download'), json({ message: 's3cret' }, 403), 403],
    ['a host that fails', () => batch('download'), json({ message: 's3cret' }, 500), 503],
    ['a host that says something else', () => batch('download'), json({ objects: 's3cret' }), 400],
    [
      'an address that is not safe',
      async () => batch('download'),
      json({ objects: [{ actions: { download: { href: 'http://169.254.169.254/s3cret' } } }] }),
      200,
    ],
  ])('%s', async (_name, request, answers, status) => {
    answer = answers;
    const response = await request();
    expect(response.status).toBe(status);
    expect(await response.text()).not.toMatch(/s3cret|169\.254/);
  });
});
