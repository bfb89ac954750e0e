import { reportBoot, reportBootFailure } from '@swe/application/agent';
import { DEFAULT_MANAGER_TIMING } from '@swe/application/worker-manager';
import { agentConfig, bootConfig } from '@swe/config/agent';
import { isFault } from '@swe/domain';
import { keepHeapSmall, loadConfig, outputLogger, systemClock, systemRandom } from '@swe/runtime';
import { openSessionCredentials } from '@swe/wiring/aws-credentials';
import { openAwsStore } from '@swe/wiring/aws-store';
import { openLog } from './open-log';
import { serve } from './serve';
import { bootSettingsOf, settingsOf } from './settings';

keepHeapSmall();

/**
 * Without a word the session is served. For the boot script: `report-boot` says that the machine got further,
 * `report-boot-failure <cause>` that it does not come up.
 */
async function main(word: string | undefined, cause = 'Its boot script failed.'): Promise<void> {
  const bootSettings = bootSettingsOf(loadConfig(bootConfig, process.env));
  const { sessionId, generation } = bootSettings;
  const [clock, random] = [systemClock, systemRandom];
  // One for all clients, which would each take the role for themselves.
  const credentials = openSessionCredentials({ ...bootSettings, clock });
  await using log = openLog({ ...bootSettings, credentials }, clock);
  const workLogger = log.logger.with({ generation });
  const logger = workLogger.with({ sessionId });
  const worker = { sessionId, generation, holder: `agent:${systemRandom.id()}` };
  const boot = { clock, store: openAwsStore({ ...bootSettings, credentials, clock, random }).store };
  const onBootStep = () => reportBoot(boot, worker, DEFAULT_MANAGER_TIMING.bootMs);
  try {
    if (word === 'report-boot-failure') {
      logger.error('boot.failed', { reason: cause });
      return void (await reportBootFailure(boot, worker, cause));
    }
    await onBootStep();
    if (word === 'report-boot') return;
    const settings = settingsOf(loadConfig(agentConfig, process.env));
    const residentBytes = () => process.memoryUsage.rss();
    await serve(settings, worker, {
      credentials,
      clock,
      random,
      logger,
      workLogger,
      residentBytes,
      onBootStep,
    });
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
  await main(process.argv[2], process.argv[3]);
} catch (error) {
  outputLogger().error('agent.misconfigured', { reason: String(error) });
  process.exitCode = 1;
}
