import { Fault, isFault } from '@swe/domain';
import type { FaultKind } from '@swe/domain';
import { codeOf } from '../to-fault';

/** Codes of https://nodejs.org/api/errors.html, https://nodejs.org/api/dns.html and errno(3). */
const KNOWN: Readonly<Record<string, readonly [FaultKind, string]>> = {
  ENOTFOUND: ['missing', 'there is no such host'],
  ENODATA: ['missing', 'there is no such host'],
  EAI_AGAIN: ['transient', 'the name could not be looked up'],
  ECONNREFUSED: ['transient', 'the connection was refused'],
  ECONNRESET: ['transient', 'the connection broke'],
  EPIPE: ['transient', 'the connection broke'],
  ETIMEDOUT: ['transient', 'no connection came about'],
  EHOSTUNREACH: ['transient', 'the host cannot be reached'],
  ENETUNREACH: ['transient', 'the network cannot be reached'],
  EADDRNOTAVAIL: ['transient', 'the network cannot be reached'],
  ERR_STREAM_PREMATURE_CLOSE: ['transient', 'the connection broke'],
  Z_BUF_ERROR: ['transient', 'the answer ends in the middle'],
  EPROTO: ['invalid', 'the answer is not TLS'],
};
/** Families of codes: OpenSSL's and Node's for certificates, the HTTP parser's, the decompressors'. */
const FAMILIES: readonly (readonly [RegExp, FaultKind, string])[] = [
  [/CERT|^ERR_TLS_|SELF_SIGNED|UNABLE_TO_/, 'denied', 'the certificate is not to be trusted'],
  [/^ERR_SSL_/, 'invalid', 'the answer is not TLS'],
  [/^HPE_/, 'invalid', 'the answer is not HTTP'],
  [/^Z_|^ERR_BROTLI|^ERR__ERROR_FORMAT/, 'invalid', 'the answer cannot be decompressed'],
];

/** A failed request's error about `url` as a `Fault`; errors without a known code pass. */
export function toWebFault(error: unknown, url: string): unknown {
  if (isFault(error)) return error;
  const code = codeOf(error) ?? '';
  const family = FAMILIES.find(([pattern]) => pattern.test(code));
  const [kind, says] = KNOWN[code] ?? family?.slice(1) ?? [];
  return kind === undefined ? error : new Fault(kind as FaultKind, `${url}: ${says}`, { cause: error });
}

/** What a status other than 2xx and a redirect says. */
export function statusFault(status: number, retryAfter: string | undefined, url: string): Fault {
  const message = `${url}: the server answered ${status}`;
  if (status === 429) {
    const seconds = Number(retryAfter);
    return new Fault('throttled', message, seconds > 0 ? { retryAfterMs: seconds * 1000 } : {});
  }
  if (status === 404 || status === 410) return new Fault('missing', message);
  if (status === 401 || status === 403 || status === 451) return new Fault('denied', message);
  if (status === 408 || status >= 500) return new Fault('transient', message);
  return new Fault('invalid', message);
}
