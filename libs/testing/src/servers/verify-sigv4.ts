import { timingSafeEqual } from 'node:crypto';
import { canonicalRequest, signatureOf, stringToSign } from './sigv4';
import type { SignedRequest } from './sigv4';

/** Somebody who may sign. */
export interface Signer {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** When the session token ends. */
  readonly expiresMs?: number;
  /** What follows the role's name in the ARN of an assumed role. */
  readonly roleSessionName?: string;
}

export interface SignatureRefusal {
  readonly status: number;
  readonly errorType: string;
  readonly message: string;
}

export interface SignatureRules {
  readonly region: string;
  readonly service: string;
  readonly nowMs: number;
  readonly signers: readonly Signer[];
}

const MAX_SKEW_MINUTES = 5;
const HEADER =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;

/**
 * Who signed a request, or why it is refused: Signature Version 4 as
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html puts it together, written
 * from that page alone so that it shares no mistake with a client's library. Refusals are named as in
 * https://docs.aws.amazon.com/appsync/latest/APIReference/CommonErrors.html; a signature that does not match is a
 * `BadRequestException` that quotes what should have been signed, session token included, as seen in
 * https://github.com/aws-amplify/amplify-js/issues/14001.
 */
export function verifySigV4(request: SignedRequest, rules: SignatureRules): Signer | SignatureRefusal {
  const { headers } = request;
  const authorization = headers['authorization'];
  if (authorization === undefined) {
    return refusal(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  const parts = HEADER.exec(authorization);
  const time = timeOf(headers['x-amz-date']);
  if (parts === null || time === undefined) return incomplete(`it reads ${authorization.split('=')[0]}=…`);
  const [, accessKeyId, day, region, service, signedNames, signature] = parts as unknown as string[];
  const names = signedNames!.split(';');
  const unsigned = Object.keys(headers).find((name) => isToBeSigned(name) && !names.includes(name));
  if (unsigned !== undefined) return incomplete(`${unsigned} must be signed`);
  if (names.some((name) => headers[name] === undefined)) return incomplete('a signed header is missing');

  const signer = rules.signers.find((each) => each.accessKeyId === accessKeyId);
  if (signer === undefined || signer.sessionToken !== headers['x-amz-security-token']) {
    return refusal(
      403,
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    );
  }
  if (signer.expiresMs !== undefined && signer.expiresMs <= rules.nowMs) {
    return refusal(403, 'ExpiredTokenException', 'The security token included in the request is expired');
  }
  const scope = `${day}/${rules.region}/${rules.service}/aws4_request`;
  if (region !== rules.region || service !== rules.service || day !== dayOf(headers['x-amz-date']!)) {
    return badRequest(`Credential should be scoped to ${scope}`);
  }
  const skew = skewProblem(time, rules.nowMs);
  if (skew !== undefined) return badRequest(skew);

  const canonical = canonicalRequest(request, names);
  const text = stringToSign(canonical, headers['x-amz-date']!, scope);
  const expected = signatureOf(text, signer.secretAccessKey, scope);
  if (timingSafeEqual(expected, Buffer.from(signature!, 'hex'))) return signer;
  return badRequest(
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
      'and signing method. Consult the service documentation for details.\n\n' +
      `The Canonical String for this request should have been\n'${canonical}'\n\n` +
      `The String-to-Sign should have been\n'${text}'\n`,
  );
}

export function isRefused(verdict: Signer | SignatureRefusal): verdict is SignatureRefusal {
  return 'errorType' in verdict;
}

function isToBeSigned(name: string): boolean {
  return name === 'host' || (name.startsWith('x-amz-') && name !== 'x-amz-user-agent');
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html words it. */
function skewProblem(timeMs: number, nowMs: number): string | undefined {
  const maxMs = MAX_SKEW_MINUTES * 60_000;
  const [time, now] = [timeMs, nowMs].map(basicTime);
  if (timeMs < nowMs - maxMs) {
    return `Signature expired: ${time} is now earlier than ${basicTime(nowMs - maxMs)} (${now} - ${MAX_SKEW_MINUTES} min.)`;
  }
  if (timeMs > nowMs + maxMs) {
    return `Signature not yet current: ${time} is still later than ${basicTime(nowMs + maxMs)} (${now} + ${MAX_SKEW_MINUTES} min.)`;
  }
  return undefined;
}

function timeOf(basic = ''): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(basic);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts.map(Number);
  return Date.UTC(year!, month! - 1, day, hour, minute, second);
}

function basicTime(ms: number): string {
  return new Date(ms).toISOString().replaceAll(/[-:]|\.\d+/g, '');
}

function dayOf(basic: string): string {
  return basic.slice(0, 8);
}

function refusal(status: number, errorType: string, message: string): SignatureRefusal {
  return { status, errorType, message };
}

function incomplete(why: string): SignatureRefusal {
  return refusal(
    403,
    'IncompleteSignature',
    `The request signature does not conform to AWS standards: ${why}`,
  );
}

function badRequest(message: string): SignatureRefusal {
  return refusal(400, 'BadRequestException', message);
}
