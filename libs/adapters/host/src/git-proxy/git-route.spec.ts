import { describe, expect, it } from '@jest/globals';
import { readGitRoute } from './git-route';

const ORIGINS = ['https://github.com', 'http://ghes.acme.test:8443/'];
const read = (method: string, path: string) => readGitRoute(method, path, ORIGINS);
const SHOP = '/github.com/acme/shop';
const REFS = 'info/refs?service=git-upload-pack';

describe("where a request of git's goes", () => {
  it.each([
    ['GET', `${SHOP}.git/${REFS}`, 'refs', `https://github.com/acme/shop.git/${REFS}`],
    ['GET', `${SHOP}/${REFS}`, 'refs', `https://github.com/acme/shop.git/${REFS}`],
    [
      'GET',
      `${SHOP}/info/refs?service=git-receive-pack`,
      'refs',
      'https://github.com/acme/shop.git/info/refs?service=git-receive-pack',
    ],
    ['POST', `${SHOP}.git/git-upload-pack`, 'fetch', 'https://github.com/acme/shop.git/git-upload-pack'],
    ['POST', `${SHOP}.git/git-receive-pack`, 'push', 'https://github.com/acme/shop.git/git-receive-pack'],
    [
      'POST',
      `${SHOP}.git/info/lfs/objects/batch`,
      'lfs-batch',
      'https://github.com/acme/shop.git/info/lfs/objects/batch',
    ],
    [
      'POST',
      `${SHOP}.git/info/lfs/locks/verify`,
      'lfs-locks',
      'https://github.com/acme/shop.git/info/lfs/locks/verify',
    ],
    [
      'POST',
      '/ghes.acme.test:8443/a.b/c-d.e/git-upload-pack',
      'fetch',
      'http://ghes.acme.test:8443/a.b/c-d.e.git/git-upload-pack',
    ],
  ])('%s %s is %s', (method, path, kind, url) => {
    const route = read(method, path);
    expect(route).toMatchObject({ kind, url: new URL(url) });
    if (kind !== 'refs' || !path.startsWith(SHOP)) return;
    expect(route).toMatchObject({ repository: 'https://github.com/acme/shop' });
  });

  it('an object of git-lfs is named by its ticket', () => {
    expect(read('PUT', '/-/lfs/abc_-1')).toEqual({ kind: 'lfs-object', ticket: 'abc_-1' });
  });

  it.each([
    `/evil.test/acme/shop/${REFS}`,
    `/github.com.evil.test/acme/shop/${REFS}`,
    `/github.com:443/acme/shop/${REFS}`,
    `/GITHUB.COM/acme/shop/${REFS}`,
    `/github.com@evil.test/acme/shop/${REFS}`,
    `/github.com/../acme/shop/${REFS}`,
    `/github.com/acme/../${REFS}`,
    `/github.com/../../${REFS}`,
    `/github.com/acme/...git/${REFS}`,
    `/github.com/./shop/${REFS}`,
    `/github.com/acme/shop/../other/${REFS}`,
    `/github.com/acme/%2e%2e/${REFS}`,
    `/github.com/acme/shop%2f..%2fother/${REFS}`,
    `/github.com/acme/sh op/${REFS}`,
    `/github.com/acme/shop\\..\\other/${REFS}`,
    `//github.com/acme/shop/${REFS}`,
    `/github.com//shop/${REFS}`,
    `/github.com/shop/${REFS}`,
    `/github.com/a/b/c/${REFS}`,
    `${SHOP}/info/refs`,
    `${SHOP}/info/refs?service=git-upload-archive`,
    `${SHOP}/${REFS}&x=1`,
    `${SHOP}/${REFS}#x`,
    `${SHOP}/HEAD`,
    `${SHOP}/objects/info/packs`,
    `${SHOP}/settings`,
    `${SHOP}/git-receive-pack?service=git-upload-pack`,
    `http://github.com/acme/shop/${REFS}`,
    '/api/v3/user',
    '/-/lfs/../x',
    '/',
    '',
  ])('%j goes nowhere', (path) => {
    expect(read('GET', path)).toBe(404);
    expect(read('POST', path)).toBe(404);
  });

  it.each([
    ['POST', `${SHOP}/${REFS}`],
    ['GET', `${SHOP}/git-upload-pack`],
    ['PUT', `${SHOP}/git-receive-pack`],
    ['GET', `${SHOP}/info/lfs/objects/batch`],
  ])('%s is no method of %s', (method, path) => {
    expect(read(method, path)).toBe(405);
  });
});
