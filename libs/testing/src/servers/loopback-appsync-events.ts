import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { hears, toChannel, toSubscription } from './appsync-channel';
import type { SignedRequest } from './sigv4';
import { isRefused, verifySigV4 } from './verify-sigv4';
import type { SignatureRefusal, Signer } from './verify-sigv4';

export interface LoopbackAppSyncOptions {
  readonly region: string;
  readonly signers: readonly Signer[];
  readonly nowMs?: () => number;
  /** The namespace's handler: whether a caller may subscribe to a channel. Everybody may, when it is left out. */
  readonly onSubscribe?: (caller: Signer, channel: string) => boolean;
  readonly connectionTimeoutMs?: number;
}

/** AppSync Events on 127.0.0.1. What goes wrong with it is set while it runs. */
export interface LoopbackAppSyncEvents {
  readonly httpUrl: string;
  readonly realtimeUrl: string;
  /** How publishing goes: `silent` takes requests and never answers. */
  publishing: 'answers' | 'fails' | 'silent';
  /** How WebSockets go: `silent` takes connections and says nothing; `down` takes none. */
  realtime: 'answers' | 'silent' | 'down';
  /** Clients see an event as a JSON string or as an array of one. */
  dataForm: 'string' | 'array';
  /** Events that were accepted, in order. */
  readonly published: readonly { readonly channel: string; readonly events: readonly string[] }[];
  /** Access keys of accepted signatures, in order. */
  readonly accepted: readonly string[];
  /** Open WebSockets. */
  readonly connections: number;
  /** Acknowledged connections so far. */
  readonly connected: number;
  /** Frames of clients so far. */
  readonly frames: readonly { readonly type: string }[];
  /** Channels that are subscribed to now, one for each subscription. */
  readonly subscriptions: readonly string[];
  /** Sends every client a keep-alive, as AppSync does about every minute. */
  keepAlive(): void;
  /** Breaks every connection off, as a network does. */
  drop(): void;
  /** Resolves once `holds`, looked at whenever something has happened here. */
  until(holds: () => boolean): Promise<void>;
  close(): Promise<void>;
}

interface Client {
  readonly socket: WebSocket;
  readonly subscriptions: Map<string, string>;
}

const PROTOCOL = 'aws-appsync-event-ws';
const REALTIME_PATH = '/event/realtime';
const MAX_EVENTS = 5;
const KEEP_ALIVE_MS = 60_000;

const publishRequest = z.object({ channel: z.string(), events: z.array(z.string()) });
const headerBag = z.record(z.string(), z.string());
const clientFrame = z.discriminatedUnion('type', [
  z.object({ type: z.literal('connection_init') }),
  z.object({
    type: z.literal('subscribe'),
    id: z.string().regex(/^[A-Za-z0-9\-_+]{1,128}$/),
    channel: z.string(),
    authorization: headerBag,
  }),
  z.object({ type: z.literal('unsubscribe'), id: z.string() }),
]);
type ClientFrame = z.infer<typeof clientFrame>;

/**
 * AppSync Events with IAM authorisation, for publishers over HTTP and subscribers over WebSockets. Frames and answers are
 * those of https://docs.aws.amazon.com/appsync/latest/eventapi/event-api-websocket-protocol.html and
 * https://docs.aws.amazon.com/appsync/latest/eventapi/publish-http.html; what is signed for a WebSocket is
 * `POST <HTTP host>/event` with the body `{}` to connect and `{"channel":…}` to subscribe, as in
 * https://docs.aws.amazon.com/appsync/latest/eventapi/create-wscat-clone.html. Nothing is kept or replayed.
 */
