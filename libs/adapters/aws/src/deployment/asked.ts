import type { Advice } from '../aws-advice';
import { toAwsFault } from '../aws-fault';

/**
 * What a look at a part of a deployment says, its failures as faults. `missing` is what mends that the part is not there:
 *
 * - `ResourceNotFoundException`: DynamoDB, EventBridge, Lambda
 * - `QueueDoesNotExist`: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html
 * - `NotFound`: S3, which answers a HEAD without words
 */
export async function asked<T>(call: Promise<T>, missing: string): Promise<T> {
  try {
    return await call;
  } catch (error) {
    const notThere: Advice = { kind: 'missing', mend: missing };
    throw toAwsFault(error, {
      NotFound: notThere,
      ParameterNotFound: notThere,
      QueueDoesNotExist: notThere,
      ResourceNotFoundException: notThere,
    });
  }
}
