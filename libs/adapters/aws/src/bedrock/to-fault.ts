import { Fault } from '@swe/domain';
import type { FaultKind } from '@swe/domain';
import { z } from 'zod';
import { toAwsFault } from '../aws-fault';
import type { FaultKinds } from '../aws-fault';

/** Which model was asked, and where. */
export interface Asked {
  readonly modelId: string;
  readonly region: string;
}

/**
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html#API_runtime_ConverseStream_Errors
 */
const KINDS: Readonly<Record<string, FaultKind>> = {
  InternalServerException: 'transient',
  ModelErrorException: 'transient',
  ModelNotReadyException: 'transient',
  ModelStreamErrorException: 'transient',
  ModelTimeoutException: 'transient',
  ServiceQuotaExceededException: 'throttled',
  ServiceUnavailableException: 'transient',
};

/**
 * What to do about a refusal of credentials:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html
 */
const REMEDIES: Readonly<Record<string, string>> = {
  CredentialsProviderError:
    'no AWS credentials were found: sign in (aws sso login), or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
  ExpiredTokenException: 'the AWS credentials have expired: sign in again (aws sso login), or renew them',
  IncompleteSignatureException: 'the AWS credentials are not complete: check the access key and its secret',
  InvalidSignatureException:
    'the signature is not accepted: check the secret access key, and the clock of this machine (a few minutes off are enough)',
  MissingAuthenticationTokenException: 'the request came without AWS credentials: check them',
  UnrecognizedClientException:
    'AWS does not know these credentials: check the access key, and the session token that belongs to it',
};
const ALIASES: Readonly<Record<string, string>> = {
  ExpiredToken: 'ExpiredTokenException',
  InvalidClientTokenId: 'UnrecognizedClientException',
  RequestTimeTooSkewed: 'InvalidSignatureException',
  SignatureDoesNotMatch: 'InvalidSignatureException',
};

const response = z.object({ $response: z.object({ headers: z.record(z.string(), z.string()) }) });

/**
 * Any failure of a call, with the model and the region in its message, for that is what is mostly wrong. What nobody
 * knows is `invalid`, so that it isn't tried again for ever.
 */
export function toFault(error: unknown, asked: Asked): Fault {
  const message = Error.isError(error) ? error.message : String(error);
  const fault = toAwsFault(error, kindsOf(message, asked));
  if (!(fault instanceof Fault))
    return new Fault('invalid', `${message} (${placeOf(asked)})`, { cause: error });
  const where = fault.message.includes(asked.modelId)
    ? fault.message
    : `${fault.message} (${placeOf(asked)})`;
  const retryAfterMs = retryAfterMsOf(error);
  if (retryAfterMs !== undefined && (fault.kind === 'throttled' || fault.kind === 'transient')) {
    return new Fault('throttled', where, { cause: error, retryAfterMs });
  }
  return new Fault(fault.kind, where, { cause: error });
}

function kindsOf(message: string, asked: Asked): FaultKinds {
  const place = placeOf(asked);
  const denied = (remedy: string | undefined) => ({
    kind: 'denied' as const,
    message: `${remedy} (${place}; ${message})`,
  });
  const names = [...Object.keys(REMEDIES).map((name) => [name, name]), ...Object.entries(ALIASES)];
  return {
    ...KINDS,
    ...Object.fromEntries(names.map(([name, known = '']) => [name, denied(REMEDIES[known])])),
    AccessDeniedException: {
      kind: 'denied',
      message: `the account may not use ${place}: ask for access to it in the Bedrock console of that region (Model access), and allow bedrock:InvokeModelWithResponseStream (${message})`,
    },
    ResourceNotFoundException: {
      kind: 'missing',
      message: `there is no ${place}: check the id, and whether the region has it (${message})`,
    },
  };
}

function placeOf({ modelId, region }: Asked): string {
  return `model ${modelId} in ${region}`;
}

/** Seconds: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function retryAfterMsOf(error: unknown): number | undefined {
  const given = response.safeParse(error).data?.$response.headers['retry-after'];
  const seconds = Number(given ?? NaN);
  return seconds >= 0 ? Math.ceil(seconds * 1000) : undefined;
}
