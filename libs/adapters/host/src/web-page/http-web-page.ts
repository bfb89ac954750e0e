import { Fault } from '@swe/domain';
import type { PageText, WebPage } from '@swe/domain';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { isPublicAddress } from './public-address';
import { readBody } from './read-body';
import { requestAt } from './request-at';
import { toPageText } from './to-page-text';
import { statusFault, toWebFault } from './to-web-fault';

export interface HttpWebPageOptions {
  /** For everything together: names, redirects, body. Default 30 s. */
  readonly timeoutMs?: number;
  /** Which IP addresses may be connected to. Default: public ones. */
  readonly isAllowed?: (address: string) => boolean;
  /** All IP addresses of a host name. Default: the system's resolver. */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>;
}

const MAX_REDIRECTS = 5;
const MAX_URL_CHARACTERS = 2_048;
const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * Web pages over HTTP and HTTPS, on any port, without cookies, credentials or a proxy. A host is refused as soon as
 * one of its addresses is not allowed, and connections go to the addresses that were checked: a name that changes
 * its mind afterwards changes nothing. Failures: `invalid` (a URL, type or encoding that cannot be read), `denied`
 * (address, certificate, 401, 403), `missing` (404, 410, no such host), `throttled`, `transient` (5xx, network, out
 * of time), `cancelled`.
 */
export class HttpWebPage implements WebPage {
  readonly #timeoutMs: number;
  readonly #isAllowed: (address: string) => boolean;
  readonly #resolve: (hostname: string) => Promise<readonly string[]>;

  constructor({
    timeoutMs = 30_000,
    isAllowed = isPublicAddress,
    resolve = resolveBySystem,
  }: HttpWebPageOptions = {}) {
    this.#timeoutMs = timeoutMs;
    this.#isAllowed = isAllowed;
    this.#resolve = resolve;
  }

  async fetch(url: string, maxBytes: number, signal: AbortSignal): Promise<PageText> {
    const limit = AbortSignal.timeout(this.#timeoutMs);
    const both = AbortSignal.any([signal, limit]);
    try {
      return await this.#follow(url, maxBytes, both);
    } catch (error) {
      if (signal.aborted) throw new Fault('cancelled', `${url}: stopped`, { cause: error });
      if (limit.aborted) {
        throw new Fault('transient', `${url}: not done within ${this.#timeoutMs / 1000} s`, { cause: error });
      }
      throw toWebFault(error, url);
    }
  }

  async #follow(start: string, maxBytes: number, signal: AbortSignal): Promise<PageText> {
    let url = toUrl(start);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const addresses = await unlessAborted(this.#addressesOf(url), signal);
      const response = await requestAt(url, addresses, signal);
      try {
        const next = redirectOf(response);
        if (next === undefined) return await read(response, url, maxBytes);
        url = toUrl(next, url);
      } finally {
        response.destroy();
      }
    }
    throw new Fault('invalid', `${start}: more than ${MAX_REDIRECTS} redirects`);
  }

  async #addressesOf({ hostname }: URL): Promise<readonly string[]> {
    // The URL parser has turned every spelling of an IP address (0x7f.1, 2130706433) into the usual one.
    const literal = hostname.replace(/^\[|\]$/g, '');
    const addresses = isIP(literal) === 0 ? await this.#resolve(hostname) : [literal];
    if (addresses.length === 0) throw new Fault('missing', `${hostname}: there is no such host`);
    if (!addresses.every((address) => this.#isAllowed(address))) {
      throw new Fault('denied', `${hostname}: its address is not public`);
    }
    return addresses;
  }
}

async function resolveBySystem(hostname: string): Promise<readonly string[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => address);
}

function toUrl(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  if (url === null) throw new Fault('invalid', `${text.slice(0, 200)}: not a URL`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Fault('invalid', `${url.protocol} is not read here, only http: and https:`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new Fault('invalid', `${url.host}: no credentials in URLs`);
  }
  if (url.href.length > MAX_URL_CHARACTERS) {
    throw new Fault('invalid', `${url.host}: a URL of more than ${MAX_URL_CHARACTERS} characters`);
  }
  return url;
}

function redirectOf({ statusCode = 0, headers }: IncomingMessage): string | undefined {
  return REDIRECTS.includes(statusCode) ? headers.location : undefined;
}

async function read(response: IncomingMessage, url: URL, maxBytes: number): Promise<PageText> {
  const { statusCode = 0, headers } = response;
  if (statusCode < 200 || statusCode > 299) throw statusFault(statusCode, headers['retry-after'], url.href);
  const body = () => readBody(response, maxBytes);
  return toPageText({ url, contentType: headers['content-type'] ?? '', body, maxBytes });
}

/** A name's look-up cannot be stopped, only left behind. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const settled = new AbortController();
  const aborted = new Promise<never>((_resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true, signal: settled.signal });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    settled.abort();
  }
}
