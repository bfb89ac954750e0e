import { Fault } from '@swe/domain';

/** Gives a token, another than `refused` where there is one. */
export type TokenSource = (refused?: string, signal?: AbortSignal) => Promise<string | undefined>;

/**
 * Puts a token on requests to `origin`, and on no others, wherever redirects or links lead. One that is refused is asked
 * for once more: it may have been rotated, or have ended.
 */
export function authorizedFetch(inner: typeof fetch, origin: string, token: TokenSource): typeof fetch {
  return async (input, init = {}) => {
    if (new URL(String(input)).origin !== origin) return inner(input, init);
    const signal = init.signal ?? undefined;
    const first = await token(undefined, signal);
    const response = await inner(input, withToken(init, first));
    if (response.status !== 401 || first === undefined) return response;
    const second = await token(first, signal);
    if (second === undefined || second === first) return response;
    await response.body?.cancel();
    return inner(input, withToken(init, second));
  };
}

function withToken(init: RequestInit, token: string | undefined): RequestInit {
  if (token === undefined) return init;
  const headers = new Headers(init.headers);
  // A header refuses other characters in words that quote all of it.
  if (!/^[\x21-\x7e]+$/.test(token.trim())) {
    throw new Fault('denied', 'the token for GitHub has characters that no token has: store it again');
  }
  headers.set('authorization', `Bearer ${token}`);
  return { ...init, headers };
}
