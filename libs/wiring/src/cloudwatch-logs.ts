import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { openLogStream } from '@swe/adapter-aws/cloudwatch-logs';
import type { LogPlace } from '@swe/adapter-aws/cloudwatch-logs';
import { clientSettings } from './aws-client';
import type { AwsAccess } from './aws-client';
import type { SendLines } from './sent-log';

/** A log's stream of CloudWatch. In a file of its own: a package that is imported dynamically comes along whole. */
export function openCloudWatchLog(
  access: AwsAccess,
  place: LogPlace,
  signal: AbortSignal,
): Promise<SendLines> {
  return openLogStream(new CloudWatchLogsClient(clientSettings(access)), place, signal);
}
