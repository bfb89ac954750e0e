import { isFault } from '@swe/domain';
import type { Logger } from '@swe/domain';
import type { ProblemStatus } from '@swe/domain/api';
import { Hono } from 'hono';
import { problemResponse } from '../problem-response';
import { withinLimit } from '../within-limit';

/** Takes a request to one path. Its body is as it was sent: a signature is over its bytes. */
export type RequestHandler = (request: Request) => Promise<Response>;

/** What takes POST requests to a path. */
export interface PostRoute {
  readonly handle: RequestHandler;
  /** What is larger is refused with 413: above anything that its vendor sends. */
  readonly maxBodyBytes: number;
}

export interface IngressOptions {
  /** By path, below which nothing else is served. */
  readonly posts: Readonly<Record<string, PostRoute>>;
  /** What takes every request below a path, by that path, and refuses by itself. */
  readonly below?: Readonly<Record<string, (request: Request) => Response | Promise<Response>>>;
  /** What takes what nothing else does, and refuses by itself; undefined where there is nothing at all. */
  readonly rest?: (request: Request) => Response | undefined | Promise<Response | undefined>;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
}

/**
 * What serves an ingress's requests, behind whichever server: a `fetch` handler. `GET /health` says that it runs. What is
 * wrong with a request is told in its status and the log; a store that is down is a 503, so that its sender tries again.
 */
export function ingressApp({ posts, below = {}, rest, logger }: IngressOptions): Hono {
  const app = new Hono();
  app.get('/health', (context) => context.json({ status: 'ok' }));
  for (const [path, { handle, maxBodyBytes }] of Object.entries(posts)) {
    app.post(path, async ({ req }) => {
      const request = await withinLimit(req.raw, maxBodyBytes);
      return request === undefined ? problem(path, 413) : handle(request);
    });
  }
  for (const [path, handle] of Object.entries(below))
    app.all(`${path}/*`, async ({ req }) => handle(req.raw));
  if (rest !== undefined) app.all('*', async ({ req, notFound }) => (await rest(req.raw)) ?? notFound());
  app.notFound(({ req }) => problem(req.path, 404));
  app.onError((error, { req }) => {
    const { status, reason } = statusOf(error);
    if (status >= 500) logger.error('request.failed', { path: req.path, status, reason });
    return problem(req.path, status, reason);
  });

  function problem(path: string, status: ProblemStatus, reason?: string): Response {
    if (status < 500) logger.warn('request.refused', { path, status, reason });
    return problemResponse(status);
  }
  return app;
}

function statusOf(error: unknown): { readonly status: ProblemStatus; readonly reason: string } {
  const reason = Error.isError(error) ? error.message : String(error);
  if (isFault(error, 'invalid')) return { status: 400, reason };
  return { status: isFault(error) ? 503 : 500, reason };
}
