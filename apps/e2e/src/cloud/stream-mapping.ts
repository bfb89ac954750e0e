import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

const POLL_MS = 200;
/** As the stream's mapping is configured: what fails so often is given up. */
const ATTEMPTS = 3;

const listed = z.object({ Streams: z.array(z.object({ StreamArn: z.string() })) });
const described = z.object({
  StreamDescription: z.object({ Shards: z.array(z.object({ ShardId: z.string() })) }),
});
const iterator = z.object({ ShardIterator: z.string() });
const record = z.looseObject({ dynamodb: z.looseObject({ SequenceNumber: z.string() }) });
const batch = z.object({ Records: z.array(record), NextShardIterator: z.string().optional() });
const response = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

type Record = z.infer<typeof record>;

/**
 * What Lambda's event source mapping does: reads a table's stream and hands its records to a function, in order, again
 * from the first that it names as failed (https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html).
 * The stream is spoken to as https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html
 * says.
 */
export function mapStream(
  endpoint: string,
  tableName: string,
  invoke: (event: unknown) => Promise<unknown>,
): { close(): Promise<void> } {
  const closed = new AbortController();

  async function call(operation: string, body: object): Promise<unknown> {
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDBStreams_20120810.${operation}`,
        authorization: 'AWS4-HMAC-SHA256 Credential=e2e/20260101/eu-west-1/dynamodb/aws4_request',
      },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  async function hand(records: readonly Record[]): Promise<void> {
    let left = records;
    for (let attempt = 1; left.length > 0 && attempt <= ATTEMPTS; attempt += 1) {
      const given = response.safeParse(await invoke({ Records: left }).catch(() => undefined));
      const failed = given.data?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      const first = left.findIndex(
        ({ dynamodb }) => failed === undefined || failed.includes(dynamodb.SequenceNumber),
      );
      left = first === -1 ? [] : left.slice(first);
    }
  }

  async function follow(): Promise<void> {
    const { Streams } = listed.parse(await call('ListStreams', { TableName: tableName }));
    const StreamArn = Streams[0]?.StreamArn;
    const { StreamDescription } = described.parse(await call('DescribeStream', { StreamArn }));
    await Promise.all(StreamDescription.Shards.map(({ ShardId }) => followShard(StreamArn, ShardId)));
  }

  async function followShard(StreamArn: string | undefined, ShardId: string): Promise<void> {
    const start = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    let next: string | undefined = iterator.parse(await call('GetShardIterator', start)).ShardIterator;
    while (!closed.signal.aborted && next !== undefined) {
      const { Records, NextShardIterator } = batch.parse(await call('GetRecords', { ShardIterator: next }));
      await hand(Records);
      next = NextShardIterator;
      if (Records.length === 0)
        await sleep(POLL_MS, undefined, { signal: closed.signal }).catch(() => undefined);
    }
  }

  const following = follow();
  following.catch(() => undefined);
  return {
    async close() {
      closed.abort();
      await following;
    },
  };
}
