/** What can be read of a failed request, of the failure itself and of what caused it. */
export interface RequestFailure {
  /** Names and codes. */
  readonly names: readonly string[];
  /** Of the sockets and the resolver (Node's `error.syscall`). */
  readonly syscalls: readonly string[];
}

/** What is done before anything can be sent. */
const CONNECTING = new Set(['connect', 'getaddrinfo']);

/** Of Node's sockets, its resolver, its TLS, and its fetch (undici). What may also end a connection is told by its syscall. */
const UNREACHED = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** Whether a request failed before there was a connection to send it on: whoever it was for sends no bill. */
export function isUnreached({ names, syscalls }: RequestFailure): boolean {
  if (syscalls.length > 0) return syscalls.every((syscall) => CONNECTING.has(syscall));
  return names.some((name) => UNREACHED.has(name));
}
