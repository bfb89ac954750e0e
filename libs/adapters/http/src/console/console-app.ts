import { hasScope, requesterOfKey } from '@swe/domain';
import type { ApiKeys, Clock, Logger } from '@swe/domain';
import { Hono } from 'hono';
import type { HonoRequest } from 'hono';
import { authenticate, isForged } from '../authenticate';
import { problemResponse, statusOfFailure } from '../problem-response';
import { withinLimit } from '../within-limit';
import type { SignIn } from './sign-in';
import { ENCODINGS } from './static-files';
import type { StaticFile } from './static-files';

export interface ConsoleOptions {
  /** Asked for with the first request that needs one. */
  readonly files: () => Promise<ReadonlyMap<string, StaticFile>>;
  /** The cookie's name. Where it begins with `__Host-`, browsers send it by TLS alone. */
  readonly cookie: string;
  readonly keys: Pick<ApiKeys, 'find' | 'revoke'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
  /** Lets in whoever has a one-time token; absent where nobody gets in that way. */
  readonly signIn?: Pick<SignIn, 'redeem'>;
}

const INDEX = '/index.html';
const YEAR_SECONDS = 365 * 24 * 60 * 60;
const MAX_KEY_BYTES = 1_000;

/**
 * What a page may load and do: what this server gives, and nothing inline but styles that the page's own script sets
 * (https://www.w3.org/TR/CSP3/). `data:` images are those of the component library's style sheet.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * The console's files, and the ways in and out of it. A browser that is let in gets a key of the API in a cookie that no
 * script can read and no other site can have sent. Paths without an extension are the page's own, and get its one file.
 */
export function consoleApp({ files, cookie, keys, clock, logger, signIn }: ConsoleOptions): Hono {
  const app = new Hono();
  const secure = cookie.startsWith('__Host-') ? '; Secure' : '';
  let read: ReturnType<ConsoleOptions['files']> | undefined;
  const setCookie = (value: string, maxAgeSeconds: number): string =>
    `${cookie}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${secure}`;

  app.get('/sign-in', async ({ req }) => {
    const given = req.query('token');
    const signedIn = given === undefined ? undefined : await signIn?.redeem(given);
    if (given !== undefined && signedIn === undefined) logger.warn('sign-in.refused', {});
    const to = given !== undefined && signedIn === undefined ? '/?sign-in=used' : '/';
    const headers = new Headers({ ...HEADERS, location: to, 'cache-control': 'no-store' });
    if (signedIn) headers.set('set-cookie', setCookie(signedIn.token, signedIn.maxAgeSeconds));
    return new Response(null, { status: 303, headers });
  });

  /** With a key that somebody was given: what it may do, the page may. */
  app.post('/sign-in', async ({ req }) => {
    if (isForged(req.raw)) return problemResponse(403);
    const token = await tokenIn(req);
    const key = await authenticate({ keys, clock }, new Headers({ authorization: `Bearer ${token}` }));
    if (key === undefined) return problemResponse(401, { detail: 'That is no key that is good here.' });
    const maxAgeSeconds = Math.floor((key.expiresAtMs - clock.nowMs()) / 1_000);
    const headers = { 'set-cookie': setCookie(token, maxAgeSeconds) };
    return Response.json(
      { requester: requesterOfKey(key), isAdmin: hasScope(key.scopes, 'admin') },
      { headers },
    );
  });

  app.post('/sign-out', async ({ req }) => {
    if (isForged(req.raw)) return problemResponse(403);
    const key = await authenticate({ keys, clock }, req.raw.headers, cookie);
    // One that was made for this browser alone opens nothing any more; others have other holders.
    if (key?.actsAs !== undefined) await keys.revoke(key.id);
    return new Response(null, { status: 204, headers: { 'set-cookie': setCookie('', 0) } });
  });

  app.get('*', async ({ req }) => {
    const isPage = !/\.\w+$/.test(req.path);
    const file = (await (read ??= files())).get(isPage ? INDEX : req.path);
    return file === undefined ? problemResponse(404) : sent(req, file);
  });
  app.notFound(() => problemResponse(404));
  app.onError((error, { req }) => {
    const { status, reason } = statusOfFailure(error);
    logger.error('request.failed', { path: req.path, status, reason });
    return problemResponse(status);
  });
  return app;
}

async function tokenIn(req: HonoRequest): Promise<string> {
  const request = await withinLimit(req.raw, MAX_KEY_BYTES);
  return ((await request?.text()) ?? '').trim();
}

async function sent(req: HonoRequest, file: StaticFile): Promise<Response> {
  const { mediaType, etag, isHashed } = file;
  const headers: Record<string, string> = {
    ...HEADERS,
    'content-type': mediaType,
    'cache-control': isHashed ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache',
    etag,
    vary: 'Accept-Encoding',
  };
  if (req.header('if-none-match') === etag) return new Response(null, { status: 304, headers });
  const accepted = (req.header('accept-encoding') ?? '').split(/\s*,\s*/);
  const encoding = ENCODINGS.find((name) => accepted.includes(name));
  const packed = encoding && (await file.packed(encoding));
  const body = packed ?? file.plain;
  return new Response(Buffer.from(body), {
    headers: { ...headers, ...(packed && { 'content-encoding': encoding }) },
  });
}