export async function openLoopbackAppSyncEvents(
  options: LoopbackAppSyncOptions,
): Promise<LoopbackAppSyncEvents> {
  const { region, signers, nowMs = () => Date.now(), onSubscribe = () => true } = options;
  const { connectionTimeoutMs = 300_000 } = options;
  const published: { channel: string; events: readonly string[] }[] = [];
  const accepted: string[] = [];
  const frames: ClientFrame[] = [];
  const clients = new Set<Client>();
  const waiting = new Set<() => void>();
  let connected = 0;

  function happened(): void {
    waiting.forEach((look) => look());
  }

  function verify(headers: Readonly<Record<string, string>>, body: string): Signer | SignatureRefusal {
    const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
    const request: SignedRequest = {
      method: 'POST',
      path: '/event',
      headers: { ...Object.fromEntries(lowerCase), host },
      body,
    };
    const verdict = verifySigV4(request, { region, service: 'appsync', nowMs: nowMs(), signers });
    if (!isRefused(verdict)) accepted.push(verdict.accessKeyId);
    return verdict;
  }

  async function publish(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await Array.fromAsync(incoming)).toString();
    if (loopback.publishing === 'silent') return;
    const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const);
    const verdict = verify(Object.fromEntries(headers), body);
    if (isRefused(verdict)) return answer(response, verdict.status, errorsOf(verdict));
    const request = publishRequest.safeParse(parsed(body));
    const channel = toChannel(request.data?.channel ?? '');
    if (!request.success || channel === undefined) {
      return answer(response, 400, errorsOf(badRequest('Invalid Channel Format')));
    }
    const { events } = request.data;
    if (
      events.length === 0 ||
      events.length > MAX_EVENTS ||
      events.some((each) => parsed(each) === undefined)
    ) {
      return answer(response, 400, errorsOf(badRequest('Input must have 1 to 5 events of JSON')));
    }
    const outcomes = events.map((_, index) => ({ identifier: randomUUID(), index }));
    if (loopback.publishing === 'fails') {
      const failed = outcomes.map((outcome) => ({ ...outcome, message: 'Handler failed' }));
      return answer(response, 200, { failed, successful: [] });
    }
    published.push({ channel, events });
    events.forEach((event) => spread(channel, event));
    answer(response, 200, { failed: [], successful: outcomes });
  }

  function spread(channel: string, event: string): void {
    for (const client of clients) {
      for (const [id, subscription] of client.subscriptions) {
        if (!hears(subscription, channel)) continue;
        send(client, { type: 'data', id, event: loopback.dataForm === 'string' ? event : [event] });
      }
    }
  }

  function send({ socket }: Client, frame: object): void {
    if (loopback.realtime === 'answers') socket.send(JSON.stringify(frame));
  }

  function connect(socket: WebSocket, offered: readonly string[]): void {
    const client: Client = { socket, subscriptions: new Map() };
    clients.add(client);
    socket.on('close', () => {
      clients.delete(client);
      happened();
    });
    const verdict = verify(headersOf(offered), '{}');
    if (isRefused(verdict)) {
      send(client, { type: 'connection_error', ...errorsOf(verdict) });
      return socket.close();
    }
    socket.on('message', (data: Buffer) => {
      receive(client, clientFrame.parse(JSON.parse(data.toString())));
      happened();
    });
  }

  function receive(client: Client, frame: ClientFrame): void {
    frames.push(frame);
    if (frame.type === 'connection_init') {
      connected += 1;
      send(client, { type: 'connection_ack', connectionTimeoutMs });
    } else if (frame.type === 'unsubscribe') {
      client.subscriptions.delete(frame.id);
      send(client, { type: 'unsubscribe_success', id: frame.id });
    } else {
      const refusal = refusalOf(frame);
      if (refusal !== undefined)
        return send(client, { type: 'subscribe_error', id: frame.id, ...errorsOf(refusal) });
      client.subscriptions.set(frame.id, toSubscription(frame.channel)!);
      send(client, { type: 'subscribe_success', id: frame.id });
    }
  }

  function refusalOf({ channel, authorization }: ClientFrame & { type: 'subscribe' }) {
    const verdict = verify(authorization, JSON.stringify({ channel }));
    if (isRefused(verdict)) return verdict;
    const subscription = toSubscription(channel);
    if (subscription === undefined) return badRequest('Invalid Channel Format');
    if (onSubscribe(verdict, subscription)) return undefined;
    return {
      status: 401,
      errorType: 'UnauthorizedException',
      message: 'You are not authorized to make this call.',
    };
  }

  const server = createServer((incoming, response) => {
    if (incoming.method !== 'POST' || incoming.url !== '/event') return answer(response, 404, {});
    publish(incoming, response)
      .catch((error: unknown) => response.destroy(error as Error))
      .finally(happened);
  });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => PROTOCOL });
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    const offered = (incoming.headers['sec-websocket-protocol'] ?? '').split(/, */);
    if (loopback.realtime === 'down' || incoming.url !== REALTIME_PATH || !offered.includes(PROTOCOL)) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n\r\n');
      return happened();
    }
    sockets.handleUpgrade(incoming, socket, head, (opened) => connect(opened, offered));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  const loopback: LoopbackAppSyncEvents = {
    httpUrl: `http://${host}`,
    realtimeUrl: `ws://${host}`,
    publishing: 'answers',
    realtime: 'answers',
    dataForm: 'string',
    published,
    accepted,
    frames,
    get connections() {
      return clients.size;
    },
    get connected() {
      return connected;
    },
    get subscriptions() {
      return [...clients].flatMap(({ subscriptions }) => [...subscriptions.values()]);
    },
    keepAlive: () => clients.forEach((client) => send(client, { type: 'ka' })),
    drop: () => clients.forEach(({ socket }) => socket.terminate()),
    until: (holds) =>
      new Promise((resolve) => {
        const look = () => {
          if (!holds()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    close: async () => {
      clearInterval(beat);
      loopback.drop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const beat = setInterval(() => loopback.keepAlive(), KEEP_ALIVE_MS).unref();
  return loopback;
}

/** `header-` and the signed headers as JSON in base64url, without padding. */
function headersOf(offered: readonly string[]): Record<string, string> {
  const coded = offered.find((protocol) => protocol.startsWith('header-'))?.slice('header-'.length) ?? '';
  return headerBag.safeParse(parsed(Buffer.from(coded, 'base64url').toString())).data ?? {};
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function badRequest(message: string): SignatureRefusal {
  return { status: 400, errorType: 'BadRequestException', message };
}

function errorsOf({ errorType, message }: SignatureRefusal): { errors: readonly object[] } {
  return { errors: [{ errorType, message }] };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
