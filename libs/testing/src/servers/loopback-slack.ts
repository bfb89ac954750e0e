import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@swe/domain';
import { readSlackCall } from './read-slack-call';
import type { SlackCall } from './read-slack-call';
import { deliver, SLACK_RETRIES_MS } from './slack-deliveries';
import type { SlackAttempt } from './slack-deliveries';
import { urlVerification } from './slack-events';
import { SlackFiles } from './slack-files';
import { SLACK_METHODS } from './slack-methods';
import type { SlackContext } from './slack-method';
import { SlackPeople } from './slack-people';
import type { SlackTeller } from './slack-people';
import { SlackRefusal } from './slack-refusal';
import { SlackSockets } from './slack-sockets';
import { SlackWorld } from './slack-world';
import { listenOnLoopback } from './listen-on-loopback';

export interface LoopbackSlackOptions {
  readonly clock?: Pick<Clock, 'nowMs' | 'sleep'>;
  readonly botToken?: string;
  readonly appToken?: string;
  readonly signingSecret?: string;
  /** What the app was installed with; everything there is when it is left out. */
  readonly scopes?: readonly string[];
  readonly retryAfterMs?: readonly number[];
}

export interface SlackCallSeen extends SlackCall {
  /** What it was refused with. */
  readonly error?: string;
}

/** Slack on 127.0.0.1. What goes wrong with it is set while it runs. */
export interface LoopbackSlack {
  /** What a client is given as `slackApiUrl`. */
  readonly apiUrl: string;
  readonly origin: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly world: SlackWorld;
  readonly people: SlackPeople;
  readonly sockets: SlackSockets;
  /** Every call so far, also those that were refused. */
  readonly calls: readonly SlackCallSeen[];
  /** Every scope that a call has needed so far: what an app's manifest has to ask for. */
  readonly scopesNeeded: ReadonlySet<string>;
  /** What becomes of the tokens: see https://docs.slack.dev/reference/methods/auth.test#errors */
  tokens: 'valid' | 'token_revoked' | 'account_inactive' | 'token_expired';
  /** About one message a second in a channel, as https://docs.slack.dev/apis/web-api/rate-limits says, or as many as come. */
  postingLimit: 'off' | 'one a second';
  /** Where events are sent to; over Socket Mode when it is undefined and an app is connected. */
  requestUrl: string | undefined;
  /** Asked before each call: what it is refused with, if it is; it may also let something happen first. */
  before: (call: SlackCall) => Promise<SlackRefusal | void> | SlackRefusal | void;
  /** Whether the connection breaks after the call is done, so that its answer is lost. */
  losesAnswerTo: (call: SlackCall) => boolean;
  /** Asks the app whether `requestUrl` is its own. */
  verifyUrl(challenge: string): Promise<readonly SlackAttempt[]>;
  close(): Promise<void>;
}

const systemClock: Pick<Clock, 'nowMs' | 'sleep'> = {
  nowMs: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};

/**
 * Slack's Web API, files and Socket Mode for one app in one workspace, and the events that Slack sends to it. Each method
 * refuses as its page at https://docs.slack.dev/reference/methods says.
 */
