import { handleStream, isStreamEvent } from '@swe/adapter-aws/dynamodb';
import type { StreamResponse } from '@swe/adapter-aws/dynamodb';
import { DEFAULT_MANAGER_TIMING, lookAtSession, sweep, sweepOrphans } from '@swe/application/worker-manager';
import { workerManagerConfig } from '@swe/config/worker-manager';
import { loadConfig, outputLogger, systemClock, systemRandom } from '@swe/runtime';
import { flushedBefore, openTracer } from '@swe/wiring/tracer';
import { openPorts } from './open-ports';

const logger = outputLogger();
const config = loadConfig(workerManagerConfig, process.env);
const tracer = await openTracer({
  endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
  service: 'worker-manager',
  environment: config.SWE_ENV,
});
const ports = openPorts(config, { clock: systemClock, random: systemRandom, logger, tracer });
const manager = { name: `manager:${systemRandom.id()}`, timing: DEFAULT_MANAGER_TIMING };

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
interface Context {
  getRemainingTimeInMillis(): number;
}

/** Of the time that is left the sweep of sessions may take so much: machines that nobody needs are to be found, too. */
const SWEEP_SHARE = 0.7;

/** A batch of the table's stream, or whatever else calls it by the minute. */
async function manage(event: unknown, context: Context): Promise<StreamResponse | undefined> {
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

/** Nobody waits for its answer. */
const FLUSH_MS = 2_000;

/** Lambda's entry. */
export const handler = flushedBefore(manage, tracer, FLUSH_MS);
