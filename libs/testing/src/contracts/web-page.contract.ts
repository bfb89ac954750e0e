import { expect } from '@jest/globals';
import type { PageText, WebPage } from '@swe/domain';
import { expectFault } from './expect-fault';
import type { Contract } from './run-contract';

export type WebAnswer =
  { readonly contentType: string; readonly body: string } | { readonly redirectTo: string };

export interface WebPageSubject {
  readonly page: WebPage;
  /** What the servers answer at `path`, from now on; the URL under a name that is public. */
  serve(path: string, answer: WebAnswer): string;
  /** The same path under a name that resolves to an address that is not public. */
  privately(path: string): string;
}

const MAX_BYTES = 10_000;
/** 10.0.0.1, and others that are not public whatever a subject lets through, as they can be written. */
const PRIVATE_LITERALS = [
  'http://10.0.0.1/',
  'http://10.1/',
  'http://0xa.1/',
  'http://167772161/',
  'http://012.0.0.1/',
  'http://[::ffff:10.0.0.1]/',
  'http://[::1]/',
  'http://169.254.169.254/latest/meta-data/',
];

export const webPageContract = {
  async 'HTML becomes Markdown without scripts and styles; text stays text; other types are `invalid`'(
    subject,
  ) {
    const url = subject.serve('/docs/page', {
      contentType: 'text/html; charset=utf-8',
      body: [
        '<!doctype html><html><head><title>The &amp; title</title><style>p { color: red }</style></head>',
        '<body><h1>Heading</h1><script>alert("hidden")</script><p>Words é.</p><a href="../next">on</a></body>',
      ].join(''),
    });
    const { markdown, ...facts } = await read(subject, url);
    expect(facts).toEqual({ url, title: 'The & title', truncated: false });
    expect(markdown).toContain('# Heading');
    expect(markdown).toContain('Words é.');
    expect(markdown).toContain(`[on](${new URL('/next', url).href})`);
    expect(markdown).not.toMatch(/hidden|color|<|title/);

    const text = '# é <b>as it is</b>\n';
    const json = '{"a": "<b>"}';
    const plain = subject.serve('/text', { contentType: 'text/plain; charset=utf-8', body: text });
    expect((await read(subject, plain)).markdown).toBe(text);
    const data = subject.serve('/json', { contentType: 'application/json', body: json });
    expect((await read(subject, data)).markdown).toBe(json);
    for (const contentType of ['image/png', 'application/octet-stream', 'application/zip']) {
      await expectFault(read(subject, subject.serve('/binary', { contentType, body: 'x' })), 'invalid');
    }
  },

  async 'an address that is not public is `denied`, checked after DNS and on every redirect'(subject) {
    const target = subject.serve('/target', { contentType: 'text/plain', body: 'here' });
    const hidden = subject.privately('/target');
    await expectFault(read(subject, hidden), 'denied');
    await expectFault(read(subject, subject.serve('/in', { redirectTo: hidden })), 'denied');
    for (const literal of PRIVATE_LITERALS) {
      await expectFault(read(subject, literal), 'denied');
      await expectFault(read(subject, subject.serve('/in', { redirectTo: literal })), 'denied');
    }
    subject.serve('/second', { redirectTo: '/target' });
    const around = subject.serve('/first', { redirectTo: 'second' });
    expect(await read(subject, around)).toMatchObject({ url: target, markdown: 'here' });
  },

  async 'more than `maxBytes` is cut and marked as truncated'({ page, serve }) {
    const signal = new AbortController().signal;
    const body = 'é'.repeat(50);
    const url = serve('/long', { contentType: 'text/plain; charset=utf-8', body });
    expect(await page.fetch(url, 100, signal)).toMatchObject({ markdown: body, truncated: false });
    expect(await page.fetch(url, 99, signal)).toMatchObject({ markdown: 'é'.repeat(49), truncated: true });
    const html = serve('/html', { contentType: 'text/html', body: `<p>${'word '.repeat(1_000)}</p>` });
    const { markdown, truncated } = await page.fetch(html, 500, signal);
    expect(truncated).toBe(true);
    expect(markdown).toMatch(/^(word ?){50,100}w?o?r?d?$/);
  },
} satisfies Contract<WebPageSubject>;

function read({ page }: WebPageSubject, url: string): Promise<PageText> {
  return page.fetch(url, MAX_BYTES, new AbortController().signal);
}
