import { Fault } from '@swe/domain';
import { z } from 'zod';
import { toAwsFault } from '../aws-fault';
import { onDenied } from '../aws-advice';
import type { AdviceByName } from '../aws-advice';

/** An error as AppSync words it, over HTTP and over a WebSocket. */
export const vendorError = z.object({ errorType: z.string().optional(), message: z.string().optional() });
export type VendorError = z.infer<typeof vendorError>;

/** A signature is good for five minutes: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html */
const MAX_SKEW_MS = 4 * 60_000;

const ACTIONS = 'appsync:EventConnect, appsync:EventPublish and appsync:EventSubscribe';

/** https://docs.aws.amazon.com/appsync/latest/APIReference/CommonErrors.html, and what its Events say themselves. */
const ADVICE: AdviceByName = {
  // What else makes a request bad (channel, events, body) is ours to write, and tested.
  BadRequestException: {
    kind: 'denied',
    mend: "AppSync does not take the signature, check this machine's clock (chrony), the region, and the credentials",
  },
  LimitExceededException: 'throttled',
  UnauthorizedException: (words) => onDenied(words, ACTIONS),
};

/**
 * What AppSync refused, as a fault. The message of a `BadRequestException` is left out, here and in the cause: it quotes
 * the request as it should have been signed, session token included
 * (https://github.com/aws-amplify/amplify-js/issues/14001).
 */
export function fromRefusal(errors: readonly VendorError[], httpStatusCode?: number): unknown {
  const [{ errorType = 'UnknownError', message = `AppSync answered ${httpStatusCode}` } = {}] = errors;
  const told = errorType === 'BadRequestException' ? '' : message;
  const $metadata = httpStatusCode === undefined ? {} : { httpStatusCode };
  return toFault(Object.assign(new Error(told), { name: errorType, $metadata }));
}

/** What `fetch` throws when it gets no answer: why is its cause. */
const fetchError = z.object({ name: z.literal('TypeError'), cause: z.object({ code: z.string() }) });

/** Any failure of signing, of `fetch` and of AppSync as a fault. */
export function toFault(error: unknown): unknown {
  return toAwsFault(fetchError.safeParse(error).success ? (error as Error).cause : error, ADVICE);
}

/** The fault of a clock that is wrong by AppSync's, whatever AppSync calls the failure; undefined when it is right. */
export function clockFault(date: string | null, nowMs: number): Fault | undefined {
  const skewMs = nowMs - Date.parse(date ?? '');
  if (Number.isNaN(skewMs) || Math.abs(skewMs) < MAX_SKEW_MS) return undefined;
  const way = skewMs > 0 ? 'ahead of' : 'behind';
  const seconds = Math.round(Math.abs(skewMs) / 1_000);
  return new Fault(
    'transient',
    `this machine's clock is ${seconds} s ${way} AppSync's, which takes signatures for five minutes: synchronise it (chrony)`,
  );
}
