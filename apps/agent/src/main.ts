import { reportBoot, reportBootFailure } from '@swe/application/agent';
import { DEFAULT_MANAGER_TIMING } from '@swe/application/worker-manager';
import { agentConfig } from '@swe/config/agent';
import { isFault } from '@swe/domain';
import { loadConfig, outputLogger, systemClock, systemRandom } from '@swe/runtime';
import { openAwsStore } from '@swe/wiring/aws-store';
import { serve } from './serve';
import { settingsOf } from './settings';

const output = outputLogger();

/** `report-boot` is for the boot script: the machine got further. Without it the session is served. */
async function main(isBootStep: boolean): Promise<void> {
  const settings = settingsOf(loadConfig(agentConfig, process.env));
  const { sessionId, generation } = settings;
  const logger = output.with({ sessionId, generation });
  const worker = { sessionId, generation, holder: `agent:${systemRandom.id()}` };
  const [clock, random] = [systemClock, systemRandom];
  const boot = { clock, store: openAwsStore({ ...settings, clock, random }).store };
  const onBootStep = () => reportBoot(boot, worker, DEFAULT_MANAGER_TIMING.bootMs);
  try {
    await onBootStep();
    if (isBootStep) return;
    const residentBytes = () => process.memoryUsage.rss();
    await serve(settings, worker, { clock, random, logger, residentBytes, onBootStep });
  } catch (error) {
    logger.error('agent.failed', { reason: String(error) });
    process.exitCode = 1;
    // What passes by itself is tried again by whoever started this.
    if (isFault(error, 'transient', 'throttled', 'conflict')) return;
    const reason = Error.isError(error) ? error.message : String(error);
    await reportBootFailure(boot, worker, reason).catch((failure: unknown) =>
      logger.error('boot-failure.unreported', { reason: String(failure) }),
    );
  }
}

try {
  await main(process.argv[2] === 'report-boot');
} catch (error) {
  output.error('agent.misconfigured', { reason: String(error) });
  process.exitCode = 1;
}
