import type { Logger } from '@swe/domain';
import { Hono } from 'hono';
import type { HonoRequest } from 'hono';
import { problemResponse, statusOfFailure } from '../problem-response';
import { ENCODINGS } from './static-files';
import type { StaticFile } from './static-files';
import { waysIn } from './ways-in';
import type { WaysInOptions } from './ways-in';

export interface ConsoleOptions extends WaysInOptions {
  readonly files: ReadonlyMap<string, StaticFile>;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
}

const INDEX = '/index.html';
const YEAR_SECONDS = 365 * 24 * 60 * 60;

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
 * The console's files, and the ways in and out of it. Paths without an extension are the page's own, and get its one
 * file.
 */
export function consoleApp({ files, logger, ...options }: ConsoleOptions): Hono {
  const app = new Hono();
  app.route('/', waysIn({ ...options, logger }));
  app.get('*', ({ req }) => {
    const isPage = !/\.\w+$/.test(req.path);
    const file = files.get(isPage ? INDEX : req.path);
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
