import { execFileSync } from 'node:child_process';
import { createServer, request } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openGitSession } from '@swe/testing/servers';
import { BRANCH, openProxyAt, openProxyFor } from './git-proxy-fixture';
import { flushPkt, pktLine } from './pkt-line';

const ZERO = '0'.repeat(40);
const CAPABILITIES = '\0 report-status side-band-64k object-format=sha1';

interface Reached {
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
}
function headersFor({ environment }: Reached) {
  const value = Object.values(environment).find((text) => text.startsWith('Authorization: ')) ?? '';
  return { authorization: value.slice(15) };
}
async function post(
  proxy: Reached,
  path: string,
  body: Buffer,
  headers: Record<string, string> = {},
): Promise<{ readonly status: number | undefined; readonly text: string; readonly continued: boolean }> {
  let continued = false;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const client = request(`${proxy.url}${path}`, {
      method: 'POST',
      headers: {
        ...headersFor(proxy),
        'content-type': 'application/x-git-receive-pack-request',
        'content-length': body.length,
        ...headers,
      },
    });
    client
      .on('response', resolve)
      .on('error', reject)
      .on('continue', () => {
        continued = true;
        client.end(body);
      });
    if (headers['expect'] === undefined) client.end(body);
    else client.flushHeaders();
  });
  const pieces: Buffer[] = [];
  for await (const piece of answer) pieces.push(piece as Buffer);
  return { status: answer.statusCode, text: Buffer.concat(pieces).toString(), continued };
}

describe('pushes that git would send otherwise', () => {
  const openWorld = () =>
    openGitSession({ path: process.env['PATH'] ?? '', branch: BRANCH }, (parts) => openProxyFor(parts));
  let world: Awaited<ReturnType<typeof openWorld>>;
  let body: Buffer;
  let path: string;
  beforeEach(async () => {
    world = await openWorld();
    await world.clone();
    const head = await world.commit('shop', 'a', '1');
    const cwd = join(world.workspace, 'shop');
    const pack = execFileSync('git', ['pack-objects', '--revs', '--stdout', '--thin', '--quiet'], {
      cwd,
      input: `${head}\n^origin/main\n`,
    });
    const command = pktLine(`${ZERO} ${head} refs/heads/${BRANCH}${CAPABILITIES}`);
    body = Buffer.concat([command, flushPkt(), pack]);
    path = `/${new URL(world.host.origin).host}/acme/shop.git/git-receive-pack`;
  });
  afterEach(async () => {
    await world[Symbol.asyncDispose]();
  });

  it.each<[string, (body: Buffer) => Buffer, Record<string, string>]>([
    ['as it is', (whole) => whole, {}],
    ['compressed', (whole) => gzipSync(whole), { 'content-encoding': 'gzip' }],
    ['compressed, by its former name', (whole) => gzipSync(whole), { 'content-encoding': 'x-gzip' }],
    ['once it was told to go on', (whole) => whole, { expect: '100-continue' }],
  ])('%s, it arrives', async (_name, encode, headers) => {
    const answer = await post(world.proxy, path, encode(body), headers);
    expect(answer.text).toContain(`ok refs/heads/${BRANCH}`);
    expect(answer.continued).toBe('expect' in headers);
    expect(await world.headOf(`refs/heads/${BRANCH}`)).not.toBe('');
  });

  it.each<[string, (body: Buffer) => Buffer, Record<string, string>]>([
    ['in an encoding that nobody knows', (whole) => whole, { 'content-encoding': 'br' }],
    ['compressed by its name only', (whole) => whole, { 'content-encoding': 'gzip' }],
    ['cut off while compressed', (whole) => gzipSync(whole).subarray(0, 40), { 'content-encoding': 'gzip' }],
    ['to two places in one line', (whole) => Buffer.concat([Buffer.from('0001'), whole]), {}],
  ])('%s, it does not', async (_name, encode, headers) => {
    const answer = await post(world.proxy, path, encode(body), headers);
    expect(answer.text).not.toContain('unpack ok');
    expect(await world.headOf(`refs/heads/${BRANCH}`)).toBe('');
    expect(world.facts.filter(({ event }) => event === 'git.pushed')).toEqual([]);
  });

  it('a push to a repository of somebody else, without asking for its refs first, does not', async () => {
    const answer = await post(world.proxy, path.replace('acme/shop', 'public/lib'), body);
    expect(answer.text).toContain("none of this session's repositories");
    expect(world.host.requests.filter(({ repository }) => repository === 'public/lib')).toEqual([]);
  });
});

