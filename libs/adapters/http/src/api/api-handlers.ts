import { hasScope, isFault, requesterOfKey } from '@swe/domain';
import type { ApiKey, Clock, Logger, Random } from '@swe/domain';
import { API_PATH, ApiRefusal, EVENTS_TYPE, idempotencyKey, lastEventId, OPERATIONS } from '@swe/domain/api';
import type { ForgeApi, OnceCall, OperationId, SessionApi } from '@swe/domain/api';
import type { HonoRequest } from 'hono';
import { readBody, readHeader, readPath, readQuery } from './api-request';
import { eventStream } from './event-stream';

export interface HandlerOptions {
  readonly api: SessionApi;
  /** Repositories that the system has of its own; absent where it has none. */
  readonly forge?: ForgeApi;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly random: Pick<Random, 'id'>;
  readonly logger: Pick<Logger, 'error'>;
  /** Its responses are sent as a whole: one with events waits for the next ones only, and ends. */
  readonly isBrief?: boolean;
  /** Ends the streams that are open. */
  readonly ending?: AbortSignal;
}

/** API Gateway gives up after 30 seconds: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const BRIEF_MS = 20_000;
/** A key that is revoked meanwhile sees no more than that; clients come back by themselves. */
const STREAM_MS = 10 * 60_000;

/** A response that is sent as a whole may be 6 MB on Lambda: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_WHOLE_BYTES = 1_000_000;

/** A call that was let in. */
export interface Call {
  readonly req: HonoRequest;
  readonly key: ApiKey;
}

type Handler = (call: Call) => Promise<Response>;

/** What answers a call of each operation. */
export function handlersOf(options: HandlerOptions): Readonly<Record<OperationId, Handler>> {
  const { api, forge, random } = options;
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
      const session = await api.createSession(made, request);
      const location = `${API_PATH}/sessions/${session.id}`;
      return answer(201, session, { ...headersOf(made), location });
    },
    async listSessions({ req, key }) {
      const query = readQuery(req, OPERATIONS.listSessions.query);
      return answer(200, await api.listSessions(callerOf(key), query));
    },
    getSession: async ({ req, key }) =>
      answer(200, await api.getSession(callerOf(key), readPath(req, 'sessionId'))),
    async sendMessage(call) {
      const [made, sessionId] = [once(call), readPath(call.req, 'sessionId')];
      const request = await readBody(call.req, OPERATIONS.sendMessage.body);
      return answer(202, await api.sendMessage(made, sessionId, request), headersOf(made));
    },
    async listMessages({ req, key }) {
      const query = readQuery(req, OPERATIONS.listMessages.query);
      return answer(200, await api.listMessages(callerOf(key), readPath(req, 'sessionId'), query));
    },
    stopSession: command('stop'),
    endSession: command('end'),
    followSession: (call) => followed(options, call),
    listModels: async () => answer(200, await api.listModels()),
    listCosts: async ({ req, key }) =>
      answer(200, await api.listCosts(callerOf(key), readQuery(req, OPERATIONS.listCosts.query))),
    getSettings: async ({ key }) => answer(200, await api.getSettings(callerOf(key))),
    ...forgeHandlersOf(forge),
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

type ForgeOperation = Extract<OperationId, `${string}Forge${string}`>;

function forgeHandlersOf(forge: ForgeApi | undefined): Readonly<Record<ForgeOperation, Handler>> {
  /** What the forge lacks, or can't do, is told as what it is. */
  const asking =
    (status: 200 | 201, ask: (forge: ForgeApi, req: HonoRequest) => Promise<object>): Handler =>
    async ({ req }) => {
      if (forge === undefined) throw new ApiRefusal(404, 'There is no forge here.');
      try {
        return answer(status, await ask(forge, req));
      } catch (error) {
        if (isFault(error, 'missing')) throw new ApiRefusal(404, error.message);
        if (isFault(error, 'conflict')) throw new ApiRefusal(409, error.message);
        throw error;
      }
    };
  const pull = (req: HonoRequest) =>
    [readPath(req, 'repositoryName'), Number(readPath(req, 'pullNumber'))] as const;
  return {
    listForgeRepositories: asking(200, (of) => of.listRepositories()),
    addForgeRepository: asking(201, async (of, req) => {
      const request = await readBody(req, OPERATIONS.addForgeRepository.body);
      try {
        return await of.addRepository(request);
      } catch (error) {
        const isTheirs = isFault(error, 'missing', 'invalid', 'denied');
        throw isTheirs ? new ApiRefusal(422, error.message, 'source') : error;
      }
    }),
    addForgeSample: asking(201, (of) => of.addSample()),
    getForgeRepository: asking(200, (of, req) => of.getRepository(readPath(req, 'repositoryName'))),
    getForgePullRequest: asking(200, (of, req) => of.getPullRequest(...pull(req))),
    mergeForgePullRequest: asking(200, (of, req) => of.mergePullRequest(...pull(req))),
  };
}

const callerOf = (key: ApiKey): OnceCall['caller'] => ({
  keyId: key.id,
  requester: requesterOfKey(key),
  scopes: key.scopes,
  isAdmin: hasScope(key.scopes, 'admin'),
});

/** A client that named no key gets to know the one it has to repeat. */
const headersOf = ({ idempotencyKey: key }: OnceCall) => ({ 'idempotency-key': key });

function answer(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(body, { status, headers });
}

async function followed(
  { api, clock, logger, isBrief = false, ending }: HandlerOptions,
  { req, key }: Call,
): Promise<Response> {
  const sessionId = readPath(req, 'sessionId');
  const { detail } = readQuery(req, OPERATIONS.followSession.query);
  const afterSeq = Number(readHeader(req, 'Last-Event-ID', lastEventId));
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, req.raw.signal, ...(ending === undefined ? [] : [ending])]);
  const events = await api.followSession(callerOf(key), sessionId, { afterSeq, isBrief, detail, signal });
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
