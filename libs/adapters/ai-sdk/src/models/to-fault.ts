import { Fault } from '@swe/domain';
import type { FaultKind } from '@swe/domain';
import { readVendorError } from './vendor-error';
import type { VendorError } from './vendor-error';

/**
 * By type or code, where the status would mislead or is missing (in a stream): https://platform.claude.com/docs/en/api/errors,
 * https://platform.openai.com/docs/guides/error-codes. Without quota asking again changes nothing, though it is a 429.
 */
const KINDS: Readonly<Record<string, FaultKind>> = {
  insufficient_quota: 'denied',
  billing_error: 'denied',
  authentication_error: 'denied',
  permission_error: 'denied',
  invalid_api_key: 'denied',
  rate_limit_error: 'throttled',
  rate_limit_exceeded: 'throttled',
  overloaded_error: 'throttled',
  model_not_found: 'missing',
  not_found_error: 'missing',
  // What the SDK calls a setting or a prompt that it can't send.
  AI_LoadAPIKeyError: 'denied',
  AI_InvalidArgumentError: 'invalid',
  AI_InvalidPromptError: 'invalid',
  AI_UnsupportedFunctionalityError: 'invalid',
  ERR_INVALID_URL: 'invalid',
  // What it calls an answer that makes no sense.
  AI_EmptyResponseBodyError: 'transient',
  AI_InvalidResponseDataError: 'transient',
  AI_JSONParseError: 'transient',
  AI_TypeValidationError: 'transient',
  // A time limit of the connection's own: the caller's signal is looked at before this.
  AbortError: 'transient',
  TimeoutError: 'transient',
};

const STATUSES: Readonly<Record<number, FaultKind>> = {
  401: 'denied',
  402: 'denied',
  403: 'denied',
  404: 'missing',
  407: 'denied',
  408: 'transient',
  409: 'transient',
  410: 'missing',
  425: 'transient',
  429: 'throttled',
  529: 'throttled',
};

/** The codes of Node's sockets, its resolver and its fetch. */
const NETWORK_CODE = /^(E[A-Z]{3,}|UND_ERR_[A-Z_]+)$/;

/** Any failure of a call; what nobody knows is `invalid`, so that it isn't tried again for ever. */
export function toFault(error: unknown): Fault {
  const vendor = readVendorError(error);
  const kind = kindOf(vendor);
  const retryAfterMs = retryAfterMsOf(vendor.headers);
  // A vendor that says when to come back is one that can't serve now, whatever it calls that.
  if (retryAfterMs !== undefined && (kind === 'throttled' || kind === 'transient')) {
    return new Fault('throttled', vendor.message, { cause: error, retryAfterMs });
  }
  return new Fault(kind, vendor.message, { cause: error });
}

function kindOf({ status, names }: VendorError): FaultKind {
  const named = names.find((name) => Object.hasOwn(KINDS, name));
  if (named !== undefined) return KINDS[named] ?? 'invalid';
  if (status !== undefined && status >= 300) {
    return STATUSES[status] ?? (status >= 500 ? 'transient' : 'invalid');
  }
  const isNetwork = names.some((name) => NETWORK_CODE.test(name) || name === 'AI_APICallError');
  return isNetwork ? 'transient' : 'invalid';
}

/**
 * `retry-after` is seconds or a date (https://www.rfc-editor.org/rfc/rfc9110#field.retry-after); a date is measured
 * against the server's own `date`, so no clock of ours can be wrong. `retry-after-ms` is OpenAI's finer form.
 */
function retryAfterMsOf(headers: VendorError['headers']): number | undefined {
  const fine = Number(headers['retry-after-ms'] ?? NaN);
  if (fine >= 0) return fine;
  const given = headers['retry-after'];
  if (given === undefined) return undefined;
  const seconds = Number(given);
  const waitMs = Number.isNaN(seconds)
    ? Date.parse(given) - Date.parse(headers['date'] ?? '')
    : Math.ceil(seconds * 1000);
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}