describe('a host and its proxy', () => {
  let host: Server;
  let origin: string;
  let answer: RequestListener;
  const open = (...others: readonly string[]) =>
    openProxyAt([origin, ...others], {
      isOfSession: () => true,
      credentials: { credential: async () => ({ username: 'u', password: 'hunter2' }) },
    });
  const refsAt = (proxy: Reached) =>
    `${proxy.url}/${new URL(origin).host}/acme/shop.git/info/refs?service=git-upload-pack`;
  beforeEach(async () => {
    host = createServer((incoming, outgoing) => answer(incoming, outgoing));
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    host.closeAllConnections();
    await new Promise((resolve) => host.close(resolve));
  });

  it.each<[string, () => string, number?]>([
    ['another host', () => 'http://127.0.0.1:1/acme/shop.git/info/refs?service=git-upload-pack'],
    ['another host by its name', () => refs(origin.replace('127.0.0.1', 'localhost'))],
    ['its own with a password', () => refs(origin.replace('//', '//u:hunter2@'))],
    ['another question', () => `${origin}/acme/shop.git/info/refs?service=git-receive-pack`],
    ['a page', () => `${origin}/login?return_to=hunter2`],
    ['no address', () => 'http://['],
    ['itself, for ever', () => refs(origin), 5],
  ])('is not followed to %s', async (_name, location, again = 0) => {
    const asked: string[] = [];
    answer = ({ url = '' }, outgoing) => {
      asked.push(url);
      outgoing.writeHead(302, { location: location() }).end('hunter2');
    };
    await using proxy = await open();
    const told = await fetch(refsAt(proxy), { headers: headersFor(proxy), redirect: 'manual' });
    expect(told.status).toBeGreaterThanOrEqual(400);
    expect(`${await told.text()}${JSON.stringify([...told.headers])}`).not.toContain('hunter2');
    expect(told.headers.get('location')).toBeNull();
    expect(asked.slice(1)).toEqual(Array(again).fill('/acme/shop.git/info/refs?service=git-upload-pack'));
  });

  it('is not followed to another host that is served too', async () => {
    const strangers: IncomingMessage[] = [];
    const other = createServer((incoming, outgoing) => {
      strangers.push(incoming);
      outgoing.end();
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const otherOrigin = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    answer = (_incoming, outgoing) => void outgoing.writeHead(302, { location: refs(otherOrigin) }).end();
    await using proxy = await open(otherOrigin);
    expect((await fetch(refsAt(proxy), { headers: headersFor(proxy) })).status).toBe(404);
    expect(strangers).toEqual([]);
    await new Promise((resolve) => other.close(resolve));
  });

  it('sees nothing of the client but what git says', async () => {
    let seen: IncomingMessage['headers'] = {};
    answer = ({ headers }, outgoing) => {
      seen = headers;
      outgoing
        .writeHead(200, { 'set-cookie': 'a=b', 'x-token': 'hunter2', 'content-type': 'x/y' })
        .end('refs');
    };
    await using proxy = await open();
    const told = await fetch(refsAt(proxy), {
      headers: {
        ...headersFor(proxy),
        cookie: 'c=d',
        'x-forwarded-for': '1.1.1.1',
        'git-protocol': 'version=2',
      },
    });
    expect(await told.text()).toBe('refs');
    expect(seen).toMatchObject({ authorization: 'Basic dTpodW50ZXIy', 'git-protocol': 'version=2' });
    expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(['cookie']));
    expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(['x-forwarded-for']));
    expect(told.headers.get('content-type')).toBe('x/y');
    expect(told.headers.get('set-cookie')).toBeNull();
    expect(told.headers.get('x-token')).toBeNull();
  });

  it('end together: what is under way is broken off', async () => {
    const hung = Promise.withResolvers<IncomingMessage>();
    answer = (incoming) => hung.resolve(incoming);
    const proxy = await open();
    const asked = fetch(refsAt(proxy), { headers: headersFor(proxy) });
    const failed = expect(asked).rejects.toThrow('fetch failed');
    const gone = new Promise(
      (resolve) => void hung.promise.then(({ socket }) => socket.once('close', resolve)),
    );
    await hung.promise;
    await proxy[Symbol.asyncDispose]();
    await failed;
    await gone;
  });

  it('end together: a client that goes away takes its question along', async () => {
    const hung = Promise.withResolvers<IncomingMessage>();
    answer = (incoming) => hung.resolve(incoming);
    await using proxy = await open();
    const left = new AbortController();
    const asked = fetch(refsAt(proxy), { headers: headersFor(proxy), signal: left.signal });
    const failed = expect(asked).rejects.toThrow();
    const { socket } = await hung.promise;
    const gone = new Promise((resolve) => socket.once('close', resolve));
    left.abort();
    await failed;
    await gone;
  });
});

function refs(origin: string): string {
  return `${origin}/acme/shop.git/info/refs?service=git-upload-pack`;
}
