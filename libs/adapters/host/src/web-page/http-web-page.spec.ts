import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isFault } from '@swe/domain';
import type { FaultKind } from '@swe/domain';
import { expectFault, runContract, webPageContract } from '@swe/testing/contracts';
import type { WebAnswer, WebPageSubject } from '@swe/testing/contracts';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { HttpWebPage } from './http-web-page';

const LOOPBACK = '127.0.0.1';
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'public.test': [LOOPBACK],
  'private.test': ['127.0.0.2'],
  'mixed.test': [LOOPBACK, '127.0.0.2'],
  'nowhere.test': [],
};
const resolve = async (name: string): Promise<readonly string[]> => NAMES[name] ?? [];
const isAllowed = (address: string): boolean => address === LOOPBACK;
const live = new AbortController().signal;

async function listen(answer: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, LOOPBACK, done));
  return { server, port: (server.address() as AddressInfo).port };
}

function closing(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });
}

async function openSubject(): Promise<{ subject: WebPageSubject; close: () => Promise<void> }> {
  const answers = new Map<string, WebAnswer>();
  const { server, port } = await listen(({ url = '/' }, response) => {
    const answer = answers.get(url);
    if (answer === undefined) response.writeHead(404).end();
    else if ('redirectTo' in answer) response.writeHead(302, { location: answer.redirectTo }).end();
    else response.writeHead(200, { 'content-type': answer.contentType }).end(answer.body);
  });
  const subject: WebPageSubject = {
    page: new HttpWebPage({ resolve, isAllowed }),
    serve(path, answer) {
      answers.set(path, answer);
      return `http://public.test:${port}${path}`;
    },
    privately: (path) => `http://private.test:${port}${path}`,
  };
  return { subject, close: () => closing(server) };
}

runContract('HttpWebPage', webPageContract, openSubject);

