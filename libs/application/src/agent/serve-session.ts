import { Fault } from '@swe/domain';
import { agentProfile } from './agent-profile';
import type { ProfileOptions, SessionMachine, ToolPorts } from './agent-profile';
import { runWorker } from './run-worker';
import type { WorkerTiming } from './run-worker';
import type { AgentPorts } from './agent-ports';
import type { SessionWorker } from './take-lease';

export interface ServeOptions extends ProfileOptions {
  openMachine(sessionId: string, generation: number): Promise<SessionMachine>;
  readonly timing: WorkerTiming;
  /** Asks the worker to end, saving and leaving what it is at. */
  readonly signal: AbortSignal;
}

/** A worker, from its start to its end. Throws `missing` for an unknown session. */
export async function serveSession(
  ports: Omit<AgentPorts, 'snapshots'> & ToolPorts,
  worker: SessionWorker,
  options: ServeOptions,
): Promise<void> {
  const session = await ports.store.load(worker.sessionId);
  if (session === undefined) throw new Fault('missing', `there is no session ${worker.sessionId}`);
  await using machine = await options.openMachine(session.id, worker.generation);
  const { snapshots, logger } = machine;
  const profile = agentProfile(ports, machine, session, options);
  await runWorker({ ...ports, snapshots, logger }, worker, profile, options.timing, options.signal);
}
