import { Fault } from '@swe/domain';
import type { FaultKind } from '@swe/domain';
import { z } from 'zod';

/** What a service's own error names mean; with a message where the vendor's would not say what is wrong. */
export type FaultKinds = Readonly<
  Record<string, FaultKind | { readonly kind: FaultKind; readonly message: string }>
>;

/**
 * What all services share: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html, and what
 * the SDK calls failures of its own.
 */
const COMMON: FaultKinds = {
  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  CredentialsProviderError: 'denied',
  ExpiredToken: 'denied',
  ExpiredTokenException: 'denied',
  IncompleteSignature: 'denied',
  InvalidAccessKeyId: 'denied',
  InvalidClientTokenId: 'denied',
  InvalidSignatureException: 'denied',
  MissingAuthenticationToken: 'denied',
  MissingAuthenticationTokenException: 'denied',
  OptInRequired: 'denied',
  SignatureDoesNotMatch: 'denied',
  UnrecognizedClientException: 'denied',
  RequestLimitExceeded: 'throttled',
  SlowDown: 'throttled',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  TooManyRequestsException: 'throttled',
  InternalError: 'transient',
  InternalFailure: 'transient',
  InternalServerError: 'transient',
  RequestTimeout: 'transient',
  RequestTimeoutException: 'transient',
  ServiceUnavailable: 'transient',
  TimeoutError: 'transient',
  ValidationError: 'invalid',
  ValidationException: 'invalid',
};

const vendorError = z.object({
  name: z.string(),
  message: z.string(),
  code: z.string().optional(),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional(),
});

/** The codes of Node's sockets and of its resolver. */
const NETWORK_CODE = /^E(AI_AGAIN|CONN[A-Z]+|HOST[A-Z]+|NET[A-Z]+|NOTFOUND|PIPE|TIMEDOUT)$/;

/**
 * An error of the SDK as a `Fault`, by its name, else by its status, else by the code of a broken connection. One that
 * none of these tells is given back as it is.
 */
export function toAwsFault(error: unknown, own: FaultKinds): unknown {
  if (error instanceof Fault) return error;
  const parsed = vendorError.safeParse(error);
  if (!parsed.success) return error;
  const { name, message, code, $metadata } = parsed.data;
  const known = { ...COMMON, ...own };
  const found = Object.hasOwn(known, name) ? known[name] : kindOf($metadata?.httpStatusCode, code);
  if (found === undefined) return error;
  const fault = typeof found === 'string' ? { kind: found, message: `${name}: ${message}` } : found;
  return new Fault(fault.kind, fault.message, { cause: error });
}

function kindOf(status: number | undefined, code: string | undefined): FaultKind | undefined {
  if (status !== undefined) {
    if (status === 429) return 'throttled';
    if (status === 401 || status === 403) return 'denied';
    return status >= 500 ? 'transient' : undefined;
  }
  return code !== undefined && NETWORK_CODE.test(code) ? 'transient' : undefined;
}
