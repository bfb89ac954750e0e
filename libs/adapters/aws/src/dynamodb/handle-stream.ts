import type { Logger } from '@swe/domain';
import { z } from 'zod';
import { fromStreamRecord, streamRecord } from './from-stream-record';

/** https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html */
export interface StreamResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export interface StreamHandlerOptions {
  /** Looks at a session; false when the same may do soon, and the record is to come again. Must not throw. */
  look(sessionId: string): Promise<boolean>;
  readonly logger: Pick<Logger, 'error'>;
}

const streamEvent = z.object({ Records: z.array(z.unknown()).min(1) });

/** Whether a Lambda's event is a batch of a DynamoDB stream. */
export function isStreamEvent(event: unknown): boolean {
  const source = z.object({ eventSource: z.literal('aws:dynamodb') });
  return z.object({ Records: z.array(source).min(1) }).safeParse(event).success;
}

/**
 * Has every session looked at that a batch speaks of, each once, and names the records to be sent again: Lambda sends
 * those from the first of them on. A record that can't be read is logged and passed over: it would never get readable,
 * and hold up its shard. The sweep finds its session.
 */
export async function handleStream(
  event: unknown,
  { look, logger }: StreamHandlerOptions,
): Promise<StreamResponse> {
  const numbers = new Map<string, string[]>();
  for (const record of streamEvent.parse(event).Records) {
    const parsed = streamRecord.safeParse(record);
    if (!parsed.success) {
      logger.error('record.unreadable', { reason: z.prettifyError(parsed.error) });
      continue;
    }
    const sessionId = fromStreamRecord(parsed.data);
    if (sessionId === undefined) continue;
    numbers.set(sessionId, [...(numbers.get(sessionId) ?? []), parsed.data.dynamodb.SequenceNumber]);
  }
  const failed = await Promise.all(
    [...numbers].map(async ([sessionId, own]) => ((await look(sessionId)) ? [] : own)),
  );
  return { batchItemFailures: failed.flat().map((itemIdentifier) => ({ itemIdentifier })) };
}