export async function openLoopbackSlack(options: LoopbackSlackOptions = {}): Promise<LoopbackSlack> {
  const { clock = systemClock, botToken = 'xoxb-loopback', appToken = 'xapp-loopback' } = options;
  const { signingSecret = '8f742231b10e8888abcd99yyyzzz85a5', retryAfterMs = SLACK_RETRIES_MS } = options;
  const world = new SlackWorld(() => clock.nowMs());
  const sockets = new SlackSockets();
  const calls: SlackCallSeen[] = [];
  const scopesNeeded = new Set<string>();
  const postedAtMs = new Map<string, number>();

  const http = createServer((incoming, response) => {
    route(incoming, response).catch((error: unknown) => response.destroy(error as Error));
  });
  http.on('upgrade', (incoming, socket, head) => sockets.upgrade(incoming, socket, head));
  const { origin, close } = await listenOnLoopback(http);
  const files = new SlackFiles(world, origin);
  const context: SlackContext = {
    world,
    files,
    baseUrl: origin,
    openSocket: () => `${origin.replace(/^http/, 'ws')}${sockets.ticket()}`,
  };

  async function route(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', origin);
    const body = Buffer.concat(await Array.fromAsync(incoming));
    if (url.pathname.startsWith('/api/')) return api(url, incoming, body, response);
    if (url.pathname.startsWith('/files-pri/')) return download(url, incoming, response);
    const key = /^\/upload\/v1\/([\w-]+)$/.exec(url.pathname)?.[1];
    if (key !== undefined) {
      const status = await files.upload(key, incoming.headers['content-type'], body);
      response.writeHead(status, { 'content-type': 'text/plain' }).end(`OK - ${body.length}`);
    } else if (url.pathname === '/login') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<title>Sign in</title>');
    } else {
      response.writeHead(404).end();
    }
  }

  async function api(
    url: URL,
    incoming: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
  ): Promise<void> {
    const { scopes } = options;
    // Where Slack's own client reads them, too.
    if (scopes !== undefined) response.setHeader('x-oauth-scopes', scopes.join(','));
    let call: SlackCall = { method: url.pathname.replace('/api/', ''), token: undefined, args: {} };
    try {
      call = readSlackCall(url, incoming.headers, body);
      const refusal = await slack.before(call);
      if (refusal instanceof SlackRefusal) throw refusal;
      const result = perform(call);
      calls.push(call);
      if (slack.losesAnswerTo(call)) return void response.destroy();
      answer(response, 200, { ok: true, ...result });
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error;
      calls.push({ ...call, error: error.code });
      refuse(response, error);
    }
  }

  function perform({ method: name, token, args }: SlackCall): object {
    const method = SLACK_METHODS[name];
    if (method === undefined) throw new SlackRefusal('unknown_method');
    authenticate(token, method.tokenType);
    const { scope } = method;
    if (scope !== undefined) demand(typeof scope === 'string' ? scope : scope(world, args), method.tokenType);
    if (method.isMessage === true) limitPosting(String(args['channel']));
    return method.run(args, context);
  }

  function authenticate(token: string | undefined, type: 'bot' | 'app' | 'any'): void {
    if (token === undefined) throw new SlackRefusal('not_authed');
    if (token !== botToken && token !== appToken) throw new SlackRefusal('invalid_auth');
    if (slack.tokens !== 'valid') throw new SlackRefusal(slack.tokens);
    if (type !== 'any' && token !== (type === 'bot' ? botToken : appToken)) {
      throw new SlackRefusal('not_allowed_token_type');
    }
  }

  function demand(needed: string, type: 'bot' | 'app' | 'any'): void {
    // An app's token has scopes of its own.
    if (type === 'app') return;
    scopesNeeded.add(needed);
    const { scopes } = options;
    if (scopes === undefined || scopes.includes(needed)) return;
    throw new SlackRefusal('missing_scope', { needed, provided: scopes.join(',') });
  }

  function limitPosting(channel: string): void {
    if (slack.postingLimit === 'off') return;
    const nowMs = clock.nowMs();
    const againMs = (postedAtMs.get(channel) ?? -Infinity) + 1_000;
    if (nowMs < againMs) {
      throw new SlackRefusal('ratelimited', { retryAfterSeconds: Math.ceil((againMs - nowMs) / 1_000) });
    }
    postedAtMs.set(channel, nowMs);
  }

  /** Whoever may not have it is sent to the login page. */
  function download(url: URL, { headers }: IncomingMessage, response: ServerResponse): void {
    const mayRead = options.scopes === undefined || options.scopes.includes('files:read');
    const isOurs = headers.authorization === `Bearer ${botToken}` && slack.tokens === 'valid';
    if (!isOurs || !mayRead) {
      response
        .writeHead(302, { location: `${origin}/login?redir=${encodeURIComponent(url.pathname)}` })
        .end();
      return;
    }
    const file = files.at(url.pathname);
    if (file?.bytes === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': file.mimetype, 'content-length': file.bytes.length });
    response.end(file.bytes);
  }

  function send(
    contentType: string,
    body: string,
    retries: readonly number[],
  ): Promise<readonly SlackAttempt[]> {
    const url = slack.requestUrl;
    if (url === undefined) return Promise.resolve([]);
    return deliver(url, contentType, body, { signingSecret, clock, retryAfterMs: retries });
  }

  /** Only events are sent again. */
  const requests: SlackTeller = {
    event: (callback) => send('application/json', JSON.stringify(callback), retryAfterMs),
    command: (form) => send(FORM, new URLSearchParams(form).toString(), []),
    click: (payload) => send(FORM, new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), []),
  };
  const teller = () => (slack.requestUrl === undefined ? sockets : requests);

  const slack: LoopbackSlack = {
    apiUrl: `${origin}/api/`,
    origin,
    botToken,
    appToken,
    signingSecret,
    world,
    people: new SlackPeople(world, () => clock.nowMs(), origin, teller),
    sockets,
    calls,
    scopesNeeded,
    tokens: 'valid',
    postingLimit: 'off',
    requestUrl: undefined,
    before: () => undefined,
    losesAnswerTo: () => false,
    verifyUrl: (challenge) => send('application/json', JSON.stringify(urlVerification(challenge)), []),
    close: () => {
      sockets.close();
      return close();
    },
  };
  return slack;
}

const FORM = 'application/x-www-form-urlencoded';

function refuse(response: ServerResponse, { code, options }: SlackRefusal): void {
  const { needed, provided, messages, retryAfterSeconds, status } = options;
  if (status !== undefined) return void response.writeHead(status).end();
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', retryAfterSeconds);
  answer(response, retryAfterSeconds === undefined ? 200 : 429, {
    ok: false,
    error: code,
    ...(needed !== undefined && { needed }),
    ...(provided !== undefined && { provided }),
    ...(messages !== undefined && { response_metadata: { messages } }),
  });
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
