import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { Fault } from '@swe/domain';
import { asked } from './asked';

/**
 * That nothing was given up. What counts letters is approximate, and may lag for a minute:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
 */
export async function checkDeadLetters(
  client: SQSClient,
  QueueName: string,
  signal: AbortSignal,
): Promise<string> {
  const missing = `there is no queue ${QueueName}, deploy it: npx nx run-many -t deploy`;
  const options = { abortSignal: signal };
  const { QueueUrl } = await asked(client.send(new GetQueueUrlCommand({ QueueName }), options), missing);
  const command = new GetQueueAttributesCommand({
    QueueUrl,
    AttributeNames: ['ApproximateNumberOfMessages'],
  });
  const { Attributes } = await asked(client.send(command, options), missing);
  const count = Number(Attributes?.ApproximateNumberOfMessages ?? 0);
  if (count === 0) return 'none';
  throw new Fault(
    'invalid',
    `${count} in ${QueueName}, records of the stream that were given up (the sweep finds their sessions): the worker manager's log says why; once that is mended, aws sqs purge-queue --queue-url ${QueueUrl}`,
  );
}
