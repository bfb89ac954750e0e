import { Fault } from '@swe/domain';

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 307, 308]);
const MAX_HOPS = 5;

/**
 * Follows redirects, of renamed repositories for instance, with the same method and body
 * (https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects): left to
 * itself `fetch` makes a GET of a POST, which then seems to have been done. Nothing is written to another host.
 */
export function redirectingFetch(inner: typeof fetch): typeof fetch {
  return async (input, init = {}) => {
    let url = String(input);
    for (let hops = 0; ; hops += 1) {
      const response = await inner(url, { ...init, redirect: 'manual' });
      const location = response.headers.get('location');
      if (!REDIRECTS.has(response.status) || location === null) return response;
      if (hops === MAX_HOPS) throw new Fault('invalid', 'GitHub leads round in circles');
      const next = new URL(location, url);
      const isWrite = (init.method ?? 'GET') !== 'GET';
      if (isWrite && next.origin !== new URL(url).origin) {
        throw new Fault('denied', `GitHub leads to ${next.host}: nothing is written there`);
      }
      await response.body?.cancel();
      url = next.href;
    }
  };
}
