import type { Clock, Logger } from '@swe/domain';
import { alsoTo, lineLogger, outputLogger } from '@swe/runtime';
import type { AwsAccess } from '@swe/wiring/aws-client';
import { SentLog } from '@swe/wiring/sent-log';

export interface LogSettings extends AwsAccess {
  readonly sessionId: string;
  readonly generation: number;
  /** The log group that keeps the log beyond the machine; without it none does. */
  readonly logGroup: string | undefined;
}

/** The daemon's log: standard output, and what keeps it beyond the machine. Closed, it has sent what it could. */
export function openLog(
  { region, credentials, logGroup: group, sessionId, generation }: LogSettings,
  clock: Clock,
): AsyncDisposable & { readonly logger: Logger } {
  const output = outputLogger();
  if (group === undefined) return { logger: output, [Symbol.asyncDispose]: async () => undefined };
  const sent = new SentLog({
    clock,
    open: async (signal) => {
      const { openCloudWatchLog } = await import('@swe/wiring/cloudwatch-logs');
      const place = { group, stream: `${sessionId}/${generation}` };
      return openCloudWatchLog({ region, credentials }, place, signal);
    },
  });
  const ended = new AbortController();
  const sending = sent.keepSending(ended.signal);
  return {
    logger: alsoTo(
      output,
      lineLogger((line) => sent.write(line)),
    ),
    async [Symbol.asyncDispose]() {
      ended.abort();
      await sending;
    },
  };
}
