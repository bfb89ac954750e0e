import { hasScope, requesterOfKey } from '@swe/domain';
import type { ApiKey, ApiKeys, Clock, Logger, Random } from '@swe/domain';
import {
  API_PATH,
  ApiRefusal,
  EVENTS_TYPE,
  idempotencyKey,
  lastEventId,
  openApiDocument,
  OPERATIONS,
} from '@swe/domain/api';
import type {
  Operation,
  OnceCall,
  OperationId,
  ProblemDocument,
  ProblemStatus,
  SessionApi,
} from '@swe/domain/api';
import { Hono } from 'hono';
import type { HonoRequest } from 'hono';
import { problemResponse, statusOfFailure } from '../problem-response';
import { readBody, readHeader, readPath, readQuery, UnreadableRequest } from './api-request';
import { authenticate } from './authenticate';
import { eventStream } from './event-stream';
import { TokenBuckets } from './token-buckets';
import type { Rate } from './token-buckets';

export interface ApiAppOptions {
  readonly api: SessionApi;
  readonly keys: Pick<ApiKeys, 'find'>;
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs' | 'sleep'>;
  readonly random: Pick<Random, 'id'>;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
  /** Its responses are sent as a whole: one with events waits for the next ones only, and ends. */
  readonly isBrief?: boolean;
  /** Ends the streams that are open. */
  readonly ending?: AbortSignal;
  /** Of each key. */
  readonly rate?: Rate;
}

/** A person, or a program that asks for news every second, comes nowhere near. */
const DEFAULT_RATE: Rate = { burst: 60, perSecond: 5 };

/** API Gateway gives up after 30 seconds: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const BRIEF_MS = 20_000;
/** A key that is revoked meanwhile sees no more than that; clients come back by themselves. */
const STREAM_MS = 10 * 60_000;

/** A response that is sent as a whole may be 6 MB on Lambda: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_WHOLE_BYTES = 1_000_000;

/** A call that was let in. */
interface Call {
  readonly req: HonoRequest;
  readonly key: ApiKey;
}

type Handler = (call: Call) => Promise<Response>;

/**
 * The API's routes, below `API_PATH`: one for each of `OPERATIONS`, and the document that describes them, which needs no
 * key. A call is let in by its key, then by how often that calls, then by its scope.
 */
export function apiApp(options: ApiAppOptions): Hono {
  const { keys, clock, logger, rate = DEFAULT_RATE } = options;
  const buckets = new TokenBuckets(rate, clock);
  const handlers = handlersOf(options);
  const document = JSON.stringify(openApiDocument());
  const app = new Hono().basePath(API_PATH);
  app.get('/openapi.json', () => new Response(document, { headers: { 'content-type': 'application/json' } }));
  for (const [id, { method, path, scope }] of Object.entries<Operation>(OPERATIONS)) {
    app.on(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ':$1'), async ({ req }) => {
      const key = await authenticate({ keys, clock }, req.raw.headers);
      if (key === undefined) return refused(req, 401, {}, { 'www-authenticate': 'Bearer' });
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

function handlersOf(options: ApiAppOptions): Readonly<Record<OperationId, Handler>> {
  const { api, random } = options;
  const once = ({ req, key }: Call): OnceCall => ({
    caller: callerOf(key),
    idempotencyKey: readHeader(req, 'Idempotency-Key', idempotencyKey.optional()) ?? random.id(),
  });
  const command =
    (name: 'stop' | 'end'): Handler =>
    async (call) => {
      const made = once(call);
      return answer(202, await api.command(made, readPath(call.req, 'sessionId'), name), headersOf(made));
    };
  return {
    async createSession(call) {
      const made = once(call);
      const request = await readBody(call.req, OPERATIONS.createSession.body);
      const { session } = await api.createSession(made, request);
      const location = `${API_PATH}/sessions/${session.id}`;
      return answer(201, session, { ...headersOf(made), location });
    },
    listSessions: async ({ req }) =>
      answer(200, await api.listSessions(readQuery(req, OPERATIONS.listSessions.query))),
    getSession: async ({ req }) => answer(200, await api.getSession(readPath(req, 'sessionId'))),
    async sendMessage(call) {
      const [made, sessionId] = [once(call), readPath(call.req, 'sessionId')];
      const request = await readBody(call.req, OPERATIONS.sendMessage.body);
      return answer(202, await api.sendMessage(made, sessionId, request), headersOf(made));
    },
    async listMessages({ req }) {
      const query = readQuery(req, OPERATIONS.listMessages.query);
      return answer(200, await api.listMessages(readPath(req, 'sessionId'), query));
    },
    stopSession: command('stop'),
    endSession: command('end'),
    followSession: ({ req }) => followed(options, req),
    listModels: async () => answer(200, await api.listModels()),
    async createKey({ req, key }) {
      const request = await readBody(req, OPERATIONS.createKey.body);
      return answer(201, await api.createKey(callerOf(key), request), { 'cache-control': 'no-store' });
    },
    listKeys: async () => answer(200, await api.listKeys()),
    async revokeKey({ req }) {
      await api.revokeKey(readPath(req, 'keyId'));
      return new Response(null, { status: 204 });
    },
  };
}

const callerOf = ({ id, scopes }: ApiKey): OnceCall['caller'] => ({
  keyId: id,
  requester: requesterOfKey(id),
  isAdmin: hasScope(scopes, 'admin'),
});

/** A client that named no key gets to know the one it has to repeat. */
const headersOf = ({ idempotencyKey: key }: OnceCall) => ({ 'idempotency-key': key });

function answer(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(body, { status, headers });
}

async function followed(
  { api, clock, logger, isBrief = false, ending }: ApiAppOptions,
  req: HonoRequest,
): Promise<Response> {
  const sessionId = readPath(req, 'sessionId');
  const afterSeq = Number(readHeader(req, 'Last-Event-ID', lastEventId));
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, req.raw.signal, ...(ending === undefined ? [] : [ending])]);
  const events = await api.followSession(sessionId, { afterSeq, isBrief, signal });
  if (events === undefined) return new Response(null, { status: 204 });
  void clock.sleep(isBrief ? BRIEF_MS : STREAM_MS, signal).then(() => over.abort());
  const stream = eventStream(events, {
    maxBytes: isBrief ? MAX_WHOLE_BYTES : Number.POSITIVE_INFINITY,
    onEnd: () => over.abort(),
    onFailure: (error) => logger.error('events.failed', { sessionId, reason: String(error) }),
  });
  const headers = { 'content-type': EVENTS_TYPE, 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
  return new Response(stream, { headers });
}
