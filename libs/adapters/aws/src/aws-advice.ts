import type { FaultKind } from '@swe/domain';

/** What an error of AWS means, and what mends it. */
export interface Advice {
  readonly kind: FaultKind;
  /** The likely cause and what mends it: one clause, which follows the vendor's words behind a colon. */
  readonly mend: string;
  /** The error may quote the signed request or its session token: it is not kept as cause. */
  readonly quotesRequest?: true;
}

/** A kind alone where the vendor's words say it all. */
export type Meaning = FaultKind | Advice;

/** By the vendor's name for the error. A function of its words where the vendor gives one name to different things. */
export type AdviceByName = Readonly<Record<string, Meaning | ((words: string) => Meaning)>>;

/** Mended by setting the clock, or by the SDK: it goes by the service's clock after a refusal. So it is tried again. */
const CLOCK: Advice = {
  kind: 'transient',
  mend: "this machine's clock is off by more than five minutes, synchronise it (chrony)",
};

/** Mended from outside, without a word to this program, which reads its credentials anew. So it is tried again. */
const EXPIRED: Advice = {
  kind: 'transient',
  mend: 'renew the credentials (aws sso login, or new keys); those of a role renew themselves once the machine gets them again',
  // S3 sends the token back: https://github.com/romange/helio/issues/15
  quotesRequest: true,
};

const UNKNOWN_CREDENTIALS: Advice = {
  kind: 'denied',
  mend: 'AWS does not know these credentials, check the access key, the session token that belongs to it, and whether the account may use AWS_REGION',
};

const NO_CREDENTIALS: Advice = {
  kind: 'denied',
  mend: 'give this program credentials: a role on AWS, elsewhere aws sso login, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
};

const INCOMPLETE: Advice = {
  kind: 'denied',
  mend: 'the credentials are not complete, check the access key and its secret',
  quotesRequest: true,
};

/**
 * A signature that is not accepted has one name for three reasons.
 *
 * - `Signature expired: ... is now earlier than ...`: https://github.com/aws/aws-sdk-js/issues/401
 * - `Signature not yet current: ... is still later than ...`: https://github.com/aws/aws-sdk-js/issues/2565
 * - `Credential should be scoped to a valid region, not ...`: https://github.com/aws/aws-sdk-js/issues/4002
 *
 * What else there is quotes the request: https://github.com/amzn/selling-partner-api-docs/issues/1456
 */
function onSignature(words: string): Advice {
  if (/\bSignature (expired|not yet current)\b/.test(words)) return { ...CLOCK, quotesRequest: true };
  if (/\bscoped to a valid region\b/.test(words)) {
    return { kind: 'denied', mend: 'there is no such region, correct AWS_REGION', quotesRequest: true };
  }
  return {
    kind: 'denied',
    mend: "check the secret access key, the session token, AWS_REGION, and this machine's clock",
    quotesRequest: true,
  };
}

/** `User: arn:aws:sts::1:assumed-role/<role>/<session> is not authorized to perform: <action> on resource: ...` */
const REFUSED_ACTION = /\bis not authorized to perform: ([a-z0-9-]+:\w+)/;
const REFUSED_ROLE = /:assumed-role\/([\w+=,.@-]+)\//;

/** Whether it is a policy that forbids it, and not the account's standing with a service. */
export function isPolicyRefusal(words: string): boolean {
  return REFUSED_ACTION.test(words);
}

/** Which action is to be allowed to whom, as far as the vendor says it. */
export function onDenied(words: string, otherwise = 'it'): Advice {
  const action = REFUSED_ACTION.exec(words)?.[1] ?? otherwise;
  const role = REFUSED_ROLE.exec(words)?.[1] ?? 'that this program runs with';
  return { kind: 'denied', mend: `allow ${action} in the policy of the role ${role}` };
}

/**
 * What all services share: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, what the SDK calls failures of its own, and what
 * Node calls a name that no server is known for.
 */
export const COMMON_ADVICE: AdviceByName = {
  AccessDenied: onDenied,
  AccessDeniedException: onDenied,
  CredentialsProviderError: NO_CREDENTIALS,
  ENOTFOUND: {
    kind: 'transient',
    mend: "no server has this name, see AWS_REGION, the endpoint if one is set, and this machine's name server",
  },
  ExpiredToken: EXPIRED,
  ExpiredTokenException: EXPIRED,
  IncompleteSignature: INCOMPLETE,
  IncompleteSignatureException: INCOMPLETE,
  InvalidAccessKeyId: UNKNOWN_CREDENTIALS,
  InvalidClientTokenId: UNKNOWN_CREDENTIALS,
  InvalidSignatureException: onSignature,
  MissingAuthenticationToken: NO_CREDENTIALS,
  MissingAuthenticationTokenException: NO_CREDENTIALS,
  OptInRequired: {
    kind: 'denied',
    mend: 'the account has no access to this service in this region, sign up for it or correct AWS_REGION',
  },
  // Either may be meant: https://github.com/aws/aws-sdk-go/pull/253
  RequestExpired: { kind: 'transient', mend: `${CLOCK.mend}, or the credentials have expired, renew them` },
  RequestInTheFuture: CLOCK,
  RequestTimeTooSkewed: CLOCK,
  SignatureDoesNotMatch: onSignature,
  TokenRefreshRequired: EXPIRED,
  UnrecognizedClientException: UNKNOWN_CREDENTIALS,
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
