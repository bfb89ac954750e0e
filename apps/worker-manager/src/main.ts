import { handleStream, isStreamEvent } from '@swe/adapter-aws/dynamodb';
import type { StreamResponse } from '@swe/adapter-aws/dynamodb';
import { DEFAULT_MANAGER_TIMING, lookAtSession, sweep, sweepOrphans } from '@swe/application/worker-manager';
import { workerManagerConfig } from '@swe/config/worker-manager';
import { loadConfig, outputLogger, systemClock, systemRandom } from '@swe/runtime';
import { openPorts } from './open-ports';

const logger = outputLogger();
const ports = openPorts(loadConfig(workerManagerConfig, process.env), {
  clock: systemClock,
  random: systemRandom,
  logger,
});
const manager = { name: `manager:${systemRandom.id()}`, timing: DEFAULT_MANAGER_TIMING };

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
interface Context {
  getRemainingTimeInMillis(): number;
}

/** Of the time that is left the sweep of sessions may take so much: machines that nobody needs are to be found, too. */
const SWEEP_SHARE = 0.7;

/** Lambda's entry: a batch of the table's stream, or whatever else calls it by the minute. */
export async function handler(event: unknown, context: Context): Promise<StreamResponse | undefined> {
  if (isStreamEvent(event)) {
    const look = async (sessionId: string): Promise<boolean> =>
      (await lookAtSession(ports, manager, sessionId)) !== 'unreachable';
    return handleStream(event, { look, logger });
  }
  try {
    await sweep(ports, manager, systemClock.nowMs() + SWEEP_SHARE * context.getRemainingTimeInMillis());
    await sweepOrphans(ports, manager);
  } catch (error) {
    // Lambda counts it, and its own line has no fields.
    logger.error('sweep.failed', { reason: String(error) });
    throw error;
  }
}
