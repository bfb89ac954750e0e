import { Fault, isFault } from '@swe/domain';
import { z } from 'zod';

const id = z.int().nonnegative().max(0xffff_ffff);
const bytes = z.int().nonnegative();
/** What failed is told to models, and kept. */
const MAX_REASON = 16 * 1024;

const failure = z.object({
  /** Absent for an error that is no `Fault`. */
  kind: z
    .enum(['transient', 'throttled', 'denied', 'missing', 'conflict', 'invalid', 'cancelled'])
    .exactOptional(),
  message: z.string().overwrite((words) => words.slice(0, MAX_REASON)),
  retryAfterMs: z.number().exactOptional(),
  scope: z.string().exactOptional(),
  cause: z.string().exactOptional(),
});

/**
 * What two ends of a connection tell each other. Both may call; the number of a call is its caller's, and each call has
 * exactly one answer or failure. `bytes` of them follow in pieces of that number.
 */
export const message = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('call'),
    id,
    method: z.string(),
    input: z.unknown(),
    bytes,
    isAborted: z.boolean(),
  }),
  /** The caller's signal aborted; the answer is still to come. */
  z.object({ type: z.literal('abort'), id }),
  z.object({ type: z.literal('answer'), id, output: z.unknown(), bytes }),
  z.object({ type: z.literal('failure'), id, failure }),
]);

export type Message = z.infer<typeof message>;
export type Failure = z.infer<typeof failure>;

export function toFailure(error: unknown): Failure {
  if (!Error.isError(error)) return { message: String(error) };
  if (!isFault(error))
    return { message: error.message, ...(error.stack !== undefined && { cause: error.stack }) };
  const { kind, message, retryAfterMs, scope, cause } = error;
  return {
    kind,
    message,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(scope !== undefined && { scope }),
    ...(cause !== undefined && { cause: String(cause) }),
  };
}

export function fromFailure({ kind, message, cause: said, ...options }: Failure): Error {
  const cause = said !== undefined && { cause: new Error(said) };
  return kind === undefined
    ? new Error(message, { ...cause })
    : new Fault(kind, message, { ...options, ...cause });
}
