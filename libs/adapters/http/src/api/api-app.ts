import { hasScope } from '@swe/domain';
import type { ApiKeys, Clock, Logger } from '@swe/domain';
import { API_PATH, ApiRefusal, openApiDocument, OPERATIONS } from '@swe/domain/api';
import type { Operation, OperationId, ProblemDocument, ProblemStatus } from '@swe/domain/api';
import { Hono } from 'hono';
import type { HonoRequest } from 'hono';
import { problemResponse, statusOfFailure } from '../problem-response';
import { handlersOf } from './api-handlers';
import type { HandlerOptions } from './api-handlers';
import { UnreadableRequest } from './api-request';
import { authenticate, isForged } from '../authenticate';
import { TokenBuckets } from './token-buckets';
import type { Rate } from './token-buckets';

export interface ApiAppOptions extends HandlerOptions {
  readonly keys: Pick<ApiKeys, 'find'>;
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs' | 'sleep'>;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
  /** In which browsers present a key; none where it is absent. */
  readonly cookie?: string;
  /** Of each key. */
  readonly rate?: Rate;
}

/** A person, or a program that asks for news every second, comes nowhere near. */
const DEFAULT_RATE: Rate = { burst: 60, perSecond: 5 };

/**
 * The API's routes, below `API_PATH`: one for each of `OPERATIONS`, and the document that describes them, which needs no
 * key. A call is let in by its key, then by how often that calls, then by its scope.
 */
export function apiApp(options: ApiAppOptions): Hono {
  const { keys, clock, logger, cookie, rate = DEFAULT_RATE } = options;
  const buckets = new TokenBuckets(rate, clock);
  const handlers = handlersOf(options);
  const document = JSON.stringify(openApiDocument());
  const app = new Hono().basePath(API_PATH);
  app.get('/openapi.json', () => new Response(document, { headers: { 'content-type': 'application/json' } }));
  for (const [id, { method, path, scope }] of Object.entries<Operation>(OPERATIONS)) {
    app.on(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ':$1'), async ({ req }) => {
      const key = await authenticate({ keys, clock }, req.raw.headers, cookie);
      if (key === undefined) return refused(req, 401, {}, { 'www-authenticate': 'Bearer' });
      if (method !== 'get' && isForged(req.raw)) {
        return refused(req, 403, { detail: 'A page of another origin may not do that.' });
      }
      const waitMs = buckets.take(key.id);
      if (waitMs > 0) return refused(req, 429, {}, { 'retry-after': String(Math.ceil(waitMs / 1_000)) });
      if (!hasScope(key.scopes, scope)) {
        return refused(req, 403, { detail: `That needs a key with the scope \`${scope}\`.` });
      }
      return handlers[id as OperationId]({ req, key });
    });
  }
  app.notFound(({ req }) => refused(req, 404));
  app.onError((error, { req }) => {
    if (error instanceof UnreadableRequest) return refused(req, error.status, error.more);
    if (error instanceof ApiRefusal) {
      const { status, message: detail, member } = error;
      const errors = member === undefined ? [] : [{ pointer: `#/${member}`, detail }];
      return refused(req, status, { detail, errors });
    }
    const { status, reason } = statusOfFailure(error);
    logger.error('request.failed', { path: req.path, status, reason });
    return problemResponse(status);
  });
  return app;

  function refused(
    { path }: HonoRequest,
    status: ProblemStatus,
    more: Pick<ProblemDocument, 'detail' | 'errors'> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Response {
    logger.warn('request.refused', { path, status, reason: more.detail });
    return problemResponse(status, more, headers);
  }
}
