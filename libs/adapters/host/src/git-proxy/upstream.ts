import { request as requestHttp } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { request as requestHttps } from 'node:https';
import { pipeline } from 'node:stream';
import type { Readable } from 'node:stream';
import { Fault } from '@swe/domain';

/** How long a host may be silent: it says nothing while it takes a large push apart. */
const SILENCE_MS = 10 * 60_000;
const MAX_REDIRECTS = 5;

export interface UpstreamRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: OutgoingHttpHeaders;
  readonly body?: Readable | Buffer | undefined;
  readonly signal: AbortSignal;
}

/**
 * The head of a host's answer; its body is the caller's to end. Every request has a connection of its own: a push cannot
 * be sent twice, so it must not go out on one that the host is just closing.
 */
export function askUpstream({
  method,
  url,
  headers,
  body,
  signal,
}: UpstreamRequest): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, signal, agent: false });
    // What breaks after the head shows in the answer itself.
    outgoing.on('response', resolve).on('error', reject);
    outgoing.setTimeout(SILENCE_MS, () => {
      outgoing.destroy(new Fault('transient', `${url.host} was silent for ${SILENCE_MS / 60_000} minutes`));
    });
    if (body === undefined || Buffer.isBuffer(body)) outgoing.end(body);
    // An answer may come before all was sent, and then counts.
    else pipeline(body, outgoing, (error) => error && reject(error));
  });
}

/**
 * As `askUpstream`, by GET, to wherever the host has moved it. `mayFollow` says whether to go there, and with which
 * headers.
 */
export async function followUpstream(
  request: UpstreamRequest,
  mayFollow: (to: URL, from: URL) => OutgoingHttpHeaders | undefined,
): Promise<{ readonly answer: IncomingMessage; readonly url: URL }> {
  let { url, headers } = request;
  for (let left = MAX_REDIRECTS; ; left -= 1) {
    const answer = await askUpstream({ ...request, url, headers });
    const to = redirectOf(answer, url);
    if (to === undefined) return { answer, url };
    answer.destroy();
    const next = left > 0 ? mayFollow(to, url) : undefined;
    if (next === undefined) throw new Fault('missing', `${url.host} sends elsewhere, where nobody follows`);
    [url, headers] = [to, next];
  }
}

export function isRedirect(answer: IncomingMessage): boolean {
  return [301, 302, 303, 307, 308].includes(answer.statusCode ?? 0);
}

function redirectOf(answer: IncomingMessage, url: URL): URL | undefined {
  const { location } = answer.headers;
  if (!isRedirect(answer) || location === undefined) return undefined;
  return URL.parse(location, url.href) ?? undefined;
}
