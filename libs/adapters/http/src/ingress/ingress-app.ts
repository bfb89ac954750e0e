import { isFault } from '@swe/domain';
import type { Logger } from '@swe/domain';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';

/** Takes a request to one path. Its body has not been read: a signature is over its bytes. */
export type RequestHandler = (request: Request) => Promise<Response>;

export interface IngressOptions {
  /** By path, below which nothing else is served. */
  readonly posts: Readonly<Record<string, RequestHandler>>;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
}

/** Above what any vendor sends: GitHub's webhooks are the largest, at 25 MB, of which Lambda takes 6. */
const MAX_BODY_BYTES = 6 * 1024 * 1024;

/**
 * What serves an ingress's requests, behind whichever server: a `fetch` handler. `GET /health` says that it runs. What is
 * wrong with a request is told in its status and the log; a store that is down is a 503, so that its sender tries again.
 */
export function ingressApp({ posts, logger }: IngressOptions): Hono {
  const app = new Hono();
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (context) => problem(context.req.path, 413) }));
  app.get('/health', (context) => context.json({ status: 'ok' }));
  for (const [path, handle] of Object.entries(posts)) app.post(path, ({ req }) => handle(req.raw));
  app.notFound(({ req }) => problem(req.path, 404));
  app.onError((error, { req }) => {
    const { status, reason } = statusOf(error);
    if (status >= 500) logger.error('request.failed', { path: req.path, status, reason });
    return problem(req.path, status, reason);
  });

  function problem(path: string, status: keyof typeof TITLES, reason?: string): Response {
    if (status < 500) logger.warn('request.refused', { path, status, reason });
    // https://www.rfc-editor.org/rfc/rfc9457
    const body = JSON.stringify({ type: 'about:blank', title: TITLES[status], status });
    return new Response(body, { status, headers: { 'content-type': 'application/problem+json' } });
  }
  return app;
}

const TITLES = {
  400: 'Bad Request',
  404: 'Not Found',
  413: 'Content Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

function statusOf(error: unknown): { readonly status: keyof typeof TITLES; readonly reason: string } {
  const reason = Error.isError(error) ? error.message : String(error);
  if (isFault(error, 'invalid')) return { status: 400, reason };
  return { status: isFault(error) ? 503 : 500, reason };
}
