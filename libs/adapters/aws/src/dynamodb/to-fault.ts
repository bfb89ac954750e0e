import { Fault } from '@swe/domain';
import { z } from 'zod';
import { toAwsFault } from '../aws-fault';

/**
 * Why a transaction was cancelled. `stale`: a condition did not hold, so what was read is outdated. `contended`: another
 * write was under way on one of its items; the same write may be sent again.
 */
export type Cancellation = 'stale' | 'contended' | 'throttled';

/** The same write, sent before with the same token, has not ended yet. */
const underWay = z.object({ name: z.literal('TransactionInProgressException') });

const cancelled = z.object({
  name: z.literal('TransactionCanceledException'),
  CancellationReasons: z.array(z.object({ Code: z.string().optional() })),
});

/**
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CancellationReason.html. A condition that failed
 * outweighs the rest: sending the same again cannot help. Undefined for any other error, and for a cancellation that
 * repeats itself whatever one does.
 */
export function cancellationOf(error: unknown): Cancellation | undefined {
  if (underWay.safeParse(error).success) return 'contended';
  const parsed = cancelled.safeParse(error);
  if (!parsed.success) return undefined;
  const codes = new Set(parsed.data.CancellationReasons.map(({ Code }) => Code ?? 'None'));
  codes.delete('None');
  if (codes.has('ConditionalCheckFailed')) return 'stale';
  if (codes.delete('TransactionConflict') && codes.size === 0) return 'contended';
  if (codes.size === 0) return undefined;
  return [...codes].every((code) => THROTTLED.has(code)) ? 'throttled' : undefined;
}

const THROTTLED: ReadonlySet<string> = new Set(['ProvisionedThroughputExceeded', 'ThrottlingError']);

/** Which table was asked for, and where. */
export interface Asked {
  readonly tableName: string;
  readonly region: string;
}

/** What DynamoDB calls failures: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
export function toFault(error: unknown, { tableName, region }: Asked): unknown {
  const cancellation = cancellationOf(error);
  if (cancellation !== undefined) {
    const kinds = { stale: 'conflict', contended: 'transient', throttled: 'throttled' } as const;
    const message = `a write to table ${tableName} was cancelled: ${cancellation}`;
    return new Fault(kinds[cancellation], message, { cause: error });
  }
  return toAwsFault(error, {
    ConditionalCheckFailedException: 'conflict',
    ProvisionedThroughputExceededException: 'throttled',
    ReplicatedWriteConflictException: 'transient',
    TransactionCanceledException: 'invalid',
    TransactionConflictException: 'transient',
    ItemCollectionSizeLimitExceededException: 'invalid',
    // Not `missing`: that would be taken for a session that isn't there.
    ResourceNotFoundException: {
      kind: 'invalid',
      mend: `DynamoDB has no table ${tableName} in ${region}, deploy it there, or correct SWE_TABLE_NAME or AWS_REGION`,
    },
  });
}
