import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { jsonObject } from '@swe/domain';
import { isRefusal, isSilence } from './loopback-script';
import type {
  LoopbackAnswer,
  LoopbackRefusal,
  LoopbackRequest,
  LoopbackScript,
  LoopbackTurn,
} from './loopback-script';
import { listenOnLoopback } from './listen-on-loopback';

export interface LoopbackServer {
  /** What a client is given as its base URL. */
  readonly url: string;
  /** Every request so far, also those that were refused. */
  readonly requests: readonly LoopbackRequest[];
  /** How many turns of a listed script are still to come. */
  readonly turnsLeft: number;
  /** Resolves once no request is being answered, also because its client went away. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** One server-sent event. */
export interface SentEvent {
  readonly name?: string;
  /** An object is sent as JSON. */
  readonly data: object | string;
}

/** Where an answer breaks off: the connection breaks, or stays open in silence. */
export type Break = 'cut' | 'hang';

/** What one kind of API does with a request. */
export interface LoopbackEndpoint {
  /** What the vendor would answer to a request that it refuses. */
  check(request: LoopbackRequest): LoopbackRefusal | undefined;
  /** Bytes are sent as they are. */
  events(answer: LoopbackAnswer, request: LoopbackRequest): Iterable<SentEvent | Uint8Array | Break>;
}

/** How an API is spoken to. */
export interface LoopbackApi {
  /** The path of its base URL. */
  readonly basePath: string;
  /** The content type of a streamed answer. */
  readonly streamType: string;
  endpointAt(path: string): LoopbackEndpoint | undefined;
  toError(refusal: LoopbackRefusal): {
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: object;
  };
}

/** An API of fixed paths that streams server-sent events. */
export function eventApi(
  endpoints: Readonly<Record<string, LoopbackEndpoint>>,
  toErrorBody: (refusal: LoopbackRefusal) => object,
): LoopbackApi {
  return {
    basePath: '/v1',
    streamType: 'text/event-stream; charset=utf-8',
    endpointAt: (path) => endpoints[path],
    toError: (refusal) => ({ body: toErrorBody(refusal) }),
  };
}

/** An HTTP server on 127.0.0.1 that answers for `api` by a script. */
export async function openLoopbackServer(
  script: LoopbackScript,
  { basePath, streamType, endpointAt, toError }: LoopbackApi,
): Promise<LoopbackServer> {
  const requests: LoopbackRequest[] = [];
  const answering = new Set<Promise<void>>();
  let taken = 0;

  async function nextTurn(request: LoopbackRequest): Promise<LoopbackTurn> {
    if (typeof script === 'function') return script(request);
    const turn = script[taken];
    taken += 1;
    return turn ?? { status: 500, error: { type: 'api_error', message: 'the script has run dry' } };
  }

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    requests.push(request);
    const endpoint = endpointAt(request.path);
    const refusal = endpoint === undefined ? NOT_FOUND : endpoint.check(request);
    const turn = refusal ?? (await nextTurn(request));
    if (endpoint === undefined || isRefusal(turn)) {
      const refused = isRefusal(turn) ? turn : NOT_FOUND;
      const { headers, body } = toError(refused);
      response.writeHead(refused.status, {
        'content-type': 'application/json',
        ...headers,
        ...refused.headers,
      });
      response.end(JSON.stringify(body));
      return;
    }
    if (isSilence(turn)) return;
    response.writeHead(200, { 'content-type': streamType });
    for (const event of endpoint.events(turn, request)) {
      if (event === 'hang') return;
      // Not before what was sent is on its way: the client must see it.
      if (event === 'cut') return response.socket?.destroySoon();
      response.write(event instanceof Uint8Array ? event : writtenEvent(event));
    }
    response.end();
  }

  const server = createServer((incoming, response) => {
    const closed = new Promise<void>((resolve) => response.once('close', resolve));
    answering.add(closed);
    void closed.then(() => answering.delete(closed));
    answer(incoming, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const listening = await listenOnLoopback(server);

  return {
    url: `${listening.origin}${basePath}`,
    requests,
    get turnsLeft() {
      return typeof script === 'function' ? 0 : Math.max(0, script.length - taken);
    },
    idle: async () => {
      await Promise.all(answering);
    },
    close: listening.close,
  };
}

const NOT_FOUND: LoopbackRefusal = {
  status: 404,
  error: { type: 'not_found_error', message: 'Not found' },
};

async function readRequest(incoming: IncomingMessage): Promise<LoopbackRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const);
  return {
    path: new URL(incoming.url ?? '/', 'http://127.0.0.1').pathname,
    headers: Object.fromEntries(headers),
    body: jsonObject.parse(JSON.parse(Buffer.concat(chunks).toString() || '{}')),
  };
}

/** As it goes over the wire: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function writtenEvent({ name, data }: SentEvent): string {
  const line = typeof data === 'string' ? data : JSON.stringify(data);
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${line}\n\n`;
}
