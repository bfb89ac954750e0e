import { rgPath } from '@vscode/ripgrep';
import { InstanceMetadata, watchSpotNotice } from '@swe/adapter-aws/imds';
import { DEFAULT_WORKER_TIMING, serveSession } from '@swe/application/agent';
import type { SessionWorker } from '@swe/application/agent';
import { traceActivity } from '@swe/application/tracing';
import { Fault } from '@swe/domain';
import type { AgentObserver, Clock, Logger, Random } from '@swe/domain';
import { listenForInterrupts } from '@swe/runtime';
import type { AwsCredentials } from '@swe/wiring/aws-client';
import { openMachine } from '@swe/wiring/machine';
import { readToolServers } from '@swe/wiring/tool-servers';
import { openTracer } from '@swe/wiring/tracer';
import { activityLog } from './activity-log';
import { openPorts } from './open-ports';
import type { Settings } from './settings';

export interface Host {
  /** Of the session's role; undefined: what the AWS SDK finds. */
  readonly credentials: AwsCredentials | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** Has the session's id in each line. */
  readonly logger: Logger;
  /** For the work on the session, which names it itself. */
  readonly workLogger: Logger;
  /** The process's memory that is in RAM. */
  readonly residentBytes: () => number;
  /** The machine got further in coming up. */
  readonly onBootStep: () => Promise<unknown>;
}

const ENDED_BY_FORCE = 1;
/** A machine that has to go does not wait for a collector. */
const FLUSH_MS = 2_000;

/**
 * Serves the session until its machine is no longer wanted, or has to go: at SIGTERM, and when EC2 takes a spot instance
 * away, the turn under way is saved and left. A second signal waits for nothing but the agent's commands to be ended.
 */
export async function serve(settings: Settings, worker: SessionWorker, host: Host): Promise<void> {
  const { clock, logger, workLogger, residentBytes, onBootStep } = host;
  using interrupts = listenForInterrupts(ENDED_BY_FORCE);
  using ports = await openPorts(settings, host);
  const { observe: logActivity, keepReporting } = activityLog({ clock, logger, residentBytes });
  const { otlpEndpoint: endpoint, environment } = settings;
  const tracer = await openTracer({ endpoint, service: 'agent', environment });
  const trace = tracer === undefined ? undefined : traceActivity(tracer);
  const observe: AgentObserver = (event) => {
    logActivity(event);
    trace?.(event);
  };
  const spot = new AbortController();
  const signal = AbortSignal.any([interrupts.signal, spot.signal]);
  const ended = new AbortController();
  const untilEnd = AbortSignal.any([signal, ended.signal]);

  async function leaveOnSpotNotice(): Promise<void> {
    const { metadataEndpoint: endpoint } = settings;
    if (endpoint === undefined) return;
    const metadata = new InstanceMetadata({ fetch, endpoint });
    const notice = await watchSpotNotice({ metadata, clock, logger }, untilEnd);
    if (notice === undefined) return;
    logger.warn('spot-notice.received', { ...notice });
    spot.abort();
  }

  const beside = [keepReporting(untilEnd), leaveOnSpotNotice()];
  try {
    await serveSession({ ...ports, observe }, worker, {
      ripgrepPath: rgPath,
      plainWords: ports.plainWords,
      linksPullRequests: true,
      spending: ports.spending,
      costOf: ports.costOf,
      openMachine: async () => {
        const machine = await openMachine(
          {
            ...machineOptions(settings, logger),
            secrets: ports.secrets,
            toolServers: {
              servers: await readToolServers(settings.toolServersFile, settings.home),
              readSecret: ports.readSecret,
              clock,
            },
            git: { ...ports.git, sessionId: worker.sessionId, repoHost: ports.repoHost, logger: workLogger },
          },
          settings.sessionFolder,
          interrupts,
        );
        await onBootStep();
        // What a file of the machine's own says goes with it.
        return { ...machine, logger: workLogger };
      },
      timing: DEFAULT_WORKER_TIMING,
      signal,
    });
  } finally {
    ended.abort();
    await Promise.all(beside);
    await tracer?.flush(FLUSH_MS);
  }
}

function machineOptions(settings: Settings, logger: Logger) {
  const { home: hidden, path, language, repositories, organisation, isSandboxRequired } = settings;
  const { shellHost, toolsHost } = settings;
  const onBare = (reason: string): void => {
    if (isSandboxRequired) {
      const mend = 'Install bubblewrap and allow user namespaces, or set SWE_SANDBOX=preferred.';
      throw new Fault('invalid', `The agent's commands can't be shut in: ${reason}. ${mend}`);
    }
    logger.warn('sandbox.absent', { reason });
  };
  return { hidden, path, language, repositories, organisation, shellHost, toolsHost, onBare };
}
