import { request as requestHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';

const HEADERS = {
  'user-agent': 'remote-swe-agent',
  accept: 'text/html, text/markdown, text/*;q=0.9, application/json;q=0.9, application/xml;q=0.9',
  'accept-encoding': 'gzip, br',
};

/** The head of the answer to a GET of `url`, asked of `addresses` and no others. Its body is the caller's to end. */
export function requestAt(
  url: URL,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    request(url, { signal, agent: false, headers: HEADERS, lookup: answering(addresses) })
      .on('response', resolve)
      .on('error', reject)
      .end();
  });
}

function answering(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, options, callback) => {
    const [first] = all;
    if (options.all === true || first === undefined) callback(null, all);
    else callback(null, first.address, first.family);
  };
}
