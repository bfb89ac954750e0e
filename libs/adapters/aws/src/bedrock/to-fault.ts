import { Fault } from '@swe/domain';
import type { FaultKind } from '@swe/domain';
import { z } from 'zod';
import { isPolicyRefusal, onDenied } from '../aws-advice';
import type { Advice, AdviceByName } from '../aws-advice';
import { toAwsFault } from '../aws-fault';

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

const response = z.object({ $response: z.object({ headers: z.record(z.string(), z.string()) }) });

/**
 * Any failure of a call, with the model and the region in its message, for that is what is mostly wrong. What nobody
 * knows is `invalid`, so that it isn't tried again for ever.
 */
export function toFault(error: unknown, asked: Asked): Fault {
  const message = Error.isError(error) ? error.message : String(error);
  const fault = toAwsFault(error, adviceOn(asked));
  if (!(fault instanceof Fault))
    return new Fault('invalid', `${message} (${placeOf(asked)})`, { cause: error });
  const place = placeOf(asked);
  const where = fault.message.includes(place) ? fault.message : `${fault.message} (${place})`;
  const retryAfterMs = retryAfterMsOf(error);
  if (retryAfterMs !== undefined && (fault.kind === 'throttled' || fault.kind === 'transient')) {
    return new Fault('throttled', where, { cause: fault.cause, retryAfterMs });
  }
  return new Fault(fault.kind, where, { cause: fault.cause });
}

/**
 * Bedrock has one name for a policy and for an account without access to the model, and another for a model that is not
 * there and for a form that is not filled in; a region without the model is any bad request to it. Words tell them apart.
 *
 * - `You don't have access to the model with the specified model ID`: https://github.com/aws-samples/bedrock-chat/issues/471
 * - `Model access is denied due to ... AWS Marketplace actions`: https://github.com/aws-samples/anthropic-on-aws/pull/252
 * - `Model use case details have not been submitted`: https://github.com/obot-platform/obot/issues/6747
 * - `You have not filled out the required use-case form`: https://github.com/truefoundry/models/pull/934
 * - `Operation not allowed`: https://github.com/langgenius/dify/issues/7488
 * - `The provided model identifier is invalid`: https://github.com/anomalyco/opencode/issues/16747
 * - `... with on-demand throughput isn’t supported`: https://github.com/anomalyco/opencode/issues/396
 */
const NO_FORM = /\buse[ -]case (details|form)\b/i;
const NOT_ALLOWED = /^Operation not allowed\b/;
const NO_MODEL = /\bmodel identifier is invalid\b/;
const NO_PROFILE = /\bon-demand throughput\b/;

function adviceOn(asked: Asked): AdviceByName {
  const place = placeOf(asked);
  const noAccess: Advice = {
    kind: 'denied',
    mend: `the account may not use ${place}, request access to the model in the Bedrock console of ${asked.region} (for Anthropic's, fill in the use-case form), with a role that may subscribe (aws-marketplace:Subscribe); it takes up to 15 minutes`,
  };
  const noModel: Advice = {
    kind: 'missing',
    mend: `there is no ${place}, correct SWE_MODEL, or AWS_REGION to one that has it`,
  };
  return {
    ...KINDS,
    AccessDeniedException: (words) => (isPolicyRefusal(words) ? onDenied(words) : noAccess),
    ResourceNotFoundException: (words) => (NO_FORM.test(words) ? noAccess : noModel),
    ValidationException: (words) => {
      if (NO_FORM.test(words) || NOT_ALLOWED.test(words)) return noAccess;
      if (NO_MODEL.test(words)) return noModel;
      if (!NO_PROFILE.test(words)) return 'invalid';
      const mend = `${asked.region} has ${asked.modelId} by an inference profile alone, put its prefix (us., eu., global.) before it in SWE_MODEL, or correct AWS_REGION`;
      return { kind: 'invalid', mend };
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
