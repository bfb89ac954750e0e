import { hasScope, isFault, requesterOfKey } from '@swe/domain';
import type { ApiKeys, Clock, Logger } from '@swe/domain';
import { Hono } from 'hono';
import { authenticate, isForged } from '../authenticate';
import { problemResponse } from '../problem-response';
import { withinLimit } from '../within-limit';
import { CALLBACK_PATH } from './account-sign-in';
import type { AccountSignIn } from './account-sign-in';
import { BrowserCookie } from './browser-cookie';
import type { SignedIn } from './browser-key';
import type { SignIn } from './sign-in';

export interface WaysInOptions {
  /** The cookie's name. */
  readonly cookie: string;
  readonly keys: Pick<ApiKeys, 'find' | 'revoke'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly logger: Pick<Logger, 'warn'>;
  /** Lets in whoever has a one-time token; absent where nobody gets in that way. */
  readonly signIn?: Pick<SignIn, 'redeem'>;
  /** Lets in whoever has an account; absent where there are none. */
  readonly accounts?: Pick<AccountSignIn, 'begin' | 'finish' | 'leave'>;
}

const MAX_KEY_BYTES = 1_000;
/** Somebody who signs in for the first time reads a mail, sets a password and may set up a second factor. */
const ATTEMPT_SECONDS = 30 * 60;

type SetCookie = readonly [name: string, value: string];

/**
 * The ways into the console and out of it. A browser that is let in gets a key of the API in a cookie. Why one was not
 * let in the page is told in its address: `used`, `refused`, or `no-role`.
 */
export function waysIn({ cookie, keys, clock, logger, signIn, accounts }: WaysInOptions): Hono {
  const app = new Hono();
  const keyCookie = new BrowserCookie(cookie);
  const attemptCookie = new BrowserCookie(`${cookie}_attempt`, 'Lax');
  const enter = (request: Request, { token, maxAgeSeconds }: SignedIn): SetCookie =>
    keyCookie.set(request, token, maxAgeSeconds);
  const refuse = (
    why: 'used' | 'refused' | 'no-role',
    reason?: string,
    ...cookies: SetCookie[]
  ): Response => {
    logger.warn('sign-in.refused', { why, reason });
    return sentOn(`/?sign-in=${why}`, ...cookies);
  };

  /** By a one-time token, else to where accounts are. */
  app.get('/sign-in', async ({ req }) => {
    const given = req.query('token');
    if (given !== undefined) {
      const signedIn = await signIn?.redeem(given);
      return signedIn === undefined ? refuse('used') : sentOn('/', enter(req.raw, signedIn));
    }
    if (accounts === undefined) return sentOn('/');
    const { url, attempt } = await accounts.begin(new URL(req.url).origin);
    return sentOn(url, attemptCookie.set(req.raw, attempt, ATTEMPT_SECONDS));
  });

  app.get(CALLBACK_PATH, async ({ req }) => {
    if (accounts === undefined) return problemResponse(404);
    const isOver = attemptCookie.clear(req.raw);
    try {
      const attempt = attemptCookie.in(req.raw.headers) ?? '';
      const signedIn = await accounts.finish(new URL(req.url), attempt);
      if (signedIn === undefined) return refuse('no-role', undefined, isOver);
      return sentOn('/', enter(req.raw, signedIn), isOver);
    } catch (error) {
      if (isFault(error, 'denied')) return refuse('refused', error.message, isOver);
      throw error;
    }
  });

  /** What the page offers to who is not in. */
  app.get('/sign-in/options', () =>
    Response.json({ accounts: accounts !== undefined }, { headers: NO_STORE }),
  );

  /** With a key that somebody was given: what it may do, the page may. */
  app.post('/sign-in', async ({ req }) => {
    if (isForged(req.raw)) return problemResponse(403);
    const request = await withinLimit(req.raw, MAX_KEY_BYTES);
    const token = ((await request?.text()) ?? '').trim();
    const key = await authenticate({ keys, clock }, new Headers({ authorization: `Bearer ${token}` }));
    if (key === undefined) return problemResponse(401, { detail: 'That is no key that is good here.' });
    const maxAgeSeconds = Math.floor((key.expiresAtMs - clock.nowMs()) / 1_000);
    const body = { requester: requesterOfKey(key), isAdmin: hasScope(key.scopes, 'admin') };
    return Response.json(body, {
      headers: [keyCookie.set(req.raw, token, maxAgeSeconds)] as [string, string][],
    });
  });

  /** Gives where the browser goes next. */
  app.post('/sign-out', async ({ req }) => {
    if (isForged(req.raw)) return problemResponse(403);
    const key = await authenticate({ keys, clock }, req.raw.headers, cookie);
    const isOwn = key?.actsAs !== undefined;
    // One that was made for this browser alone opens nothing any more; others have other holders.
    if (isOwn) await keys.revoke(key.id);
    const next = isOwn && accounts !== undefined ? accounts.leave(new URL(req.url).origin) : '/';
    return Response.json({ next }, { headers: [keyCookie.clear(req.raw)] as [string, string][] });
  });
  return app;
}

const NO_STORE = { 'cache-control': 'no-store' };

function sentOn(location: string, ...cookies: readonly SetCookie[]): Response {
  const headers = new Headers({ ...NO_STORE, 'referrer-policy': 'no-referrer', location });
  for (const [name, value] of cookies) headers.append(name, value);
  return new Response(null, { status: 303, headers });
}
