import { CreateLogStreamCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';

/** A stream of a log group. */
export interface LogPlace {
  readonly group: string;
  readonly stream: string;
}

/** A line of a log, and when it was written (Unix milliseconds). */
export interface LogLine {
  readonly atMs: number;
  readonly text: string;
}

/**
 * Opens a stream of CloudWatch's, made when it is not there, and gives what puts lines into it, in the order of their
 * times. A request takes a megabyte at most, with 26 bytes beside each line's own:
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
export async function openLogStream(
  client: Pick<CloudWatchLogsClient, 'send'>,
  { group: logGroupName, stream: logStreamName }: LogPlace,
  abortSignal: AbortSignal,
): Promise<(lines: readonly LogLine[], abortSignal: AbortSignal) => Promise<void>> {
  try {
    await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }), { abortSignal });
  } catch (error) {
    // A process before this one, on the same machine, has made it.
    if (!(Error.isError(error) && error.name === 'ResourceAlreadyExistsException')) throw error;
  }
  return async (lines, abortSignal) => {
    const logEvents = lines.map(({ atMs, text }) => ({ timestamp: atMs, message: text }));
    const command = new PutLogEventsCommand({ logGroupName, logStreamName, logEvents });
    await client.send(command, { abortSignal });
  };
}
