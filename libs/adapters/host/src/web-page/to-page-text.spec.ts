import { describe, expect, it } from '@jest/globals';
import { toPageText } from './to-page-text';

const URL_OF_PAGE = new URL('https://example.test/docs/page');

function page(contentType: string, content: string | Buffer, maxBytes = 10_000) {
  const bytes = Buffer.from(content);
  const body = async () => ({ bytes: bytes.subarray(0, maxBytes), truncated: bytes.length > maxBytes });
  return toPageText({ url: URL_OF_PAGE, contentType, body, maxBytes });
}

describe('the text of a page', () => {
  it.each([
    'text/plain',
    'text/markdown; charset=utf-8',
    'TEXT/CSV',
    'application/json',
    'application/ld+json',
    'application/xml',
    'application/atom+xml',
    'application/yaml',
  ])('of the type %s stays as it is', async (contentType) => {
    expect(await page(contentType, '<b>*é*</b>\n')).toEqual({
      url: URL_OF_PAGE.href,
      title: '',
      markdown: '<b>*é*</b>\n',
      truncated: false,
    });
  });

  it.each([
    '',
    'image/png',
    'image/svg+xml',
    'application/pdf',
    'application/octet-stream',
    'multipart/mixed',
    'text/',
  ])('of the type %j is refused by its name, unread', async (contentType) => {
    const body = () => Promise.reject(new Error('read'));
    const refused = toPageText({ url: URL_OF_PAGE, contentType, body, maxBytes: 1 });
    await expect(refused).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining(contentType === '' ? 'no content type' : contentType),
    });
  });

  const latin = Buffer.from('caf\xe9', 'latin1');
  it.each<[string, string, Buffer]>([
    ['the header', 'text/plain; charset=iso-8859-1', latin],
    ['the header, in quotes', 'text/plain; charset="ISO-8859-1"', latin],
    ['a byte order mark', 'text/plain; charset=iso-8859-1', Buffer.from('\uFEFFcafé')],
    ['a byte order mark of UTF-16', 'text/plain', Buffer.from('\uFEFFcafé', 'utf16le')],
    ['nothing: UTF-8', 'text/plain', Buffer.from('café')],
    ['a name that nobody knows: UTF-8', 'text/plain; charset=klingon', Buffer.from('café')],
    ['a meta element', 'text/html', Buffer.concat([Buffer.from('<meta charset="latin1">'), latin])],
    [
      'an older meta element',
      'text/html',
      Buffer.concat([
        Buffer.from('<meta http-equiv=Content-Type content="text/html; charset=latin1">'),
        latin,
      ]),
    ],
  ])('is decoded as %s says', async (_name, contentType, bytes) => {
    expect((await page(contentType, bytes)).markdown).toBe('café');
  });

  it('is cut where Markdown needs more bytes than HTML', async () => {
    const html = '<a href=b>a</a>'.repeat(20);
    const { markdown, truncated } = await page('text/html', html, 400);
    expect(html.length).toBeLessThan(400);
    expect([markdown.length, truncated]).toEqual([400, true]);
  });
});