describe('HttpWebPage', () => {
  let server: Server;
  let root: string;
  let answer: RequestListener;
  let requests: string[];
  const page = new HttpWebPage({ resolve, isAllowed });

  beforeEach(async () => {
    requests = [];
    answer = (_request, response) => response.end();
    const opened = await listen((request, response) => {
      requests.push(request.url ?? '');
      answer(request, response);
    });
    server = opened.server;
    root = `http://public.test:${opened.port}`;
  });
  afterEach(() => closing(server));

  const text = (body: string | Buffer, headers: Record<string, string> = {}): RequestListener => {
    return (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/plain', ...headers }).end(body);
  };

  it('connects to nothing on this machine unless told otherwise', async () => {
    const strict = new HttpWebPage();
    for (const host of [LOOPBACK, 'localhost', '0x7f.1', '2130706433', '0', '[::ffff:127.0.0.1]']) {
      const url = root.replace('public.test', host);
      await expectFault(strict.fetch(url, 100, live), 'denied');
    }
    expect(requests).toEqual([]);
  });

  it('refuses a name when only one of its addresses is not allowed', async () => {
    await expectFault(page.fetch(root.replace('public', 'mixed'), 100, live), 'denied');
    expect(requests).toEqual([]);
  });

  it('connects to the address that was checked, whatever the name says later', async () => {
    answer = text('here');
    const asked: string[] = [];
    const rebinding = new HttpWebPage({
      isAllowed,
      resolve: async (name) => (asked.push(name) === 1 ? [LOOPBACK] : ['127.0.0.2']),
    });
    const url = root.replace('public.test', 'rebinding.test');
    expect((await rebinding.fetch(url, 100, live)).markdown).toBe('here');
    expect(asked).toEqual(['rebinding.test']);
    await expectFault(rebinding.fetch(url, 100, live), 'denied');
  });

  it.each([
    'file:///etc/passwd',
    'ftp://public.test/',
    'data:text/plain,hello',
    'public.test',
    '',
    'http://',
    'http://user@public.test/',
    'http://user:secret@public.test/',
    `http://public.test/${'x'.repeat(2_048)}`,
  ])('refuses the URL %j, given or redirected to', async (url) => {
    await expectFault(page.fetch(url, 100, live), 'invalid');
    if (!url.includes(':')) return;
    answer = (_request, response) => response.writeHead(301, { location: url }).end();
    await expectFault(page.fetch(root, 100, live), 'invalid');
    expect(requests).toEqual(['/']);
  });

  it.each<[number, FaultKind]>([
    [400, 'invalid'],
    [401, 'denied'],
    [403, 'denied'],
    [404, 'missing'],
    [408, 'transient'],
    [410, 'missing'],
    [500, 'transient'],
    [503, 'transient'],
    [304, 'invalid'],
    [302, 'invalid'],
  ])('takes a %d for %s', async (status, kind) => {
    answer = (_request, response) =>
      response.writeHead(status, { 'content-type': 'text/plain' }).end('words');
    const fault = await expectFault(page.fetch(root, 100, live), kind);
    expect(fault.message).toContain(String(status));
  });

  it.each([
    ['3', 3_000],
    ['soon', undefined],
    [undefined, undefined],
  ])('says how long a busy server wants to be left alone: %j', async (retryAfter, retryAfterMs) => {
    const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
    answer = (_request, response) => response.writeHead(429, headers).end();
    const fault = await expectFault(page.fetch(root, 100, live), 'throttled');
    expect(fault.retryAfterMs).toBe(retryAfterMs);
  });

  it('follows five redirects and no more', async () => {
    answer = ({ url = '' }, response) => {
      const left = Number(url.slice(1));
      if (left === 0) response.writeHead(200, { 'content-type': 'text/plain' }).end('end');
      else response.writeHead(307, { location: `/${left - 1}` }).end();
    };
    expect(await page.fetch(`${root}/5`, 100, live)).toMatchObject({ url: `${root}/0`, markdown: 'end' });
    await expectFault(page.fetch(`${root}/6`, 100, live), 'invalid');
  });

  it('says that a host does not exist', async () => {
    await expectFault(page.fetch('http://nowhere.test/', 100, live), 'missing');
  });

  it('takes a refused connection, a broken one and a cut answer for transient', async () => {
    await closing(server);
    await expectFault(page.fetch(root, 100, live), 'transient');
    const opened = await listen((request, response) => {
      if (request.url === '/now') return void response.destroy();
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '100' });
      response.write('x', () => response.destroy());
    });
    server = opened.server;
    await expectFault(page.fetch(`http://public.test:${opened.port}/now`, 100, live), 'transient');
    await expectFault(page.fetch(`http://public.test:${opened.port}/later`, 100, live), 'transient');
  });

  it('takes what is not HTTP, and HTTP where TLS should be, for invalid', async () => {
    answer = ({ socket }) => void socket.end('hello\r\n\r\n');
    await expectFault(page.fetch(root, 100, live), 'invalid');
    await expectFault(page.fetch(root.replace('http:', 'https:'), 100, live), 'invalid');
  });

  describe('a body', () => {
    const long = 'é'.repeat(5_000);

    it.each([
      ['gzip', gzipSync],
      ['br', brotliCompressSync],
      ['deflate', deflateSync],
    ])('compressed with %s is read', async (encoding, compress) => {
      answer = text(compress(long), { 'content-encoding': encoding });
      expect((await page.fetch(root, 10_000, live)).markdown).toBe(long);
      const cut = await page.fetch(root, 9, live);
      expect(cut).toMatchObject({ markdown: 'éééé', truncated: true });
    });

    it.each([
      ['gzip', gzipSync(Buffer.alloc(20 * 1024 * 1024))],
      ['br', brotliCompressSync(Buffer.alloc(20 * 1024 * 1024))],
    ])('that is a bomb of %s is unpacked no further than asked', async (encoding, bomb) => {
      answer = text(bomb, { 'content-encoding': encoding });
      const { markdown, truncated } = await page.fetch(root, 1_000, live);
      expect([markdown.length, truncated]).toEqual([1_000, true]);
    });

    it('without an end is read no further than asked', async () => {
      answer = (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/plain' });
        const more = (): void => void (response.destroyed || response.write('x'.repeat(65_536), more));
        more();
      };
      const { markdown, truncated } = await page.fetch(root, 100_000, live);
      expect([markdown.length, truncated]).toEqual([100_000, true]);
    });

    it.each([
      ['of an unknown encoding', { 'content-encoding': 'zstd' }, 'x', 'invalid'],
      ['that is not what its encoding says', { 'content-encoding': 'gzip' }, 'not gzip', 'invalid'],
      ['of garbage for brotli', { 'content-encoding': 'br' }, Buffer.alloc(99, 0xff), 'invalid'],
      [
        'whose compressed end is missing',
        { 'content-encoding': 'gzip' },
        gzipSync('abc').subarray(0, 15),
        'transient',
      ],
    ] as const)('%s is refused', async (_name, headers, body, kind) => {
      answer = text(body as string | Buffer, headers);
      await expectFault(page.fetch(root, 100, live), kind);
    });
  });

  describe('when it takes too long', () => {
    const hang: Readonly<Record<string, RequestListener>> = {
      head: () => undefined,
      body: (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/plain' });
        response.write('x');
      },
    };

    it.each(Object.keys(hang))('stops waiting for the %s, as transient', async (part) => {
      answer = hang[part]!;
      const hasty = new HttpWebPage({ resolve, isAllowed, timeoutMs: 50 });
      await expectFault(hasty.fetch(root, 100, live), 'transient');
    });

    it.each(Object.keys(hang))('can be stopped while it waits for the %s', async (part) => {
      const stop = new AbortController();
      answer = (request, response) => {
        hang[part]!(request, response);
        setImmediate(() => stop.abort());
      };
      await expectFault(page.fetch(root, 100, stop.signal), 'cancelled');
    });

    it('can be stopped while it looks a name up, and before it starts', async () => {
      const stop = new AbortController();
      const stuck = new HttpWebPage({
        isAllowed,
        resolve: () => {
          stop.abort();
          return new Promise(() => undefined);
        },
      });
      await expectFault(stuck.fetch(root, 100, stop.signal), 'cancelled');
      await expectFault(page.fetch(root, 100, AbortSignal.abort()), 'cancelled');
      expect(requests).toEqual([]);
    });
  });

  it('does not hide a bug as a fault', async () => {
    const broken = new HttpWebPage({ resolve: () => Promise.reject(new TypeError('x is undefined')) });
    const error: unknown = await broken.fetch(root, 100, live).catch((reason: unknown) => reason);
    expect(isFault(error)).toBe(false);
  });
});
